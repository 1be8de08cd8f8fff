import type { BlockHash, Txid } from '../../src-shared/domain/ids.ts';
import { decodeBlock } from '../core/codec/block.ts';
import type { BlockVote } from '../core/codec/block-vote.ts';
import { blockProposalMessage, blockVoteMessage } from '../core/codec/block-vote.ts';
import { encodeMessage, type Message } from '../core/codec/message.ts';
import { decodeTransaction } from '../core/codec/transaction.ts';
import { decodeVoteBundle, type TransactionVote, voteBundleCodec, voteBundleMessage } from '../core/codec/vote-bundle.ts';
import { toHex } from '../core/crypto/hex.ts';
import type { ConnectionId } from '../core/net/connection-id.ts';
import { garbled } from './garble.ts';
import { type Mischief, type Outgoing, outgoing, type SimHost } from './host.ts';
import type { Prng } from './prng.ts';
import { rivalBlock } from './rival-block.ts';
import type { World } from './world.ts';

/** How a masternode can be faulty. Each has an engine that is honest, and this between it and the wire. */
export const mischiefNames = ['silent', 'withholder', 'equivocator', 'garbler', 'pest'] as const;
export type MischiefName = (typeof mischiefNames)[number];

const makers: Record<MischiefName, (host: SimHost, random: Prng) => Mischief> = {
  silent: () => silent,
  withholder: (host, random) => new Withholder(host, random),
  equivocator: (host, random) => new Equivocator(host, random),
  garbler: (_, random) => new Garbler(random),
  pest: (_, random) => new Pest(random),
};

export function mischiefOf(host: SimHost, random: Prng, world: World, name = random.pick(mischiefNames) ?? 'silent'): Mischief {
  world.log(host.name, `is a ${name}`);
  return makers[name](host, random);
}

const spoken: ReadonlySet<Message['type']> = new Set<Message['type']>(['Hello', 'HelloAck', 'Ping', 'Pong', 'Disconnect']);

/** Connected, and says nothing. */
const silent: Mischief = { outgoing: (to, message) => (spoken.has(message.type) ? [outgoing(to, message)] : []) };

/** Votes and proposes as it should, and tells only some: here a certificate, there none. */
class Withholder implements Mischief {
  readonly #host: SimHost;
  readonly #random: Prng;

  constructor(host: SimHost, random: Prng) {
    this.#host = host;
    this.#random = random;
  }

  outgoing(to: readonly ConnectionId[], message: Message): readonly Outgoing[] {
    const told = this.#isOwn(message) ? to.filter(() => this.#random.chance(0.4)) : to.filter(() => this.#random.chance(0.9) || spoken.has(message.type));
    return [outgoing(told, message)];
  }
  #isOwn(message: Message): boolean {
    const { nodeId } = this.#host;
    if (message.type === 'BlockProposal' || message.type === 'BlockVote') return message.body.nodeId === nodeId;
    return message.type === 'TransactionVotes' && message.body.bundles.some((encoded) => decodeVoteBundle(encoded).bundle.nodeId === nodeId);
  }
}

/** Signs whatever there is to sign: two blocks in a round, votes for both, accepts and commits of every transaction it hears of, rivals included. */
class Equivocator implements Mischief {
  readonly #host: SimHost;
  readonly #random: Prng;
  readonly #hashesAt = new Map<number, BlockHash[]>();
  readonly #votedFor = new Set<string>();

  constructor(host: SimHost, random: Prng) {
    this.#host = host;
    this.#random = random;
  }

  outgoing(to: readonly ConnectionId[], message: Message): readonly Outgoing[] {
    switch (message.type) {
      case 'BlockProposal':
        this.#note(message.body.height, message.body.blockHash);
        return message.body.nodeId === this.#host.nodeId ? this.#twoProposals(to, message) : [outgoing(to, message)];
      case 'BlockVote':
        return message.body.nodeId === this.#host.nodeId ? this.#twoVotes(to, message.body) : [outgoing(to, message)];
      case 'TransactionBroadcast':
        return [outgoing(to, message), ...this.#everyVote(to, message.body.transactions)];
      default:
        return [outgoing(to, message)];
    }
  }

  #twoProposals(to: readonly ConnectionId[], message: Extract<Message, { type: 'BlockProposal' }>): Outgoing[] {
    const { height, round, validRound } = message.body;
    const rival = rivalBlock(this.#host, decodeBlock(message.body.block));
    if (rival === undefined) return [outgoing(to, message)];
    this.#note(height, rival.hash);
    const place = { height, round, validRound, blockHash: rival.hash };
    const body = { ...place, nodeId: this.#host.nodeId, block: rival.encoded, signature: this.#host.sign(blockProposalMessage(this.#genesisHash, place)) };
    return this.#split(to, message, { type: 'BlockProposal', body });
  }

  #twoVotes(to: readonly ConnectionId[], vote: BlockVote): Outgoing[] {
    const others = [undefined, ...(this.#hashesAt.get(vote.height) ?? [])].filter((hash) => hash !== vote.blockHash);
    const place = { height: vote.height, round: vote.round, phase: vote.phase, blockHash: this.#random.pick(others) };
    const body = { ...place, nodeId: vote.nodeId, signature: this.#host.sign(blockVoteMessage(this.#genesisHash, place)) };
    return this.#split(to, { type: 'BlockVote', body: vote }, { type: 'BlockVote', body });
  }

  #everyVote(to: readonly ConnectionId[], transactions: readonly Uint8Array[]): Outgoing[] {
    const fresh = transactions.map((encoded) => decodeTransaction(encoded).txid).filter((txid) => !this.#votedFor.has(txid));
    if (fresh.length === 0) return [];
    for (const txid of fresh) this.#votedFor.add(txid);
    const votes = fresh.flatMap((txid): TransactionVote[] => [
      { txid, choice: 'accept', code: 'none' },
      { txid, choice: 'commit', code: 'none' },
    ]);
    const unsigned = { nodeId: this.#host.nodeId, epoch: this.#host.views.snapshot().epoch, votes };
    const bundle = voteBundleCodec.encode({ ...unsigned, signature: this.#host.sign(voteBundleMessage(this.#genesisHash, unsigned)) });
    return [outgoing(to, { type: 'TransactionVotes', body: { bundles: [bundle] } })];
  }

  /** One to these, the other to those, both to some. */
  #split(to: readonly ConnectionId[], one: Message, two: Message): Outgoing[] {
    const first: ConnectionId[] = [];
    const second: ConnectionId[] = [];
    for (const connection of to) {
      const share = this.#random.next();
      if (share < 0.6) first.push(connection);
      if (share > 0.4) second.push(connection);
    }
    return [outgoing(first, one), outgoing(second, two)];
  }

  #note(height: number, hash: BlockHash): void {
    const known = this.#hashesAt.get(height) ?? [];
    if (!known.includes(hash)) this.#hashesAt.set(height, [...known, hash]);
  }
  get #genesisHash(): SimHost['genesis']['hash'] {
    return this.#host.genesis.hash;
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
