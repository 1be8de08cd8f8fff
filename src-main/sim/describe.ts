import type { Message } from '../core/codec/message.ts';
import { decodeVoteBundle } from '../core/codec/vote-bundle.ts';
import { viewOf } from '../node/keys/ed25519.ts';

const short = (hash: string | undefined): string => hash?.slice(0, 8) ?? 'nil';

/** A message in a few words, for who reads a trace. */
export function describe({ type, body }: Message): string {
  switch (type) {
    case 'BlockProposal':
      return `${type} ${body.height}/${body.round} ${short(body.blockHash)} valid ${body.validRound ?? 'fresh'} of ${short(body.nodeId)}`;
    case 'BlockVote':
      return `${type} ${body.phase} ${body.height}/${body.round} ${short(body.blockHash)} of ${short(body.nodeId)}`;
    case 'BlockVotes':
      return `${type} ${body.votes.length}`;
    case 'BlockHeight':
    case 'BlockAnnouncement':
    case 'GetBlockVotes':
      return `${type} ${body.height}`;
    case 'GetBlocks':
      return `${type} ${body.from} + ${body.count}`;
    case 'Blocks':
      return `${type} ${body.from} + ${body.blocks.length}`;
    case 'TransactionBroadcast':
      return `${type} ${body.transactions.length}`;
    case 'TransactionVotes':
      return `${type} ${body.bundles.map(describeBundle).join('; ')}`;
    case 'PendingTransactions':
      return `${type} ${body.transactions.length} with ${body.bundles.length} bundles`;
    default:
      return type;
  }
}

function describeBundle(encoded: Uint8Array): string {
  const { nodeId, votes } = decodeVoteBundle(encoded).bundle;
  return `${short(nodeId)} ${votes.map(({ txid, choice }) => `${choice} ${short(txid)}`).join(', ')}`;
}

/** Stands for an encoded message in a trace's hash: its length, its beginning and its end, where signatures are. */
export function markOf(bytes: Uint8Array): string {
  const view = viewOf(bytes);
  return `${bytes.length} ${view.toString('latin1', 0, 48)}${view.toString('latin1', Math.max(48, bytes.length - 16))}`;
}
