import { expect } from '@playwright/test';
import { decodeBlock } from '../../src-main/core/codec/block.ts';
import { unitsPerTime } from '../../src-shared/domain/amount.ts';
import { type OutpointKey, outpointKey, type Txid } from '../../src-shared/domain/ids.ts';
import { slotMs } from './chain.ts';
import type { TestNode } from './node.ts';

const rewardUnits = 100n * unitsPerTime;

/** What follows from all blocks of a chain by the simplest of models: coins that are made and spent. */
export interface WholeLedger {
  readonly totalUnits: bigint;
  readonly coins: number;
  /** Of everything but coinbases, and in how many blocks it is: one, of whatever is valid. */
  readonly blocksOf: ReadonlyMap<Txid, number>;
}

/** Reads every block of the node. Fails where one spends what is not there, or makes other than the reward of its slot, or nothing where nobody is eligible. */
export async function wholeLedger(node: TestNode, height: number): Promise<WholeLedger> {
  const coins = new Map<OutpointKey, bigint>();
  const blocksOf = new Map<Txid, number>();
  const hashes = await node.batch(
    'getblockhash',
    Array.from({ length: height + 1 }, (_, at) => ({ height: at })),
  );
  let totalUnits = 0n;
  let genesisTime = 0;
  let slot = 0;
  for (const [at, blockhash] of hashes.entries()) {
    const { header, transactions } = decodeBlock(Buffer.from((await node.call('getblock', { blockhash: blockhash!, verbosity: 0 })) as string, 'hex'));
    if (at === 0) genesisTime = header.time;
    const before = totalUnits;
    for (const { txid, transaction } of transactions) {
      for (const input of transaction.inputs) {
        const amount = coins.get(outpointKey(input));
        if (amount === undefined) throw new Error(`block ${at} spends ${outpointKey(input)}, which is not there`);
        coins.delete(outpointKey(input));
        totalUnits -= amount;
      }
      for (const [vout, { amount }] of transaction.outputs.entries()) {
        coins.set(outpointKey({ txid, vout }), amount);
        totalUnits += amount;
      }
      if (transaction.kind !== 'coinbase') blocksOf.set(txid, (blocksOf.get(txid) ?? 0) + 1);
    }
    if (at === 0) continue;
    const its = Math.floor((header.time - genesisTime) / slotMs);
    const issued = totalUnits - before;
    expect(its > slot ? [0n, rewardUnits] : [0n], `issued by block ${at}`).toContain(issued);
    slot = its;
  }
  return { totalUnits, coins: coins.size, blocksOf };
}
