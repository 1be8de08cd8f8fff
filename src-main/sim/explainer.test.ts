import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bronze, Cluster } from './cluster.ts';
import { Explainer, followed } from './explainer.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'trace-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Two masternodes and one payment; what was written about it all. */
function explained(follow?: (txid: string) => string): { readonly lines: readonly string[]; readonly txid: string; readonly digest: string } {
  const cluster = new Cluster({ seed: 'explained', members: bronze(2), byzantine: 0, faults: new Set(), sampleEvery: 2_000 });
  const coin = cluster.clients.takeCoin();
  if (coin === undefined) throw new RangeError('wallets have coins');
  const { txid, encoded } = cluster.clients.pay(coin);
  const file = join(directory, 'trace');
  const explainer = new Explainer(cluster, { file, follow: follow?.(txid) });
  cluster.startAll();
  cluster.run(4_000);
  cluster.host(0).submit(encoded);
  cluster.run(1_000);
  explainer.end();
  return { lines: readFileSync(file, 'utf8').trimEnd().split('\n'), txid: txid.slice(0, 8), digest: cluster.world.trace.digest() };
}

test('a trace of a transaction says who heard, voted, bound itself and knew it final, by the names of nodes', () => {
  const { lines, txid } = explained((id) => id);
  expect(lines.every((line) => line.includes(txid))).toBe(true);
  const has = (pattern: string): boolean => lines.some((line) => new RegExp(`^ +[0-9.]+ s {2}${pattern.replaceAll('TX', txid)}`).test(line));
  expect(has('n0 +transaction-pending txid TX')).toBe(true);
  expect(has('n0 +accepts TX in epoch 0')).toBe(true);
  expect(has('n0 +sends TransactionBroadcast TX to n1')).toBe(true);
  expect(has('n1 +hears TransactionBroadcast TX from n0')).toBe(true);
  expect(has('n1 +sends TransactionVotes n1 .*accept TX.* to n0')).toBe(true);
  expect(has('n1 +commits TX in epoch 0')).toBe(true);
  expect(has('n1 +transaction-final txid TX')).toBe(true);
});

test('a run is the same whoever reads its trace', () => {
  expect(explained().digest).toBe(explained((id) => id).digest);
});

test('what is followed is a height or a transaction', () => {
  const height = followed('12');
  expect(['n0 prevotes 12/0 ab', 'n0 block-decided height 12 hash ab', 'n0 hears GetBlocks from height 12, 3'].every(height)).toBe(true);
  expect(['n0 prevotes 112/0 ab', 'n0 prevotes 1/12 ab', 'n0 sends Ping to n12', 'n0 block-decided height 120 hash ab'].some(height)).toBe(false);
  const transaction = followed(`5e9e1eb8${'0'.repeat(56)}`);
  expect(transaction('n0 commits 5e9e1eb8 in epoch 0')).toBe(true);
  expect(transaction('n0 commits 5e9e1eb9 in epoch 0')).toBe(false);
  for (const wrong of ['', 'abc', 'n0', 'XYZ12345']) expect(() => followed(wrong)).toThrow(RangeError);
});
