import { InvariantError } from '../invariant.ts';
import type { ConnectionId } from './connection-id.ts';

/** What goes on with one address. Only `known` is ever dialled (protocol section 10). */
export type DialState =
  | { readonly kind: 'known' }
  | { readonly kind: 'dialing' }
  | { readonly kind: 'handshaking'; readonly connection: ConnectionId }
  /** There is a connection with the node at this address, whoever dialled it. */
  | { readonly kind: 'connected' }
  | { readonly kind: 'backoff'; readonly untilMs: number }
  | { readonly kind: 'givenUp'; readonly why: 'self' | 'failures' };

export type DialEvent =
  | { readonly kind: 'dial' }
  | { readonly kind: 'opened'; readonly connection: ConnectionId }
  /** A connection with the node at this address is ready, or there is another one already. */
  | { readonly kind: 'covered' }
  /** The dial, its handshake or the connection ended. `untilMs` undefined: it failed too often. */
  | { readonly kind: 'failed'; readonly untilMs: number | undefined }
  | { readonly kind: 'waited' }
  /** It is this node's own address. */
  | { readonly kind: 'self' }
  /** A person wants it now. */
  | { readonly kind: 'asked' };

type Row = { readonly [E in DialEvent['kind']]: (state: DialState, event: Extract<DialEvent, { kind: E }>) => DialState };

const stay = (state: DialState): DialState => state;
const becomeKnown = (): DialState => ({ kind: 'known' });
const becomeConnected = (): DialState => ({ kind: 'connected' });
const becomeSelf = (): DialState => ({ kind: 'givenUp', why: 'self' });
const fail: Row['failed'] = (_, { untilMs }) => (untilMs === undefined ? { kind: 'givenUp', why: 'failures' } : { kind: 'backoff', untilMs });
const neverDialled = (state: DialState): never => {
  throw new InvariantError(`an address that is ${state.kind} was dialled`);
};

/** Every state and event; a late event of a dial that no longer counts changes nothing. */
const transitions: { readonly [S in DialState['kind']]: Row } = {
  known: { dial: () => ({ kind: 'dialing' }), opened: stay, covered: becomeConnected, failed: stay, waited: stay, self: becomeSelf, asked: stay },
  dialing: {
    dial: neverDialled,
    opened: (_, { connection }) => ({ kind: 'handshaking', connection }),
    // What is dialled comes to an end of its own.
    covered: stay,
    failed: fail,
    waited: stay,
    self: becomeSelf,
    asked: stay,
  },
  handshaking: { dial: neverDialled, opened: stay, covered: becomeConnected, failed: fail, waited: stay, self: becomeSelf, asked: stay },
  connected: { dial: neverDialled, opened: stay, covered: stay, failed: fail, waited: stay, self: becomeSelf, asked: stay },
  backoff: { dial: neverDialled, opened: stay, covered: becomeConnected, failed: stay, waited: becomeKnown, self: becomeSelf, asked: becomeKnown },
  givenUp: {
    dial: neverDialled,
    opened: stay,
    covered: (state) => (isSelf(state) ? state : { kind: 'connected' }),
    failed: stay,
    waited: stay,
    self: becomeSelf,
    asked: (state) => (isSelf(state) ? state : { kind: 'known' }),
  },
};

const isSelf = (state: DialState): boolean => state.kind === 'givenUp' && state.why === 'self';

/** The only place where the state of an address changes. */
export function nextDialState(state: DialState, event: DialEvent): DialState {
  const change = transitions[state.kind][event.kind] as (state: DialState, event: DialEvent) => DialState;
  return change(state, event);
}
