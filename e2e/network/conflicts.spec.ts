import { expect } from '@playwright/test';
import { formatTime } from '../../src-shared/domain/amount.ts';
import { agreement, blockMs, expectExactSupply, isFinal, slotMs, type TransactionInfo, units } from './chain.ts';
import { test } from './fixture.ts';
import type { TestNode } from './node.ts';
import { until } from './processes.ts';

const coinCount = 100;
/** Pairs that are submitted in one instant. */
const batchSize = 20;
const coinUnits = units('9');
const feeUnits = units('0.02');

interface Coin {
  readonly txid: string;
  readonly vout: number;
  readonly address: string;
}
/** Two signed payments of one coin, and the two nodes that each is given to. */
interface Conflict {
  readonly hexes: readonly [string, string];
  readonly to: readonly [TestNode, TestNode];
}
interface Submitted {
  readonly txids: readonly [string, string];
  /** The highest block of any node just before. */
  readonly height: number;
}

test('of two payments of one coin, given to two nodes in one instant, at most one is ever final anywhere', async ({ devnet }) => {
  test.setTimeout(120_000);
  const { nodes } = devnet;
  const conflicts = await prepare(nodes);

  const submitted: Submitted[] = [];
  const finals = new Map<string, Set<string>>(); // of each coin, by its first txid, what any node has called final
  const observe = (): Promise<void> => observeFinals(nodes, submitted, finals);
  for (let at = 0; at < conflicts.length; at += batchSize) {
    const height = await highest(nodes);
    const batch = await Promise.all(conflicts.slice(at, at + batchSize).map((conflict) => submitBoth(conflict)));
    submitted.push(...batch.map((txids) => ({ txids, height })));
    await observe();
  }
  expect(submitted).toHaveLength(coinCount);

  const second = Math.max(...submitted.map(({ height }) => height)) + 2;
  await until(`block ${second} everywhere`, 3 * slotMs + blockMs, async () => {
    await observe();
    const infos = await Promise.all(nodes.map((node) => node.call('getblockchaininfo')));
    return infos.every(({ blocks }) => blocks >= second);
  });
  await observe();
  for (const { txids, height } of submitted) {
    const states = await Promise.all(
      nodes.map((node) =>
        node.batch(
          'gettransaction',
          txids.map((txid) => ({ txid })),
        ),
      ),
    );
    expectSettled(txids, states, height);
  }
  await agreement(nodes, second, blockMs);
  await expectExactSupply(nodes, blockMs);
  for (const { size } of await Promise.all(nodes.map((node) => node.call('getmempoolinfo')))) expect(size).toBe(0);
});

/** Exactly one of the two is in a block, the same one everywhere, by the second block after; the other is nowhere called valid. */
function expectSettled(txids: readonly [string, string], states: readonly (readonly (TransactionInfo | undefined)[])[], height: number): void {
  const winner = states[0]!.findIndex((info) => info?.state === 'confirmed');
  expect(winner, `one of ${txids.join(' and ')} is in a block`).not.toBe(-1);
  const block = states[0]![winner]!.blockheight!;
  expect(block, 'the second block at the latest').toBeLessThanOrEqual(height + 2);
  for (const infos of states) {
    expect(infos[winner]).toMatchObject({ state: 'confirmed', blockheight: block });
    expect(['rejected', 'dropped', undefined]).toContain(infos[1 - winner]?.state);
  }
}

/** A hundred coins of one wallet, and for each two payments that spend it. */
async function prepare(nodes: readonly TestNode[]): Promise<Conflict[]> {
  const [owner] = nodes as [TestNode, ...TestNode[]];
  const coins = await split(owner);
  const payees = await Promise.all(nodes.map((node) => node.call('getnewaddress')));
  return Promise.all(
    coins.map(async (coin, index): Promise<Conflict> => {
      const pay = (payee: number): Promise<string> => signed(owner, [coin], [{ address: payees[payee]!, amount: formatTime(coinUnits - feeUnits) }]);
      const [first, second] = [index % nodes.length, (index + 1 + (index % 3)) % nodes.length];
      return { hexes: [await pay(1), await pay(2)], to: [nodes[first]!, nodes[second]!] };
    }),
  );
}

async function split(owner: TestNode): Promise<Coin[]> {
  const [coin] = (await owner.call('listunspent')).filter(({ spendable, coinbase }) => spendable && !coinbase);
  const { address } = coin!;
  const outputs = Array.from({ length: coinCount }, () => ({ address, amount: formatTime(coinUnits) }));
  const change = units(coin!.amount) - coinUnits * BigInt(coinCount) - units('0.1');
  const hex = await signed(owner, [coin!], [...outputs, { address, amount: formatTime(change) }]);
  const txid = await owner.call('sendrawtransaction', { hexstring: hex });
  // Children are accepted once their parent is final.
  await until('the coins are there', 5_000, async () => isFinal(await owner.call('gettransaction', { txid })));
  return outputs.map((_, vout) => ({ txid, vout, address }));
}

async function signed(
  owner: TestNode,
  inputs: readonly { readonly txid: string; readonly vout: number }[],
  outputs: readonly { address: string; amount: string }[],
): Promise<string> {
  const hexstring = await owner.call('createrawtransaction', { inputs: inputs.map(({ txid, vout }) => ({ txid, vout })), outputs: [...outputs] });
  const { hex, complete } = await owner.call('signrawtransactionwithwallet', { hexstring });
  expect(complete).toBe(true);
  return hex;
}

/** A node that already has the other one may refuse it: then it is as good as lost, and its id is known all the same. */
async function submitBoth({ hexes, to }: Conflict): Promise<[string, string]> {
  await Promise.allSettled(hexes.map((hexstring, index) => to[index]!.call('sendrawtransaction', { hexstring })));
  const decoded = await Promise.all(hexes.map((hexstring) => to[0].call('decoderawtransaction', { hexstring })));
  return [decoded[0]!.txid, decoded[1]!.txid];
}

async function observeFinals(nodes: readonly TestNode[], submitted: readonly Submitted[], finals: Map<string, Set<string>>): Promise<void> {
  const txids = submitted.flatMap((one) => one.txids);
  const states = await Promise.all(
    nodes.map((node) =>
      node.batch(
        'gettransaction',
        txids.map((txid) => ({ txid })),
      ),
    ),
  );
  for (const [index, { txids: pair }] of submitted.entries()) {
    const known = finals.get(pair[0]) ?? new Set<string>();
    finals.set(pair[0], known);
    for (const ofNode of states) {
      for (const [side, txid] of pair.entries()) if (isFinal(ofNode[index * 2 + side])) known.add(txid);
    }
    expect(known.size, `both payments of one coin were final: ${pair.join(' and ')}`).toBeLessThanOrEqual(1);
  }
}

const highest = async (nodes: readonly TestNode[]): Promise<number> =>
  Math.max(...(await Promise.all(nodes.map(async (node) => (await node.call('getblockchaininfo')).blocks))));
