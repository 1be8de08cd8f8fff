import type { LatePrecommit } from '../codec/block.ts';
import { type BlockVote, blockVoteMessage } from '../codec/block-vote.ts';
import { maxLatePrecommits } from '../constants.ts';
import { fromHex } from '../crypto/hex.ts';
import { creditable, isCredited } from '../masternodes/late-precommits.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import type { EngineContext } from './context.ts';

/**
 * Precommits of this epoch's blocks that came after the block was decided, and so are in no certificate: kept for the next block that this node makes, or
 * their signers would pass for absent (protocol section 5, Participation). At most one of each member and counted block.
 */
export class LateVotes {
  readonly #context: EngineContext;
  #epoch: number;
  readonly #kept = new Map<string, BlockVote>();

  constructor(context: EngineContext) {
    this.#context = context;
    this.#epoch = context.epoch;
  }

  /** Of decided heights; what is not a missing precommit is passed over. Answers how many are of use, if they are signed. */
  received(connection: ConnectionId, votes: readonly BlockVote[]): number {
    const missing = votes.filter((vote) => this.#isMissing(vote));
    if (missing.length === 0) return 0;
    const { genesis } = this.#context;
    const items = missing.map((vote) => ({ publicKey: fromHex(vote.nodeId), message: blockVoteMessage(genesis.hash, vote), signature: vote.signature }));
    this.#context.verify(items, true, (valid) => {
      for (const [index, vote] of missing.entries()) {
        if (valid[index] !== true || !this.#isMissing(vote)) continue;
        this.#kept.set(keyOf(vote), vote);
        this.#context.broadcast({ type: 'BlockVote', body: vote }, connection);
      }
      const forged = missing[valid.indexOf(false)];
      if (forged !== undefined) this.#context.violation(connection, { code: 'bad-signature', detail: `late block vote of ${forged.nodeId}` });
    });
    return missing.length;
  }

  /** For a block on the tip, in the order that a block has them in. */
  forBlock(): LatePrecommit[] {
    this.#forget();
    const { registry } = this.#context;
    const order = new Map(registry.snapshot.members.map(({ nodeId }, index) => [nodeId, index]));
    return [...this.#kept.values()]
      .sort((a, b) => a.height - b.height || (order.get(a.nodeId) ?? 0) - (order.get(b.nodeId) ?? 0))
      .slice(0, maxLatePrecommits)
      .map(({ height, round, nodeId, signature }) => ({ height, round, nodeId, signature }));
  }

  /** What the chain has credited meanwhile, or of an epoch that is over. */
  #forget(): void {
    const { epoch } = this.#context;
    if (epoch !== this.#epoch) this.#kept.clear();
    this.#epoch = epoch;
    for (const [key, vote] of this.#kept) if (!this.#isOfUse(vote)) this.#kept.delete(key);
  }
  #isMissing(vote: BlockVote): boolean {
    this.#forget();
    return !this.#kept.has(keyOf(vote)) && this.#isOfUse(vote);
  }

  #isOfUse({ height, phase, blockHash, nodeId }: BlockVote): boolean {
    const { registry, tip, chain } = this.#context;
    const member = registry.member(nodeId);
    if (phase !== 'precommit' || !registry.snapshot.byNode.has(nodeId) || member === undefined) return false;
    if (blockHash === undefined || creditable(registry, tip).get(height) !== blockHash) return false;
    // The tip's certificate, as it is stored here, goes into the next block.
    if (height === tip.height) return chain.block(height)?.certificate?.precommits.some((precommit) => precommit.nodeId === nodeId) === false;
    return !isCredited({ progress: registry.progress, signed: member.signed }, height);
  }
}

const keyOf = ({ height, nodeId }: BlockVote): string => `${height} ${nodeId}`;
