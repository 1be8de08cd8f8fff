import type { OutpointKey, Txid } from '../../../src-shared/domain/ids.ts';

/** What a coin's owner and subscribers are shown (protocol section 4). Nothing is decided by it: the coin set and the votes are. */
export type UtxoState =
  | { readonly kind: 'unspent' }
  /** A valid transaction that spends it is known. */
  | { readonly kind: 'locked'; readonly txid: Txid }
  /** Votes are coming in: the weight of those that accept. */
  | { readonly kind: 'spentPending'; readonly txid: Txid; readonly weight: number }
  | { readonly kind: 'spentFinalized'; readonly txid: Txid }
  /** Spent in a block; gone from the set. */
  | { readonly kind: 'confirmed'; readonly txid: Txid; readonly height: number };

/** What happens to a coin, always by a transaction that spends it. */
export type UtxoEvent =
  | { readonly kind: 'known'; readonly txid: Txid }
  | { readonly kind: 'votes'; readonly txid: Txid; readonly weight: number }
  | { readonly kind: 'final'; readonly txid: Txid }
  | { readonly kind: 'confirmed'; readonly txid: Txid; readonly height: number }
  /** The transaction was rejected, expired or dropped, or a new epoch began. */
  | { readonly kind: 'released'; readonly txid: Txid };

type StateOf<K extends UtxoState['kind']> = Extract<UtxoState, { kind: K }>;
type EventOf<K extends UtxoEvent['kind']> = Extract<UtxoEvent, { kind: K }>;
type Table = {
  readonly [S in UtxoState['kind']]: { readonly [E in UtxoEvent['kind']]: (state: StateOf<S>, event: EventOf<E>) => UtxoState };
};

const unspent: UtxoState = { kind: 'unspent' };
const stay = (state: UtxoState): UtxoState => state;
const lock = (_: UtxoState, { txid }: EventOf<'known'>): UtxoState => ({ kind: 'locked', txid });
const vote = (_: UtxoState, { txid, weight }: EventOf<'votes'>): UtxoState => ({ kind: 'spentPending', txid, weight });
const finalize = (_: UtxoState, { txid }: EventOf<'final'>): UtxoState => ({ kind: 'spentFinalized', txid });
const confirm = (_: UtxoState, { txid, height }: EventOf<'confirmed'>): UtxoState => ({ kind: 'confirmed', txid, height });
const release = (state: Extract<UtxoState, { txid: Txid }>, { txid }: EventOf<'released'>): UtxoState => (state.txid === txid ? unspent : state);

/**
 * Every transition there is. Where several transactions want one coin, it shows the first that was known until another has more
 * weight; a final one displaces them all, and a block displaces even that. What is confirmed stays so.
 */
const transitions: Table = {
  unspent: { known: lock, votes: vote, final: finalize, confirmed: confirm, released: stay },
  locked: { known: stay, votes: vote, final: finalize, confirmed: confirm, released: release },
  spentPending: {
    known: stay,
    votes: (state, event) => (event.txid === state.txid || event.weight > state.weight ? vote(state, event) : state),
    final: finalize,
    confirmed: confirm,
    released: release,
  },
  spentFinalized: { known: stay, votes: stay, final: stay, confirmed: confirm, released: release },
  confirmed: { known: stay, votes: stay, final: stay, confirmed: stay, released: stay },
};

export const nextUtxoState = (state: UtxoState, event: UtxoEvent): UtxoState =>
  (transitions[state.kind][event.kind] as (state: UtxoState, event: UtxoEvent) => UtxoState)(state, event);

export interface UtxoTransition {
  readonly from: UtxoState;
  readonly to: UtxoState;
}

/**
 * The states of coins with something going on; a coin that is not here is unspent if it is in the set. The mempool bounds it: what
 * spends a coin is pending, and what leaves the mempool releases or confirms its coins.
 */
export class UtxoStates {
  /** Weights are as they were told last. */
  readonly #states = new Map<OutpointKey, UtxoState>();
  readonly #weightOf: (txid: Txid) => number;

  /** `weightOf`: what accepts of a transaction weigh now. So nobody need say of every vote that it came. */
  constructor(weightOf: (txid: Txid) => number) {
    this.#weightOf = weightOf;
  }

  get size(): number {
    return this.#states.size;
  }

  of(key: OutpointKey): UtxoState {
    return this.#asOfNow(this.#states.get(key) ?? unspent);
  }

  /** Undefined where nothing changes, since it was told last. A confirmed coin is told once and forgotten: the chain knows who spent it. */
  handle(key: OutpointKey, event: UtxoEvent): UtxoTransition | undefined {
    const told = this.#states.get(key) ?? unspent;
    const from = this.#asOfNow(told);
    const to = nextUtxoState(from, event);
    if (to === from || (told.kind === 'spentPending' && to.kind === 'spentPending' && told.txid === to.txid && told.weight === to.weight)) return undefined;
    if (to.kind === 'unspent' || to.kind === 'confirmed') this.#states.delete(key);
    else this.#states.set(key, to);
    return { from, to };
  }

  #asOfNow(state: UtxoState): UtxoState {
    return state.kind === 'spentPending' ? { ...state, weight: this.#weightOf(state.txid) } : state;
  }
}
