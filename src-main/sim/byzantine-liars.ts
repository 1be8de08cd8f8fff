import type { BlockHash } from '../../src-shared/domain/ids.ts';
import { decodeBlock, type LatePrecommit } from '../core/codec/block.ts';
import type { Message } from '../core/codec/message.ts';
import { toHex } from '../core/crypto/hex.ts';
import type { ConnectionId } from '../core/net/connection-id.ts';
import { FreeHand } from './faulty-signatures.ts';
import { type Mischief, type Outgoing, outgoing, type SimHost } from './host.ts';
import type { Prng } from './prng.ts';
import { blockInstead } from './rival-block.ts';
import { bundleOf } from './shared-reader.ts';
import type { World } from './world.ts';

const maxHeightsOff = 60;
const lieChance = 0.7;

/** Says that it has come further than anybody, or nowhere; and has nothing to give to who asks for it. */
export class HeightLiar implements Mischief {
  readonly #random: Prng;

  constructor(random: Prng) {
    this.#random = random;
  }

  outgoing(to: readonly ConnectionId[], message: Message): readonly Outgoing[] {
    if (!this.#random.chance(lieChance)) return [outgoing(to, message)];
    switch (message.type) {
      case 'Hello':
        return [outgoing(to, { ...message, body: { ...message.body, ...this.#tip(message.body.height) } })];
      case 'BlockHeight':
      case 'BlockAnnouncement':
        return [outgoing(to, { type: message.type, body: this.#tip(message.body.height) })];
      case 'Blocks':
        return [outgoing(to, { ...message, body: { ...message.body, blocks: message.body.blocks.slice(0, this.#random.below(2)) } })];
      default:
        return [outgoing(to, message)];
    }
  }
  #tip(height: number): { readonly height: number; readonly tipHash: BlockHash } {
    const lie = this.#random.chance(0.5) ? height + this.#random.between(1, maxHeightsOff) : this.#random.below(height + 1);
    return { height: lie, tipHash: toHex(this.#random.bytes(32)) as BlockHash };
  }
}

/** What can be kept from everybody. */
const hoards = {
  proposals: (message) => message.type === 'BlockProposal',
  prevotes: (message) => message.type === 'BlockVote' && message.body.phase === 'prevote',
  precommits: (message) => message.type === 'BlockVote' && message.body.phase === 'precommit',
  certificates: (message) => message.type === 'BlockAnnouncement' || message.type === 'Blocks',
  accepts: (message) => message.type === 'TransactionVotes' && has(message, 'accept'),
  commits: (message) => message.type === 'TransactionVotes' && has(message, 'commit'),
  transactions: (message) => message.type === 'TransactionBroadcast' || message.type === 'TransactionAnnouncement' || message.type === 'PendingTransactions',
} satisfies Record<string, (message: Message) => boolean>;
type Hoard = keyof typeof hoards;

const has = ({ body }: Extract<Message, { type: 'TransactionVotes' }>, choice: 'accept' | 'commit'): boolean =>
  body.bundles.some((encoded) => bundleOf(encoded).bundle.votes.some((vote) => vote.choice === choice));

const hoardsForMs = 12_000;

/** Keeps everything of two kinds to itself, its own and others', and other kinds after a while. */
export class Hoarder implements Mischief {
  readonly #world: World;
  readonly #random: Prng;
  #hoarded: readonly Hoard[] = [];
  #untilMs = 0;

  constructor(world: World, random: Prng) {
    this.#world = world;
    this.#random = random;
  }

  outgoing(to: readonly ConnectionId[], message: Message): readonly Outgoing[] {
    if (this.#world.nowMs >= this.#untilMs) {
      this.#untilMs = this.#world.nowMs + hoardsForMs;
      this.#hoarded = this.#random.shuffled(Object.keys(hoards) as Hoard[]).slice(0, 2);
    }
    return this.#hoarded.some((name) => hoards[name](message)) ? [] : [outgoing(to, message)];
  }
}

/** Credits in its blocks what nobody signed, and signs precommits of blocks that are long decided, or that never were. */
export class LateForger implements Mischief {
  readonly #host: SimHost;
  readonly #hand: FreeHand;
  readonly #random: Prng;

  constructor(host: SimHost, random: Prng) {
    this.#host = host;
    this.#hand = new FreeHand(host);
    this.#random = random;
  }

  outgoing(to: readonly ConnectionId[], message: Message): readonly Outgoing[] {
    if (!this.#hand.isOwn(message)) return [outgoing(to, message)];
    if (message.type === 'BlockVote') return [outgoing(to, message), outgoing(to, this.#lateVote(message.body.height))];
    if (message.type !== 'BlockProposal' || !this.#random.chance(lieChance)) return [outgoing(to, message)];
    const block = decodeBlock(message.body.block);
    const forged = blockInstead(this.#host, block, { candidates: block.transactions.slice(1), latePrecommits: this.#forged(block.latePrecommits) });
    return [outgoing(to, forged === undefined ? message : this.#hand.proposal(message.body, forged))];
  }

  /** One more, of a member that is missing from a certificate of this epoch, or is not. */
  #forged(honest: readonly LatePrecommit[]): LatePrecommit[] {
    const { progress, members } = this.#host.views.registry();
    const of = this.#random.pick(progress.counted);
    const victim = this.#random.pick(members);
    if (of === undefined || victim === undefined) return [...honest];
    const signature = this.#host.sign(this.#random.bytes(32));
    return [...honest, { height: of.height, round: this.#random.below(2), nodeId: victim.nodeId, signature }].sort((a, b) => a.height - b.height);
  }
  #lateVote(height: number): Message {
    const at = Math.max(1, height - this.#random.between(1, 6));
    const blockHash = this.#random.chance(0.5) ? this.#host.tables.block(at)?.hash : (toHex(this.#random.bytes(32)) as BlockHash);
    return this.#hand.vote({ height: at, round: this.#random.below(3), phase: 'precommit', blockHash });
  }
}
