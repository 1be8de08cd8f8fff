import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { networkGenesis } from './network-genesis.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'genesis-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));
function fileOf(content: string): string {
  const path = join(directory, 'genesis.json');
  writeFileSync(path, content);
  return path;
}

it('the built-in ones are those that are pinned', () => {
  expect(networkGenesis('mainnet', undefined)).toMatchObject({ network: 'mainnet', coins: [] });
  // Protocol section 12.
  const testnet = networkGenesis('testnet', undefined);
  expect(new Date(testnet.time).toISOString()).toBe('2024-12-17T01:00:00.000Z');
  expect(testnet.coins.map(({ coin }) => coin.amount)).toEqual([11_653_781_624n]);
});

describe('what is refused, with words', () => {
  const good = { network: 'devnet', time: 5, masternodes: [], allocations: [] };
  it('a local network without a file', () => {
    expect(() => networkGenesis('devnet', undefined)).toThrow('genesis_file');
  });
  it.each([
    ['no JSON', '{', 'not-json'],
    ['a field that is not known', JSON.stringify({ ...good, extra: 1 }), 'extra'],
    ['another network’s file', JSON.stringify({ ...good, network: 'testnet' }), 'is a genesis of testnet'],
  ])('%s', (_, content, message) => {
    expect(() => networkGenesis('devnet', fileOf(content))).toThrow(message);
  });
  it('a file that is not there', () => {
    expect(() => networkGenesis('devnet', join(directory, 'none'))).toThrow('cannot be read');
  });
});
