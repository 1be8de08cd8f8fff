import { describe, expect, it } from 'vitest';
import {
  maxBlockBytes,
  maxBlockTransactions,
  maxGenesisOutputs,
  maxInputs,
  maxLatePrecommits,
  maxPayloadBytes,
  maxSnapshotMembers,
  maxTransactionBytes,
  maxVotesPerBundle,
} from '../constants.ts';
import { fromHex } from '../crypto/hex.ts';
import { decodeBlock } from './block.ts';
import { decodeGenesis } from './genesis.ts';
import { decodeMessage, maxBlocksPerMessage, maxBlockVotesPerMessage, maxBundlesPerMessage, maxTransactionsPerMessage } from './message.ts';
import { decodeMembers } from './registry.ts';
import { decodeTransaction } from './transaction.ts';
import { decodeUndo } from './undo.ts';
import { decodeVoteBundle } from './vote-bundle.ts';

const le = (value: number, bytes: number): string => {
  let text = '';
  for (let i = 0, rest = value; i < bytes; i++, rest = Math.floor(rest / 256)) text += (rest % 256).toString(16).padStart(2, '0');
  return text;
};
const zeros = (bytes: number): string => '00'.repeat(bytes);
const message = (bytes: Uint8Array): unknown => decodeMessage(bytes);
const head = `${le(1, 2)}00`;
const afterOutputs = zeros(8);
const headerHex = zeros(2 + 4 + 32 + 8 + 4 + 32 + 1 + 5 * 32);
const noCertificate = '00';
const noneLate = '0000';
const bundleHead = zeros(32 + 4);
const tail = 4_096;

describe('a count above its limit is refused as such, before an element is read or made room for', () => {
  it.each<[string, (bytes: Uint8Array) => unknown, string, number, 2 | 4]>([
    ['inputs', decodeTransaction, head, maxInputs, 2],
    ['outputs', decodeTransaction, `${head}0000`, maxGenesisOutputs, 2],
    ['payload', decodeTransaction, `${head}00000000${afterOutputs}`, maxPayloadBytes, 2],
    ['witnesses', decodeTransaction, `${head}00000000${afterOutputs}0000`, maxInputs, 2],
    ['precommits', decodeBlock, `${headerHex}01${zeros(4 + 4 + 32)}`, maxSnapshotMembers, 2],
    ['late precommits', decodeBlock, `${headerHex}${noCertificate}`, maxLatePrecommits, 2],
    ['transactions of a block', decodeBlock, `${headerHex}${noCertificate}${noneLate}`, maxBlockTransactions, 2],
    ['a transaction of a block', decodeBlock, `${headerHex}${noCertificate}${noneLate}0100`, maxTransactionBytes, 4],
    ['votes', decodeVoteBundle, bundleHead, maxVotesPerBundle, 2],
    ['transactions of undo data', decodeUndo, '', maxBlockTransactions, 2],
    ['coins of undo data', decodeUndo, '0100', maxInputs, 2],
    ['registrations', decodeMembers, '', maxSnapshotMembers, 2],
    ['founding masternodes', decodeGenesis, zeros(1 + 8), maxSnapshotMembers, 2],
    ['allocations', decodeGenesis, `${zeros(1 + 8)}0000`, maxGenesisOutputs, 2],
    ['blocks of a message', message, `18${zeros(4)}`, maxBlocksPerMessage, 2],
    ['a block of a message', message, `18${zeros(4)}0100`, maxBlockBytes, 4],
    ['a proposed block', message, `1e${zeros(4 + 4 + 1 + 32 + 32 + 64)}`, maxBlockBytes, 4],
    ['block votes of a message', message, '21', maxBlockVotesPerMessage, 2],
    ['transactions of a message', message, '28', maxTransactionsPerMessage, 2],
    ['announced transactions', message, '29', maxTransactionsPerMessage, 2],
    ['wanted transactions', message, '2a', maxTransactionsPerMessage, 2],
    ['pending transactions', message, '2c', maxTransactionsPerMessage, 2],
    ['bundles of a message', message, '2d', maxBundlesPerMessage, 2],
  ])('%s', (_, decode, before, max, countBytes) => {
    const counted = (count: number): Uint8Array => fromHex(`${before}${le(count, countBytes)}${zeros(tail)}`);
    expect(() => decode(counted(max + 1))).toThrow(/is (more than|over) /);
    // What is allowed fails only for what follows.
    expect(() => decode(counted(max))).not.toThrow(/is (more than|over) /);
  });
});

describe('values out of range are refused', () => {
  const time = `${zeros(7)}`;
  it.each<[string, (bytes: Uint8Array) => unknown, string, string]>([
    ['an unknown kind of transaction', decodeTransaction, `${le(1, 2)}06${zeros(2 + 2 + 8 + 2 + 2)}`, 'unknown value'],
    ['a time beyond 2^53', decodeTransaction, `${head}00000000${zeros(6)}2000${zeros(4)}`, 'out of range'],
    ['a flag that is neither 0 nor 1', decodeBlock, `${headerHex}02${zeros(2)}`, 'bool'],
    ['a network that is none', decodeGenesis, `03${time}00${zeros(4)}`, 'unknown value'],
    ['a reject without a reason', decodeVoteBundle, `${bundleHead}0100${zeros(32)}0100${zeros(64)}`, 'a reject has a code'],
    ['an accept with one', decodeVoteBundle, `${bundleHead}0100${zeros(32)}0001${zeros(64)}`, 'a reject has a code'],
    ['a bundle without votes', decodeVoteBundle, `${bundleHead}0000${zeros(64)}`, 'without votes'],
    ['text that is not UTF-8', decodeMembers, `0100${zeros(32)}0000${zeros(20)}${zeros(20)}0100ff${zeros(4)}`, ''],
    ['an unknown type of message', message, '63', 'unknown message type 99'],
    ['no message', message, '', 'unknown message type'],
    ['a message longer than its type allows', message, `02${zeros(9)}`, ''],
  ])('%s', (_, decode, bytes, reason) => {
    expect(() => decode(fromHex(bytes))).toThrow(reason);
  });
});
