import type { BlockHash, NodeId } from '../../../src-shared/domain/ids.ts';
import type { LatePrecommit } from '../codec/block.ts';
import { type BlockVote, blockVoteMessage } from '../codec/block-vote.ts';
import { maxLatePrecommits } from '../constants.ts';
import { fromHex, toHex } from '../crypto/hex.ts';
import { creditable } from '../masternodes/late-precommits.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import type { EngineContext } from './context.ts';

/** Looked at in one message: an honest peer passes on one late vote at a time, and more than a large snapshot's worth never. */
const maxPerMessage = 256;

/** What is missing changes with the tip alone, and is asked of every vote that comes. */
interface OfTip {
  readonly hash: BlockHash;
  /** Blocks that count, by height. */
  readonly blocks: ReadonlyMap<number, BlockHash>;
  /** Their places among those that are counted already; of the tip none. */
  readonly places: ReadonlyMap<number, number>;
  /** Who signed the certificate of the tip, as it is stored here and goes into the next block. */
  readonly certified: ReadonlySet<NodeId>;
}

/**
 * Precommits of this epoch's blocks that came after the block was decided, and so are in no certificate: kept for the next block that this node makes, or
 * their signers would pass for absent (protocol section 5, Participation). At most one of each member and counted block.
 */
export class LateVotes {
  readonly #context: EngineContext;
  #of: OfTip | undefined;
  readonly #kept = new Map<string, BlockVote>();
  /** Copies whose signatures are being checked: each arrives from several peers at once. */
  readonly #verifying = new Set<string>();

  constructor(context: EngineContext) {
    this.#context = context;
  }

  /** Of decided heights; what is not a missing precommit is passed over. Answers how many are of use, if they are signed. */
  received(connection: ConnectionId, votes: readonly BlockVote[]): number {
    const { genesis, intake, nowMs } = this.#context;
    const missing: BlockVote[] = [];
    for (const vote of votes.slice(0, maxPerMessage)) {
      if (!this.#isMissing(vote) || this.#verifying.has(copyOf(vote)) || !intake.blockVotes.isOpen(vote.nodeId, nowMs)) continue;
      this.#verifying.add(copyOf(vote));
      missing.push(vote);
    }
    if (missing.length === 0) return 0;
    const items = missing.map((vote) => ({ publicKey: fromHex(vote.nodeId), message: blockVoteMessage(genesis.hash, vote), signature: vote.signature }));
    this.#context.verify(items, true, (valid) => {
      for (const vote of missing) this.#verifying.delete(copyOf(vote));
      for (const [index, vote] of missing.entries()) if (valid[index] === true) this.#verified(connection, vote);
      const forged = missing[valid.indexOf(false)];
      if (forged !== undefined) this.#context.violation(connection, { code: 'bad-signature', detail: `late block vote of ${forged.nodeId}` });
    });
    return missing.length;
  }

  /** For a block on the tip, in the order that a block has them in. */
  forBlock(): LatePrecommit[] {
    this.#ofTip();
    const { registry } = this.#context;
    const order = new Map(registry.snapshot.members.map(({ nodeId }, index) => [nodeId, index]));
    return [...this.#kept.values()]
      .sort((a, b) => a.height - b.height || (order.get(a.nodeId) ?? 0) - (order.get(b.nodeId) ?? 0))
      .slice(0, maxLatePrecommits)
      .map(({ height, round, nodeId, signature }) => ({ height, round, nodeId, signature }));
  }

  #verified(connection: ConnectionId, vote: BlockVote): void {
    const { intake, nowMs } = this.#context;
    if (!this.#isMissing(vote)) return;
    intake.blockVotes.take(vote.nodeId, nowMs);
    this.#kept.set(keyOf(vote), vote);
    this.#context.broadcast({ type: 'BlockVote', body: vote }, connection);
  }

  /** Forgets, with each new tip, what the chain has credited meanwhile or what is of an epoch that is over. */
  #ofTip(): OfTip {
    const { registry, tip, chain } = this.#context;
    if (this.#of?.hash === tip.hash) return this.#of;
    const precommits = registry.progress.tipCounts ? (chain.block(tip.height)?.certificate?.precommits ?? []) : [];
    this.#of = {
      hash: tip.hash,
      blocks: creditable(registry, tip),
      places: new Map(registry.progress.counted.map(({ height }, place) => [height, place])),
      certified: new Set(precommits.map(({ nodeId }) => nodeId)),
    };
    for (const [key, vote] of this.#kept) if (!this.#isOfUse(vote, this.#of)) this.#kept.delete(key);
    return this.#of;
  }
  #isMissing(vote: BlockVote): boolean {
    return this.#isOfUse(vote, this.#ofTip()) && !this.#kept.has(keyOf(vote));
  }

  #isOfUse({ height, phase, blockHash, nodeId }: BlockVote, { blocks, places, certified }: OfTip): boolean {
    const { registry } = this.#context;
    if (phase !== 'precommit' || blockHash === undefined || blocks.get(height) !== blockHash) return false;
    const member = registry.snapshot.byNode.has(nodeId) ? registry.member(nodeId) : undefined;
    if (member === undefined) return false;
    const place = places.get(height);
    return place === undefined ? !certified.has(nodeId) : !member.signed.includes(place);
  }
}

const keyOf = ({ height, nodeId }: BlockVote): string => `${height} ${nodeId}`;
const copyOf = (vote: BlockVote): string => `${keyOf(vote)} ${toHex(vote.signature)}`;
