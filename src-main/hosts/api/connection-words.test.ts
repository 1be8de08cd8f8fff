import { expect, test } from 'vitest';
import { type ConnectionCode, connectionWords, wordConnectionReason } from '../../../src-shared/domain/connection-reasons.ts';
import type { DisconnectCode } from '../../core/codec/message.ts';
import type { CloseCode, ConnectFailureCode } from '../../node/transport/transport.ts';

test('every code with which a connection is refused, fails or ends has words, and no other code has', () => {
  // Does not compile with one missing or left over.
  const isOfConnections: Record<DisconnectCode | CloseCode | ConnectFailureCode, true> = Object.fromEntries(
    Object.keys(connectionWords).map((code) => [code, true]),
  ) as Record<ConnectionCode, true>;
  const words: Record<ConnectionCode, true> = isOfConnections;
  expect(Object.keys(words)).toContain('wrong-genesis');
});

test.each([
  ['full', 'no place is free'],
  ['the peer said full', 'it has no place free'],
  ['full: the limit is 50 peers', 'no place is free (the limit is 50 peers)'],
  ['connection-reset: read ECONNRESET', 'the other side broke it off'],
  ['violation: bad-signature: block vote of a: b', 'it broke the rules: a signature is wrong (block vote of a: b)'],
  ['banned: 203.0.113.0/24', 'it is banned here'],
  ['flood', 'it is far too much in too short a time'],
  ['violation: something-new', 'it broke the rules: something-new'],
  ['something-new: with: detail', 'something-new: with: detail'],
  ['constructor', 'constructor'],
  ['', ''],
])('%j is said as %j', (reason, words) => expect(wordConnectionReason(reason)).toBe(words));
