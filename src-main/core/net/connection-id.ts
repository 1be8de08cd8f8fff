import type { Branded } from '../../../src-shared/domain/ids.ts';

/** Names one connection of one transport. Never reused while the process lives, so a late event can never mean another connection. */
export type ConnectionId = Branded<number, 'ConnectionId'>;
