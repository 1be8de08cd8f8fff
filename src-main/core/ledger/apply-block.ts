import { type Lock, type OutpointKey, outpointKey, type Txid } from '../../../src-shared/domain/ids.ts';
import type { HashedBlock } from '../codec/block.ts';
import type { Coin } from '../codec/coin.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import { decodeUndo, encodeUndo } from '../codec/undo.ts';
import { InvariantError } from '../invariant.ts';
import type { Params } from '../params.ts';
import type { CoinSource } from '../ports.ts';
import { accept, type Checked, type Rejection, reject } from '../rejection.ts';
import type { Member, Snapshot } from '../snapshot.ts';
import { isSlotBlock } from './check-block.ts';
import { checkInputs } from './check-inputs.ts';
import { type CoinChanges, CoinView } from './coin-view.ts';
import { coinbaseOutputs, makeCoinbase } from './reward.ts';

export interface ApplyContext {
  /** As they are after the parent. Not written. */
  readonly coins: CoinSource;
  readonly snapshot: Snapshot;
  eligible(member: Member): boolean;
  readonly params: Pick<Params, 'blockIntervalMs' | 'coinbaseMaturity'>;
  readonly genesisTime: number;
  readonly parentTime: number;
  isCollateral(key: OutpointKey): boolean;
}
export interface AppliedBlock {
  readonly changes: CoinChanges;
  /** Of each transaction in block order, the coin of each input; of the coinbase none. */
  readonly spentCoins: readonly (readonly Coin[])[];
  /** Units, of all transactions. */
  readonly fees: bigint;
  /** In block order, with every lock an input or output touches, each once: the index of history by address. */
  readonly transactions: readonly { readonly txid: Txid; readonly locks: readonly Lock[] }[];
}

/**
 * The contextual rules for a block that `checkBlock` has passed, transaction by transaction in its order, and what the block does to
 * the coins. The set hash after it is left to who asks: it takes long, and belongs in a worker.
 */
export function applyBlock(block: HashedBlock, context: ApplyContext): Checked<AppliedBlock> {
  const { height, time, proposer } = block.header;
  const [coinbase, ...others] = block.transactions;
  if (coinbase === undefined) throw new InvariantError('a block that was checked has a coinbase');
  const view = new CoinView(context.coins);
  const spentCoins: (readonly Coin[])[] = [[]];
  let fees = 0n;
  const inputContext = { coins: view, height, coinbaseMaturity: context.params.coinbaseMaturity, isCollateral: context.isCollateral };
  for (const one of others) {
    const checked = checkInputs(one, inputContext);
    if (!checked.ok) return { ok: false, rejection: inTransaction(one, checked.rejection) };
    for (const [index, input] of one.transaction.inputs.entries()) view.spend(input, one.inputKeys[index]);
    addOutputs(view, one, height, false);
    spentCoins.push(checked.value.spent);
    fees += checked.value.fee;
  }

  const expected = makeCoinbase(
    height,
    time,
    coinbaseOutputs({
      snapshot: context.snapshot,
      eligible: context.eligible,
      fees,
      proposer,
      isSlotBlock: isSlotBlock(context, context.parentTime, time),
    }),
  );
  if (expected.txid !== coinbase.txid || coinbase.transaction.witnesses.length > 0)
    return reject('bad-coinbase', `${coinbase.txid} instead of ${expected.txid}, with ${fees} units of fees`);
  addOutputs(view, coinbase, height, true);

  const transactions = block.transactions.map((one, index) => ({ txid: one.txid, locks: locksOf(one, spentCoins[index] ?? []) }));
  return accept({ changes: view.changes(), spentCoins, fees, transactions });
}

const inTransaction = ({ txid }: HashedTransaction, { code, detail }: Rejection): Rejection => ({ code, detail: `${txid}: ${detail}` });

function addOutputs(view: CoinView, { txid, transaction }: HashedTransaction, height: number, coinbase: boolean): void {
  for (const [vout, { amount, lock }] of transaction.outputs.entries()) view.add({ txid, vout }, { amount, lock, height, coinbase });
}

function locksOf({ transaction }: HashedTransaction, spent: readonly Coin[]): Lock[] {
  const locks = new Set<Lock>();
  for (const { lock } of spent) locks.add(lock);
  for (const { lock } of transaction.outputs) locks.add(lock);
  return [...locks];
}

/** What `revertChanges` and the history of the block need beside the block. */
export const undoOf = (applied: Pick<AppliedBlock, 'spentCoins'>): Uint8Array => encodeUndo(applied.spentCoins);

/**
 * The changes that take the coins from after a block to before it. `undo` is what `undoOf` made for this very block; throws RangeError
 * where it does not decode, InvariantError where it is another block's.
 */
export function revertChanges(block: HashedBlock, undo: Uint8Array): CoinChanges {
  const spentCoins = decodeUndo(undo);
  if (spentCoins.length !== block.transactions.length) throw new InvariantError('the undo data must have every transaction of the block');
  const view = new CoinView(outputsOf(block));
  for (const [index, { txid, transaction }] of [...block.transactions.entries()].reverse()) {
    const spent = spentCoins[index] as readonly Coin[];
    if (spent.length !== transaction.inputs.length) throw new InvariantError(`the undo data must have every input of ${txid}`);
    for (const vout of transaction.outputs.keys()) view.spend({ txid, vout });
    for (const [at, outpoint] of transaction.inputs.entries()) view.add(outpoint, spent[at] as Coin);
  }
  return view.changes();
}

/** Every coin that the block made. Those that it also spent are overlaid by the time they are asked for: children are reverted first. */
function outputsOf({ header: { height }, transactions }: HashedBlock): CoinSource {
  const coins = new Map<OutpointKey, Coin>();
  for (const [index, { txid, transaction }] of transactions.entries()) {
    for (const [vout, { amount, lock }] of transaction.outputs.entries())
      coins.set(outpointKey({ txid, vout }), { amount, lock, height, coinbase: index === 0 });
  }
  return { coin: (key) => coins.get(key) };
}
