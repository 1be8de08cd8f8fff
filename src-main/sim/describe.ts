import { contradictionLine } from '../../src-shared/domain/contradiction.ts';
import type { Message } from '../core/codec/message.ts';
import { decodeTransaction } from '../core/codec/transaction.ts';
import type { MessageReader } from '../core/engine/message-reader.ts';
import type { EngineEvent } from '../core/events.ts';
import type { GuardRecord, StoreOperation } from '../core/store-operation.ts';
import { viewOf } from '../node/keys/ed25519.ts';
import { bundleOf } from './shared-reader.ts';

const short = (hash: string | undefined): string => hash?.slice(0, 8) ?? 'nil';

/** A message in a few words, for who reads a trace. */
export function describe({ type, body }: Message): string {
  switch (type) {
    case 'BlockProposal':
      return `${type} ${body.height}/${body.round} ${short(body.blockHash)} valid ${body.validRound ?? 'fresh'} of ${short(body.nodeId)}`;
    case 'BlockVote':
      return `${type} ${body.phase} ${body.height}/${body.round} ${short(body.blockHash)} of ${short(body.nodeId)}`;
    case 'BlockVotes':
      return `${type} ${body.votes.map(({ phase, height, round, blockHash, nodeId }) => `${phase} ${height}/${round} ${short(blockHash)} of ${short(nodeId)}`).join(', ')}`;
    case 'BlockHeight':
    case 'BlockAnnouncement':
    case 'GetBlockVotes':
      return `${type} height ${body.height}`;
    case 'GetBlocks':
      return `${type} from height ${body.from}, ${body.count}`;
    case 'Blocks':
      return `${type} from height ${body.from}, ${body.blocks.length}`;
    case 'TransactionBroadcast':
      return `${type} ${body.transactions.map(describeTransaction).join(' ')}`;
    case 'TransactionAnnouncement':
    case 'GetTransactions':
      return `${type} ${body.txids.map(short).join(' ')}`;
    case 'TransactionVotes':
      return `${type} ${body.bundles.map(describeBundle).join('; ')}`;
    case 'PendingTransactions':
      return `${type} ${[...body.transactions.map(describeTransaction), ...body.bundles.map(describeBundle)].join('; ')}`;
    default:
      return type;
  }
}

/** The same of what has not been decoded yet: a faulty node sends whatever it likes. */
export function describeBytes(bytes: Uint8Array, reader: Pick<MessageReader, 'message'>): string {
  try {
    return describe(reader.message(bytes));
  } catch {
    return `${bytes.length} bytes that are no message`;
  }
}

/** What a node tells of itself: its kind, then each field by its name. */
export function describeEvent(event: EngineEvent): string {
  const { kind, ...fields } = plain(event);
  const said = Object.entries(fields).map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`);
  return [kind, ...said].join(' ');
}

/** The same for a trace's hash. */
export const markOfEvent = (event: EngineEvent): string => ('txid' in event ? `${event.kind} ${event.txid}` : JSON.stringify(plain(event)));

const plain = (event: EngineEvent): EngineEvent | { readonly kind: string; readonly nodeId: string; readonly description: string } =>
  event.kind === 'evidence' ? { kind: event.kind, nodeId: event.nodeId, description: contradictionLine(event.contradiction) } : event;

/** What a node binds itself to, as it goes to the disk; undefined for what binds nothing. */
export function describeStored(operation: StoreOperation): string | undefined {
  return operation.kind === 'guard' ? describeGuard(operation.record) : undefined;
}
function describeGuard(record: GuardRecord): string | undefined {
  switch (record.kind) {
    case 'accept':
    case 'commit':
      return `${record.kind}s ${short(record.txid)} in epoch ${record.epoch}`;
    case 'lock':
      return `locks ${record.height}/${record.lockedRound} ${short(record.lockedHash)}`;
    case 'valid':
      return `finds valid ${record.height}/${record.validRound} ${short(record.validHash)}`;
    case 'block-vote':
      return `${record.phase}s ${record.height}/${record.round} ${short(record.blockHash)}`;
    case 'proposal':
      return `proposes ${record.height}/${record.round} ${short(record.blockHash)}`;
    default:
      return undefined;
  }
}

function describeTransaction(encoded: Uint8Array): string {
  try {
    return short(decodeTransaction(encoded).txid);
  } catch {
    return 'what is no transaction';
  }
}
function describeBundle(encoded: Uint8Array): string {
  const { nodeId, votes } = bundleOf(encoded).bundle;
  return `${short(nodeId)} ${votes.map(({ txid, choice }) => `${choice} ${short(txid)}`).join(', ')}`;
}

/**
 * Stands for an encoded message in a trace's hash: its length, its beginning and its end, where signatures are. Of votes these are those of the first and the last
 * bundle: the message itself need not be put together.
 */
export function markOf(bytes: Uint8Array, { type, body }: Message): string {
  if (type !== 'TransactionVotes') return markOfBytes(bytes);
  const first = body.bundles[0] ?? bytes;
  return `${bytes.length} ${body.bundles.length} ${endOf(first)}${endOf(body.bundles.at(-1) ?? first)}`;
}
const markOfBytes = (bytes: Uint8Array): string => `${bytes.length} ${viewOf(bytes).toString('latin1', 0, 48)}${endOf(bytes.subarray(48))}`;
const endOf = (bytes: Uint8Array): string => viewOf(bytes).toString('latin1', Math.max(0, bytes.length - 16));
