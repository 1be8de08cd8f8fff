import { expect, test } from 'vitest';
import { type Hash, outpointKey } from '../../../src-shared/domain/ids.ts';
import { blockHashNumber, CoinTable, hashNumber, lockNumber, nodeNumber, txidNumber } from '../ledger/ledger-fixtures.ts';
import type { ApplyBlock } from '../store-operation.ts';
import { StepChain } from './step-chain.ts';

const old = { txid: txidNumber(1), vout: 0 };
const made = { txid: txidNumber(2), vout: 3 };
const coin = { amount: 7n, lock: lockNumber(1), height: 4, coinbase: false };
const block: ApplyBlock = {
  kind: 'apply-block',
  height: 4,
  hash: blockHashNumber(4),
  time: 0,
  round: 0,
  proposer: nodeNumber(1),
  encoded: Uint8Array.of(4),
  certificate: undefined,
  undo: new Uint8Array(),
  registryBefore: undefined,
  added: [{ outpoint: made, coin }],
  removed: [{ outpoint: old, coin }],
  setHashState: new Uint8Array(),
  registry: new Uint8Array(),
  epoch: 0,
  closesEpoch: false,
  utxoSetHash: hashNumber(1) as Hash,
  transactions: [{ txid: made.txid, locks: [] }],
  decidedAtMs: 0,
  clearsConsensusThrough: 4,
};

function chainWithOldCoin(): StepChain {
  const table = new CoinTable();
  table.put(old, coin);
  return new StepChain({
    coin: (key) => table.coin(key),
    block: () => undefined,
    undo: () => undefined,
    revertedAfter: () => [],
    transactionHeight: () => undefined,
  });
}

test('the rest of a step sees the block that it decided', () => {
  const chain = chainWithOldCoin();
  expect(chain.coin(outpointKey(old))).toEqual(coin);
  chain.add(block);
  expect(chain.coin(outpointKey(old))).toBeUndefined();
  expect(chain.coin(outpointKey(made))).toEqual(coin);
  expect(chain.block(4)).toEqual({ hash: block.hash, encoded: block.encoded, certificate: undefined });
  expect(chain.transactionHeight(made.txid)).toBe(4);
});

test('two blocks of one step, the later over the earlier', () => {
  const chain = chainWithOldCoin();
  chain.add(block);
  expect(chain.coin(outpointKey(made))).toEqual(coin);
  chain.add({ ...block, height: 5, hash: blockHashNumber(5), added: [], removed: [{ outpoint: made, coin }], transactions: [] });
  expect(chain.coin(outpointKey(made))).toBeUndefined();
  expect(chain.block(4)?.hash).toBe(block.hash);
  expect(chain.block(5)?.hash).toBe(blockHashNumber(5));
});

test('after the step the store answers for itself', () => {
  const chain = chainWithOldCoin();
  chain.add(block);
  chain.endStep();
  expect(chain.coin(outpointKey(old))).toEqual(coin);
  expect(chain.block(4)).toBeUndefined();
});
