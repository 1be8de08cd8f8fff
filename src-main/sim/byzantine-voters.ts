import type { BlockHash, OutpointKey, Txid } from '../../src-shared/domain/ids.ts';
import { decodeBlock } from '../core/codec/block.ts';
import type { BlockVote } from '../core/codec/block-vote.ts';
import type { Message } from '../core/codec/message.ts';
import { decodeTransaction } from '../core/codec/transaction.ts';
import type { ConnectionId } from '../core/net/connection-id.ts';
import { FreeHand } from './faulty-signatures.ts';
import { type Mischief, type Outgoing, outgoing, type SimHost } from './host.ts';
import type { Prng } from './prng.ts';
import { rivalBlock } from './rival-block.ts';

/** Signs whatever there is to sign: two blocks in a round, votes for both, accepts and commits of every transaction it hears of, rivals included. */
export class Equivocator implements Mischief {
  readonly #host: SimHost;
  readonly #hand: FreeHand;
  readonly #random: Prng;
  readonly #hashesAt = new Map<number, BlockHash[]>();
  readonly #votedFor = new Set<Txid>();

  constructor(host: SimHost, random: Prng) {
    this.#host = host;
    this.#hand = new FreeHand(host);
    this.#random = random;
  }

  outgoing(to: readonly ConnectionId[], message: Message): readonly Outgoing[] {
    switch (message.type) {
      case 'BlockProposal':
        this.#note(message.body.height, message.body.blockHash);
        return this.#hand.isOwn(message) ? this.#twoProposals(to, message) : [outgoing(to, message)];
      case 'BlockVote':
        return this.#hand.isOwn(message) ? this.#twoVotes(to, message) : [outgoing(to, message)];
      case 'TransactionBroadcast':
        return [outgoing(to, message), ...this.#everyVote(to, message.body.transactions)];
      default:
        return [outgoing(to, message)];
    }
  }

  #twoProposals(to: readonly ConnectionId[], message: Extract<Message, { type: 'BlockProposal' }>): Outgoing[] {
    const rival = rivalBlock(this.#host, decodeBlock(message.body.block));
    if (rival === undefined) return [outgoing(to, message)];
    this.#note(message.body.height, rival.hash);
    return this.#split(to, message, this.#hand.proposal(message.body, rival));
  }
  #twoVotes(to: readonly ConnectionId[], message: Extract<Message, { type: 'BlockVote' }>): Outgoing[] {
    const { height, round, phase } = message.body;
    const others = [undefined, ...(this.#hashesAt.get(height) ?? [])].filter((hash) => hash !== message.body.blockHash);
    return this.#split(to, message, this.#hand.vote({ height, round, phase, blockHash: this.#random.pick(others) }));
  }
  #everyVote(to: readonly ConnectionId[], transactions: readonly Uint8Array[]): Outgoing[] {
    const fresh = transactions.map((encoded) => decodeTransaction(encoded).txid).filter((txid) => !this.#votedFor.has(txid));
    if (fresh.length === 0) return [];
    for (const txid of fresh) this.#votedFor.add(txid);
    return [outgoing(to, this.#hand.everything(fresh))];
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
}

/** Always tells the same ones one thing, and the others another: proposals, votes, and which transfer it accepts. */
export class TwoFaced implements Mischief {
  readonly #host: SimHost;
  readonly #hand: FreeHand;
  readonly #salt: number;

  constructor(host: SimHost, random: Prng) {
    this.#host = host;
    this.#hand = new FreeHand(host);
    this.#salt = random.below(2);
  }

  outgoing(to: readonly ConnectionId[], message: Message): readonly Outgoing[] {
    if (!this.#hand.isOwn(message)) return [outgoing(to, message)];
    const there = (connection: ConnectionId): boolean => connection % 2 === this.#salt;
    return [
      outgoing(to.filter(there), message),
      outgoing(
        to.filter((connection) => !there(connection)),
        this.#otherwise(message),
      ),
    ];
  }

  #otherwise(message: Message): Message {
    if (message.type === 'BlockProposal') {
      const rival = rivalBlock(this.#host, decodeBlock(message.body.block));
      return rival === undefined ? message : this.#hand.proposal(message.body, rival);
    }
    if (message.type === 'BlockVote') return this.#hand.vote({ ...message.body, blockHash: undefined });
    // Of a coin that is paid twice the other half hears votes for every payment.
    const rivals = this.#contested();
    return rivals.length === 0 ? message : this.#hand.everything(rivals);
  }
  #contested(): Txid[] {
    const pending = this.#host.views.pendingTransactions();
    const spenders = new Map<OutpointKey, number>();
    for (const { claimKeys } of pending) for (const key of claimKeys) spenders.set(key, (spenders.get(key) ?? 0) + 1);
    return pending.filter(({ claimKeys }) => claimKeys.some((key) => (spenders.get(key) ?? 0) > 1)).map(({ txid }) => txid);
  }
}

/** Forgets every lock: prevotes and precommits whatever is proposed, in whatever round. */
export class Amnesiac implements Mischief {
  readonly #hand: FreeHand;

  constructor(host: SimHost) {
    this.#hand = new FreeHand(host);
  }

  outgoing(to: readonly ConnectionId[], message: Message): readonly Outgoing[] {
    if (message.type === 'BlockVote' && this.#hand.isOwn(message)) return [];
    if (message.type !== 'BlockProposal') return [outgoing(to, message)];
    const { height, round, blockHash } = message.body;
    const votes = (['prevote', 'precommit'] as const).map(
      (phase): Pick<BlockVote, 'height' | 'round' | 'phase' | 'blockHash'> => ({ height, round, phase, blockHash }),
    );
    return [outgoing(to, message), ...votes.map((vote) => outgoing(to, this.#hand.vote(vote)))];
  }
}

/** Transfers whose votes it keeps back. */
const maxHeldBack = 200;

/**
 * Keeps its accepts back until a block is on its way, and then votes for all that the block leaves out: so that certificates of rivals come while members prevote. With
 * clients that pay one coin twice this costs a round (docs/consensus.md, Liveness).
 */
export class Ambusher implements Mischief {
  readonly #hand: FreeHand;
  readonly #heldBack = new Set<Txid>();

  constructor(host: SimHost) {
    this.#hand = new FreeHand(host);
  }

  outgoing(to: readonly ConnectionId[], message: Message): readonly Outgoing[] {
    if (message.type === 'TransactionVotes' && this.#hand.isOwn(message)) return [];
    if (message.type === 'TransactionBroadcast') this.#hold(message.body.transactions);
    if (message.type !== 'BlockProposal') return [outgoing(to, message)];
    const included = new Set(decodeBlock(message.body.block).transactions.map(({ txid }) => txid));
    const left = [...this.#heldBack].filter((txid) => !included.has(txid));
    this.#heldBack.clear();
    return [...(left.length === 0 ? [] : [outgoing(to, this.#hand.everything(left))]), outgoing(to, message)];
  }

  #hold(transactions: readonly Uint8Array[]): void {
    for (const encoded of transactions) this.#heldBack.add(decodeTransaction(encoded).txid);
    for (const txid of this.#heldBack) if (this.#heldBack.size > maxHeldBack) this.#heldBack.delete(txid);
  }
}
