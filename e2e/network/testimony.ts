import type { BlockVote, ProposalClaim } from '../../src-main/core/codec/block-vote.ts';
import type { Message } from '../../src-main/core/codec/message.ts';
import { decodeVoteBundle, type VoteChoice } from '../../src-main/core/codec/vote-bundle.ts';
import type { BlockHash, NodeId, Txid } from '../../src-shared/domain/ids.ts';

/** What one node said of itself and signed, over all its lives, and can be held to. Grows with the blocks and payments of one test. */
export interface Word {
  /** The highest block that it said it has. */
  tip: { readonly height: number; readonly hash: BlockHash } | undefined;
  readonly votes: Map<string, Pick<BlockVote, 'height' | 'round' | 'phase' | 'blockHash'>>;
  readonly proposals: Map<string, Omit<ProposalClaim, 'signature'>>;
  /** Its accepts and commits of the latest epoch that it voted in. */
  epoch: number;
  readonly choices: Map<Txid, Set<VoteChoice>>;
  /** What it told subscribers is final. */
  readonly finals: Set<Txid>;
}

/** All that was heard of a network by whoever listened, and whether any two of it contradict each other. */
export class Testimony {
  readonly #words = new Map<NodeId, Word>();
  /** Payments that share a coin with another, by what names the coin. */
  readonly #coinOf = new Map<Txid, string>();
  /** `signer epoch coin` and the payment that it accepted or committed. */
  readonly #spends = new Map<string, Txid>();
  /** In words; there are none while everybody is honest. */
  readonly contradictions: string[] = [];

  of(node: NodeId): Word {
    const known = this.#words.get(node);
    if (known !== undefined) return known;
    const word: Word = { tip: undefined, votes: new Map(), proposals: new Map(), epoch: -1, choices: new Map(), finals: new Set() };
    this.#words.set(node, word);
    return word;
  }

  /** These two spend one coin. */
  rivals(coin: string, txids: readonly Txid[]): void {
    for (const txid of txids) this.#coinOf.set(txid, coin);
  }

  hear(message: Message, from: NodeId): void {
    switch (message.type) {
      case 'BlockHeight':
      case 'BlockAnnouncement':
        return this.#tip(from, message.body.height, message.body.tipHash);
      case 'BlockVote':
        return this.#vote(message.body);
      case 'BlockVotes':
        for (const vote of message.body.votes) this.#vote(vote);
        return;
      case 'BlockProposal':
        return this.#proposal(message.body);
      case 'TransactionVotes':
      case 'PendingTransactions':
        for (const encoded of message.body.bundles) this.#bundle(encoded);
        return;
      case 'UtxoStates':
      case 'UtxoStateNotification':
        for (const { state } of message.body.states) {
          if (state.kind === 'spentFinalized' || state.kind === 'confirmed') this.of(from).finals.add(state.txid);
        }
        return;
      default:
        return;
    }
  }

  #tip(from: NodeId, height: number, hash: BlockHash): void {
    const word = this.of(from);
    if (height > (word.tip?.height ?? -1)) word.tip = { height, hash };
    else if (height === word.tip?.height && hash !== word.tip.hash) this.#contradiction(`${from} has block ${hash} at ${height}, and ${word.tip.hash}`);
  }

  #vote({ height, round, phase, blockHash, nodeId }: BlockVote): void {
    const { votes } = this.of(nodeId);
    const key = `${height} ${round} ${phase}`;
    const before = votes.get(key);
    if (before === undefined) votes.set(key, { height, round, phase, blockHash });
    else if (before.blockHash !== blockHash) this.#contradiction(`${nodeId}: ${key} for ${before.blockHash}, and for ${blockHash}`);
  }

  #proposal({ height, round, validRound, blockHash, nodeId }: ProposalClaim): void {
    const { proposals } = this.of(nodeId);
    const key = `${height} ${round}`;
    const before = proposals.get(key);
    if (before === undefined) proposals.set(key, { height, round, validRound, blockHash, nodeId });
    else if (before.blockHash !== blockHash) this.#contradiction(`${nodeId}: proposal ${key} of ${before.blockHash}, and of ${blockHash}`);
  }

  #bundle(encoded: Uint8Array): void {
    const { nodeId, epoch, votes } = decodeVoteBundle(encoded).bundle;
    const word = this.of(nodeId);
    if (epoch > word.epoch) {
      word.epoch = epoch;
      word.choices.clear();
    }
    for (const { txid, choice } of votes) {
      if (choice === 'reject') continue;
      if (epoch === word.epoch) word.choices.set(txid, (word.choices.get(txid) ?? new Set()).add(choice));
      const coin = this.#coinOf.get(txid);
      if (coin === undefined) continue;
      const key = `${nodeId} ${epoch} ${coin} ${choice}`;
      const other = this.#spends.get(key);
      if (other === undefined) this.#spends.set(key, txid);
      else if (other !== txid) this.#contradiction(`${nodeId}: ${choice} of ${other} in epoch ${epoch}, and of ${txid}`);
    }
  }

  #contradiction(words: string): void {
    this.contradictions.push(words);
  }
}
