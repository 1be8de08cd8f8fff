import { type BlockVote, blockVoteMessage } from '../codec/block-vote.ts';
import { fromHex, toHex } from '../crypto/hex.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import { SeenCache } from '../net/seen-cache.ts';
import type { EngineContext } from './context.ts';
import type { LateVotes } from './late-votes.ts';
import { blockVoteKey, knownBlockVotes } from './relay.ts';

/** Verified at once: some 10 ms of one core. One message may bring fifteen thousand, and one bad signature among them is the end of it. */
const maxPerVerification = 256;

interface Parts {
  /** The height being decided. */
  readonly height: () => number;
  /** A vote of the next height, not verified. False: it is not kept. */
  readonly early: (connection: ConnectionId, vote: BlockVote) => boolean;
  /** Of heights that are decided. */
  readonly late: LateVotes;
  /** A verified vote of the height being decided, for the first time. */
  readonly taken: (vote: BlockVote) => void;
}

/** Block votes from peers: looked at as cheaply as possible first, verified in portions, relayed once, and no more of each member than it may sign. */
export class BlockVoteIntake {
  readonly #context: EngineContext;
  readonly #parts: Parts;
  #seen = new SeenCache<string>(knownBlockVotes);

  constructor(context: EngineContext, parts: Parts) {
    this.#context = context;
    this.#parts = parts;
  }

  newHeight(): void {
    this.#context.intake.heightVotes = 0;
  }
  /** Votes that were counted may be needed once more. */
  afresh(): void {
    this.#seen = new SeenCache<string>(knownBlockVotes);
  }
  /** Copies of it that come back are known. */
  own(vote: BlockVote): void {
    this.#seen.add(blockVoteKey(vote));
    this.#context.intake.heightVotes++;
  }

  received(connection: ConnectionId, votes: readonly BlockVote[]): void {
    const { snapshot, registry, intake, nowMs, options, listening, relay } = this.#context;
    const height = this.#parts.height();
    const late = votes.filter((vote) => vote.height < height);
    let useless = late.length - this.#parts.late.received(connection, late);
    const fresh: BlockVote[] = [];
    for (const vote of votes) {
      if (vote.height < height) continue;
      if (vote.nodeId === options.self) listening.vote(connection, vote);
      relay.blockVotes.note(blockVoteKey(vote), connection);
      // The next height may be of another epoch, whose members are not known yet.
      const mayBeAnybodys = vote.height === height + 1 && registry.isComplete;
      if ((!mayBeAnybodys && !snapshot.byNode.has(vote.nodeId)) || vote.height > height + 1) useless++;
      else if (vote.height === height + 1) useless += this.#parts.early(connection, vote) ? 0 : 1;
      else if (this.#seen.has(blockVoteKey(vote))) useless++;
      // It may come again, when there is room for it: it is not remembered.
      else if (!intake.blockVotes.isOpen(vote.nodeId, nowMs)) continue;
      // Until it is verified it is known by its signature too, so that a forged copy does not keep the real one out.
      else if (this.#seen.add(copyOf(vote))) fresh.push(vote);
      else useless++;
    }
    intake.useless(connection, useless);
    this.#verify(connection, fresh);
  }

  #verify(connection: ConnectionId, votes: readonly BlockVote[]): void {
    const portion = votes.slice(0, maxPerVerification);
    const rest = votes.slice(maxPerVerification);
    const items = portion.map((vote) => ({
      publicKey: fromHex(vote.nodeId),
      message: blockVoteMessage(this.#context.genesis.hash, vote),
      signature: vote.signature,
    }));
    if (items.length === 0) return;
    this.#context.verify(items, true, (valid) => {
      for (const [index, vote] of portion.entries()) if (valid[index] === true) this.#verified(vote);
      const forged = portion[valid.indexOf(false)];
      if (forged === undefined && rest.length > 0) return this.#verify(connection, rest);
      // From others they are welcome.
      for (const vote of rest) this.#seen.forget(copyOf(vote));
      if (forged !== undefined) this.#context.violation(connection, { code: 'bad-signature', detail: `block vote of ${forged.nodeId}` });
    });
  }

  #verified(vote: BlockVote): void {
    const { intake, relay, nowMs } = this.#context;
    // Another copy may have been quicker, and the height decided.
    if (this.#seen.has(blockVoteKey(vote)) || vote.height !== this.#parts.height()) return;
    if (!intake.blockVotes.isOpen(vote.nodeId, nowMs)) {
      this.#seen.forget(copyOf(vote));
      return;
    }
    this.#seen.forget(copyOf(vote));
    this.#seen.add(blockVoteKey(vote));
    intake.blockVotes.take(vote.nodeId, nowMs);
    intake.heightVotes++;
    intake.fresh(1);
    relay.blockVote(vote);
    this.#parts.taken(vote);
  }
}

const copyOf = (vote: BlockVote): string => `${blockVoteKey(vote)} ${toHex(vote.signature)}`;
