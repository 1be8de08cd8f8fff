import { InvariantError } from '../invariant.ts';
import type { ConnectionId } from './connection-id.ts';

/** What goes on with one address. Only `known` is ever dialled (protocol section 10). */
export type DialState =
  | { readonly kind: 'known' }
  | { readonly kind: 'dialing'; readonly sinceMs: number }
  | { readonly kind: 'handshaking'; readonly sinceMs: number; readonly connection: ConnectionId }
  /** There is a connection with the node at this address, whoever dialled it. */
  | { readonly kind: 'connected' }
  | { readonly kind: 'backoff'; readonly untilMs: number }
  | { readonly kind: 'givenUp'; readonly why: 'self' }
  /** Before `restsUntilMs` nothing but an operator or the node itself brings it back. */
  | { readonly kind: 'givenUp'; readonly why: 'failures'; readonly restsUntilMs: number }
  /** `untilMs` undefined: until an operator lifts the ban. */
  | { readonly kind: 'banned'; readonly untilMs: number | undefined };

export type DialEvent =
  | { readonly kind: 'dial'; readonly nowMs: number }
  | { readonly kind: 'opened'; readonly connection: ConnectionId }
  /** A connection with the node at this address is ready, or there is another one already. */
  | { readonly kind: 'covered' }
  /** The node that is connected is not at this address after all. */
  | { readonly kind: 'uncovered' }
  /** The dial, its handshake or the connection ended. */
  | { readonly kind: 'failed'; readonly next: Extract<DialState, { kind: 'backoff' }> | Extract<DialState, { why: 'failures' }> }
  | { readonly kind: 'waited' }
  /** It is this node's own address. */
  | { readonly kind: 'self' }
  /** A person wants it now. */
  | { readonly kind: 'asked' }
  /** It was given up long enough ago, and there is reason to try it once more. */
  | { readonly kind: 'revived' }
  /** The machine slept or the network was gone: what failed before says nothing now. */
  | { readonly kind: 'woke' }
  | { readonly kind: 'banned'; readonly untilMs: number | undefined }
  | { readonly kind: 'unbanned' }
  /** What is waited for is as far away as it was. */
  | { readonly kind: 'clock-set-back'; readonly byMs: number };

type Row = { readonly [E in DialEvent['kind']]: (state: DialState, event: Extract<DialEvent, { kind: E }>) => DialState };

const stay = (state: DialState): DialState => state;
const becomeKnown = (): DialState => ({ kind: 'known' });
const becomeConnected = (): DialState => ({ kind: 'connected' });
const becomeSelf = (): DialState => ({ kind: 'givenUp', why: 'self' });
const fail: Row['failed'] = (_, { next }) => next;
const ban: Row['banned'] = (_, { untilMs }) => ({ kind: 'banned', untilMs });
const unlessSelf =
  (next: () => DialState) =>
  (state: DialState): DialState =>
    state.kind === 'givenUp' && state.why === 'self' ? state : next();
const neverDialled = (state: DialState): never => {
  throw new InvariantError(`an address that is ${state.kind} was dialled`);
};

/** What most states do with most events: nothing. A late event of a dial that no longer counts changes nothing. */
const idle: Row = {
  dial: neverDialled,
  opened: stay,
  covered: stay,
  uncovered: stay,
  failed: stay,
  waited: stay,
  self: becomeSelf,
  asked: stay,
  revived: stay,
  woke: stay,
  banned: stay,
  unbanned: stay,
  'clock-set-back': stay,
};

/** Every state and event. What is dialled or connected when its ban comes ends by its own connection's end, and is banned before the next dial. */
const transitions: { readonly [S in DialState['kind']]: Row } = {
  known: { ...idle, dial: (_, { nowMs }) => ({ kind: 'dialing', sinceMs: nowMs }), covered: becomeConnected, banned: ban },
  dialing: {
    ...idle,
    opened: (state, { connection }) => (state.kind === 'dialing' ? { kind: 'handshaking', sinceMs: state.sinceMs, connection } : state),
    // What is dialled comes to an end of its own: `covered` changes nothing.
    failed: fail,
  },
  handshaking: { ...idle, covered: becomeConnected, failed: fail },
  connected: { ...idle, uncovered: becomeKnown, failed: fail },
  backoff: {
    ...idle,
    covered: becomeConnected,
    waited: becomeKnown,
    asked: becomeKnown,
    woke: becomeKnown,
    banned: ban,
    'clock-set-back': (state, { byMs }) => (state.kind === 'backoff' ? { ...state, untilMs: state.untilMs - byMs } : state),
  },
  givenUp: {
    ...idle,
    'clock-set-back': (state, { byMs }) =>
      state.kind === 'givenUp' && state.why === 'failures' ? { ...state, restsUntilMs: state.restsUntilMs - byMs } : state,
    covered: unlessSelf(becomeConnected),
    asked: unlessSelf(becomeKnown),
    revived: unlessSelf(becomeKnown),
    banned: (state, event) => unlessSelf(() => ban(state, event))(state),
  },
  banned: { ...idle, covered: becomeConnected, banned: ban, unbanned: becomeKnown },
};

/** The only place where the state of an address changes. */
export function nextDialState(state: DialState, event: DialEvent): DialState {
  const change = transitions[state.kind][event.kind] as (state: DialState, event: DialEvent) => DialState;
  return change(state, event);
}
