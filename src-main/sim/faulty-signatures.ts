import type { Txid } from '../../src-shared/domain/ids.ts';
import type { HashedBlock } from '../core/codec/block.ts';
import { type BlockProposal, type BlockVote, blockProposalMessage, blockVoteMessage } from '../core/codec/block-vote.ts';
import type { Message } from '../core/codec/message.ts';
import { type TransactionVote, voteBundleCodec, voteBundleMessage } from '../core/codec/vote-bundle.ts';
import type { SimHost } from './host.ts';
import { bundleOf } from './shared-reader.ts';

/** A faulty node's key, which signs whatever is asked of it: no guard is between. */
export class FreeHand {
  readonly #host: SimHost;

  constructor(host: SimHost) {
    this.#host = host;
  }

  vote(place: Pick<BlockVote, 'height' | 'round' | 'phase' | 'blockHash'>): Message {
    const signature = this.#host.sign(blockVoteMessage(this.#host.genesis.hash, place));
    return { type: 'BlockVote', body: { ...place, nodeId: this.#host.nodeId, signature } };
  }
  /** `of` says the round and the valid round. */
  proposal({ height, round, validRound }: Pick<BlockProposal, 'height' | 'round' | 'validRound'>, { hash, encoded }: HashedBlock): Message {
    const place = { height, round, validRound, blockHash: hash };
    const signature = this.#host.sign(blockProposalMessage(this.#host.genesis.hash, place));
    return { type: 'BlockProposal', body: { ...place, nodeId: this.#host.nodeId, block: encoded, signature } };
  }
  /** In the epoch that its engine is in. */
  bundle(votes: readonly TransactionVote[]): Message {
    const unsigned = { nodeId: this.#host.nodeId, epoch: this.#host.views.snapshot().epoch, votes };
    const encoded = voteBundleCodec.encode({ ...unsigned, signature: this.#host.sign(voteBundleMessage(this.#host.genesis.hash, unsigned)) });
    return { type: 'TransactionVotes', body: { bundles: [encoded] } };
  }
  /** Accept and commit of each. */
  everything(txids: readonly Txid[]): Message {
    return this.bundle(
      txids.flatMap((txid): TransactionVote[] => [
        { txid, choice: 'accept', code: 'none' },
        { txid, choice: 'commit', code: 'none' },
      ]),
    );
  }

  /** Whether it is something that this node itself has signed. */
  isOwn(message: Message): boolean {
    const { nodeId } = this.#host;
    if (message.type === 'BlockProposal' || message.type === 'BlockVote') return message.body.nodeId === nodeId;
    return message.type === 'TransactionVotes' && message.body.bundles.some((encoded) => bundleOf(encoded).bundle.nodeId === nodeId);
  }
}
