import type { Txid } from '../../src-shared/domain/ids.ts';
import { encodeMessage, type Message } from '../core/codec/message.ts';
import { toHex } from '../core/crypto/hex.ts';
import type { ConnectionId } from '../core/net/connection-id.ts';
import { HeightLiar, Hoarder, LateForger } from './byzantine-liars.ts';
import { Ambusher, Amnesiac, Equivocator, TwoFaced } from './byzantine-voters.ts';
import { FreeHand } from './faulty-signatures.ts';
import { garbled } from './garble.ts';
import { type Mischief, type Outgoing, outgoing, type SimHost } from './host.ts';
import type { Prng } from './prng.ts';
import type { World } from './world.ts';

/** How a masternode can be faulty. Each has an engine that is honest, and this between it and the wire. */
const steadyNames = [
  'silent',
  'withholder',
  'hoarder',
  'equivocator',
  'two-faced',
  'amnesiac',
  'ambusher',
  'late-forger',
  'height-liar',
  'garbler',
  'pest',
] as const;
export const mischiefNames = [...steadyNames, 'fickle'] as const;
export type MischiefName = (typeof mischiefNames)[number];

const makers: Record<MischiefName, (host: SimHost, random: Prng, world: World) => Mischief> = {
  silent: () => silent,
  withholder: (host, random) => new Withholder(host, random),
  hoarder: (_, random, world) => new Hoarder(world, random),
  equivocator: (host, random) => new Equivocator(host, random),
  'two-faced': (host, random) => new TwoFaced(host, random),
  amnesiac: (host) => new Amnesiac(host),
  ambusher: (host) => new Ambusher(host),
  'late-forger': (host, random) => new LateForger(host, random),
  'height-liar': (_, random) => new HeightLiar(random),
  garbler: (_, random) => new Garbler(random),
  pest: (_, random) => new Pest(random),
  fickle: (host, random, world) => new Fickle(host, random, world),
};

export function mischiefOf(host: SimHost, random: Prng, world: World, name = random.pick(mischiefNames) ?? 'silent'): Mischief {
  world.log(host.name, `is a ${name}`);
  return makers[name](host, random, world);
}

const spoken: ReadonlySet<Message['type']> = new Set<Message['type']>(['Hello', 'HelloAck', 'Ping', 'Pong', 'Disconnect']);

/** Connected, and says nothing. */
const silent: Mischief = { outgoing: (to, message) => (spoken.has(message.type) ? [outgoing(to, message)] : []) };

/** Votes and proposes as it should, and tells only some: here a certificate, there none. */
class Withholder implements Mischief {
  readonly #hand: FreeHand;
  readonly #random: Prng;

  constructor(host: SimHost, random: Prng) {
    this.#hand = new FreeHand(host);
    this.#random = random;
  }

  outgoing(to: readonly ConnectionId[], message: Message): readonly Outgoing[] {
    const told = this.#hand.isOwn(message) ? to.filter(() => this.#random.chance(0.4)) : to.filter(() => this.#random.chance(0.9) || spoken.has(message.type));
    return [outgoing(told, message)];
  }
}

/** Hands on what others signed with something changed, before what they really said: hoping to have the truth taken for known, or for bad. */
class Garbler implements Mischief {
  readonly #random: Prng;

  constructor(random: Prng) {
    this.#random = random;
  }

  outgoing(to: readonly ConnectionId[], message: Message): readonly Outgoing[] {
    const truth: Outgoing = { to, bytes: encodeMessage(message) };
    if (spoken.has(message.type) || !this.#random.chance(message.type === 'BlockProposal' ? 0.7 : 0.1)) return [truth];
    const bytes = garbled(message, this.#random);
    return [{ to: to.filter(() => this.#random.chance(0.5)), bytes }, truth];
  }
}

/** How often, of what it sends. */
const pesterChance = 0.1;
const questionsAtOnce = 40;

/** Does its duty, and asks for all that costs others more than the question costs: addresses, its own port, coins, votes, what is pending. */
class Pest implements Mischief {
  readonly #random: Prng;

  constructor(random: Prng) {
    this.#random = random;
  }

  outgoing(to: readonly ConnectionId[], message: Message): readonly Outgoing[] {
    const sent = outgoing(to, message);
    if (spoken.has(message.type) || !this.#random.chance(pesterChance)) return [sent];
    return [sent, ...Array.from({ length: questionsAtOnce }, () => outgoing(to, this.#question()))];
  }

  #question(): Message {
    const outpoints = Array.from({ length: 20 }, (_, vout) => ({ txid: toHex(this.#random.bytes(32)) as Txid, vout }));
    const questions: readonly Message[] = [
      { type: 'GetPeers', body: {} },
      { type: 'Peers', body: { peers: outpoints.map(({ vout }) => ({ address: `93.184.${this.#random.below(256)}.${vout}:24200`, nodeId: undefined })) } },
      { type: 'DialBackRequest', body: { nonce: BigInt(this.#random.below(1_000)), port: this.#random.between(1, 65_535) } },
      { type: 'UtxoStateQuery', body: { query: this.#random.below(1_000), outpoints } },
      { type: 'GetPendingTransactions', body: {} },
      { type: 'GetBlockVotes', body: { height: this.#random.below(20) } },
      { type: 'GetTransactions', body: { txids: outpoints.map(({ txid }) => txid) } },
    ];
    return this.#random.pick(questions) ?? { type: 'GetPeers', body: {} };
  }
}

const fickleForMs = 8_000;

/** Now one of the others, then another. */
class Fickle implements Mischief {
  readonly #host: SimHost;
  readonly #random: Prng;
  readonly #world: World;
  #now: Mischief = silent;
  #untilMs = 0;

  constructor(host: SimHost, random: Prng, world: World) {
    this.#host = host;
    this.#random = random;
    this.#world = world;
  }

  outgoing(to: readonly ConnectionId[], message: Message): readonly Outgoing[] {
    if (this.#world.nowMs >= this.#untilMs) {
      this.#untilMs = this.#world.nowMs + this.#random.below(2 * fickleForMs);
      this.#now = mischiefOf(this.#host, this.#random, this.#world, this.#random.pick(steadyNames) ?? 'silent');
    }
    return this.#now.outgoing(to, message);
  }
}
