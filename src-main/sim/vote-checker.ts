import type { BlockHash, NodeId, OutpointKey, Txid } from '../../src-shared/domain/ids.ts';
import type { BlockProposal, BlockVote } from '../core/codec/block-vote.ts';
import type { Message } from '../core/codec/message.ts';
import type { VoteChoice } from '../core/codec/vote-bundle.ts';
import { holds } from './broken-invariant.ts';
import { bundleOf } from './shared-reader.ts';

/** What the chain says of a transaction and of a coin at one node. */
export interface ChainFacts {
  inputsOf(txid: Txid): readonly OutpointKey[] | undefined;
  /** A decided block of that node spends it, or registers it as collateral. */
  isSpent(node: NodeId, key: OutpointKey): boolean;
}

/** The signatures of one honest key that anybody can have seen, through all its restarts. */
interface Signed {
  readonly blockVotes: Map<string, BlockHash | undefined>;
  readonly proposals: Map<string, string>;
  /** By epoch and coin. */
  readonly accepts: Map<string, Txid>;
  readonly commits: Map<string, Txid>;
}

/** No honest key ever signs twice: looks at every message that left its node. */
export class VoteChecker {
  readonly #facts: ChainFacts;
  readonly #signed = new Map<NodeId, Signed>();
  /** Bundles are sent many times over. */
  readonly #seenBundles = new Set<string>();

  constructor(facts: ChainFacts) {
    this.#facts = facts;
  }

  /** Of the messages an honest node sends, those it signed itself. */
  sent(node: NodeId, message: Message): void {
    const { type, body } = message;
    if (type === 'BlockProposal') this.#proposal(node, body);
    else if (type === 'BlockVote') this.#blockVote(node, body);
    else if (type === 'BlockVotes') for (const vote of body.votes) this.#blockVote(node, vote);
    else if (type === 'TransactionVotes' || type === 'PendingTransactions') for (const encoded of body.bundles) this.#bundle(node, encoded);
  }

  #proposal(node: NodeId, { nodeId, height, round, validRound, blockHash }: BlockProposal): void {
    if (nodeId !== node) return;
    const { proposals } = this.#of(node);
    const place = `${height}/${round}`;
    const value = `${blockHash} ${validRound}`;
    const before = proposals.get(place);
    holds(before === undefined || before === value, () => `${node} proposes ${before} and ${value} in ${place}`);
    proposals.set(place, value);
  }

  #blockVote(node: NodeId, { nodeId, height, round, phase, blockHash }: BlockVote): void {
    if (nodeId !== node) return;
    const { blockVotes } = this.#of(node);
    const place = `${phase} ${height}/${round}`;
    holds(!blockVotes.has(place) || blockVotes.get(place) === blockHash, () => `${node} signs ${place} for ${blockVotes.get(place)} and ${blockHash}`);
    blockVotes.set(place, blockHash);
  }

  #bundle(node: NodeId, encoded: Uint8Array): void {
    const { hash, bundle } = bundleOf(encoded);
    if (bundle.nodeId !== node || this.#seenBundles.has(hash)) return;
    this.#seenBundles.add(hash);
    for (const { txid, choice } of bundle.votes) if (choice !== 'reject') this.#transactionVote(node, bundle.epoch, txid, choice);
  }

  /** Rule 1, and the same of commits: one transfer a coin and epoch, as long as no block of that node's chain settled the other or made it inapplicable. */
  #transactionVote(node: NodeId, epoch: number, txid: Txid, choice: Exclude<VoteChoice, 'reject'>): void {
    const votes = choice === 'accept' ? this.#of(node).accepts : this.#of(node).commits;
    for (const key of this.#facts.inputsOf(txid) ?? []) {
      const other = votes.get(`${epoch} ${key}`);
      const binds = other !== undefined && other !== txid && !(this.#facts.inputsOf(other) ?? []).some((input) => this.#facts.isSpent(node, input));
      holds(!binds, () => `${node} signs ${choice} of ${other} and of ${txid}, which spend ${key}`);
      votes.set(`${epoch} ${key}`, txid);
    }
  }

  #of(node: NodeId): Signed {
    const known = this.#signed.get(node);
    if (known !== undefined) return known;
    const signed: Signed = { blockVotes: new Map(), proposals: new Map(), accepts: new Map(), commits: new Map() };
    this.#signed.set(node, signed);
    return signed;
  }
}
