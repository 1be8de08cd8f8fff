import { type Lock, type NodeId, type OutpointKey, outpointKey, type Txid } from '../../../src-shared/domain/ids.ts';
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
import { checkInputs, type InputContext } from './check-inputs.ts';
import { type CoinChanges, CoinView } from './coin-view.ts';
import { coinbaseOutputs, makeCoinbase } from './reward.ts';
import type { TermsSource } from './transaction-terms.ts';

export interface ApplyContext {
  /** As they are after the parent. Not written. */
  readonly coins: CoinSource;
  readonly snapshot: Snapshot;
  eligible(member: Member): boolean;
  readonly params: Pick<Params, 'blockIntervalMs' | 'coinbaseMaturity'>;
  readonly genesisTime: number;
  readonly parentTime: number;
  /** Of the parent; it is told what is added. */
  readonly terms: TermsSource;
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

/** What a block's transactions do to the coins, one after another: for a block that is checked, and for one that is being made. */
export class BlockTransition {
  readonly #context: ApplyContext;
  readonly #height: number;
  readonly #view: CoinView;
  readonly #inputContext: InputContext;
  readonly #spentCoins: (readonly Coin[])[] = [[]];
  readonly #others: HashedTransaction[] = [];
  #fees = 0n;

  constructor(context: ApplyContext, height: number) {
    this.#context = context;
    this.#height = height;
    this.#view = new CoinView(context.coins);
    this.#inputContext = { coins: this.#view, height, coinbaseMaturity: context.params.coinbaseMaturity, terms: context.terms };
  }

  /** Units, of the transactions so far. */
  get fees(): bigint {
    return this.#fees;
  }
  /** Those so far, in order. */
  get transactions(): readonly HashedTransaction[] {
    return this.#others;
  }

  /** One that breaks a contextual rule changes nothing. */
  add(one: HashedTransaction): Rejection | undefined {
    const checked = checkInputs(one, this.#inputContext);
    if (!checked.ok) return checked.rejection;
    for (const [index, input] of one.transaction.inputs.entries()) this.#view.spend(input, one.inputKeys[index]);
    addOutputs(this.#view, one, this.#height, false);
    this.#context.terms.add(one);
    this.#others.push(one);
    this.#spentCoins.push(checked.value.spent);
    this.#fees += checked.value.fee;
    return undefined;
  }

  /** The coinbase that a block of these transactions must have. */
  coinbase(time: number, proposer: NodeId): HashedTransaction {
    const { snapshot, eligible, parentTime } = this.#context;
    const isSlot = isSlotBlock(this.#context, parentTime, time);
    return makeCoinbase(this.#height, time, coinbaseOutputs({ snapshot, eligible, fees: this.#fees, proposer, isSlotBlock: isSlot }));
  }

  /** Once, with `coinbase`. */
  finish(coinbase: HashedTransaction): AppliedBlock {
    addOutputs(this.#view, coinbase, this.#height, true);
    const spentCoins = this.#spentCoins;
    const transactions = [coinbase, ...this.#others].map((one, index) => ({ txid: one.txid, locks: locksOf(one, spentCoins[index] ?? []) }));
    return { changes: this.#view.changes(), spentCoins, fees: this.#fees, transactions };
  }
}

/**
 * The contextual rules for a block that `checkBlock` has passed, transaction by transaction in its order, and what the block does to
 * the coins. The set hash after it is left to who asks: it takes long, and belongs in a worker.
 */
export function applyBlock(block: HashedBlock, context: ApplyContext): Checked<AppliedBlock> {
  const transition = new BlockTransition(context, block.header.height);
  for (const one of block.transactions.slice(1)) {
    const rejection = inBlock(one, transition.add(one));
    if (rejection !== undefined) return { ok: false, rejection };
  }
  return finishBlock(block, transition);
}

/** The end of `applyBlock`, when all but the coinbase have been added. */
export function finishBlock({ header, transactions: [coinbase] }: HashedBlock, transition: BlockTransition): Checked<AppliedBlock> {
  if (coinbase === undefined) throw new InvariantError('a block that was checked has a coinbase');
  const expected = transition.coinbase(header.time, header.proposer);
  if (expected.txid !== coinbase.txid || coinbase.transaction.witnesses.length > 0)
    return reject('bad-coinbase', `${coinbase.txid} instead of ${expected.txid}, with ${transition.fees} units of fees`);
  return accept(transition.finish(coinbase));
}

/** A transaction's rejection as its block's. */
export const inBlock = ({ txid }: HashedTransaction, rejection: Rejection | undefined): Rejection | undefined =>
  rejection && { code: rejection.code, detail: `${txid}: ${rejection.detail}` };

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

/** What an applied block has in `transactions`, from the block and its undo data. Throws as `revertChanges` does. */
export function transactionsOf(block: HashedBlock, undo: Uint8Array): AppliedBlock['transactions'] {
  const spentCoins = decodeUndo(undo);
  return block.transactions.map((one, index) => ({ txid: one.txid, locks: locksOf(one, spentCoins[index] ?? []) }));
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
