import type { BlockHash } from '../../../src-shared/domain/ids.ts';
import type { HashedBlock } from '../codec/block.ts';
import { type BlockProposal, type BlockVote, type BlockVotePhase, blockProposalMessage, blockVoteMessage, blockVotesCodec } from '../codec/block-vote.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import type { GuardAnswer } from '../consensus/guard-answer.ts';
import type { Prevote, RoundValue } from '../consensus/round-state.ts';
import type { SignGuard } from '../consensus/sign-guard.ts';
import { earlyBlockBytes, proposalClockToleranceMs } from '../constants.ts';
import type { Genesis } from '../genesis.ts';
import { mayCloseEpoch } from '../masternodes/epoch-close.ts';
import type { Registry } from '../masternodes/registry.ts';
import type { Mempool } from '../mempool/mempool.ts';
import { isCertified } from '../mempool/mempool-entry.ts';
import { type Params, slotOf } from '../params.ts';
import type { StoreOperation } from '../store-operation.ts';
import { bytesOfTransactions, roomForTransactions } from './block-room.ts';
import type { EngineContext, EngineOptions } from './context.ts';
import type { ProposedBlocks } from './proposed-blocks.ts';

/** What signing votes on blocks needs of the engine, and no more: `explore/` puts every situation of small cases before it. */
export interface BlockVoteContext extends Pick<EngineContext, 'maySign' | 'nowMs' | 'persist' | 'persistGuard' | 'publish' | 'snapshot'> {
  readonly guard: Pick<SignGuard, 'prevote' | 'precommit' | 'propose' | 'lock' | 'valid' | 'ownVotes'>;
  readonly mempool: Pick<Mempool, 'get' | 'conflictsOf' | 'mustInclude'>;
  readonly genesis: Pick<Genesis, 'hash' | 'time'>;
  readonly options: Pick<EngineOptions, 'self' | 'signer'>;
  readonly params: Pick<Params, 'blockIntervalMs' | 'finalMustBeIncludedMs'>;
  readonly registry: Pick<Registry, 'progress'>;
}

/** Asks the guard, has its records stored, and signs: every block vote and proposal of this node comes from here. */
export class BlockVoteSigner {
  readonly #context: BlockVoteContext;
  readonly #proposed: ProposedBlocks;

  constructor(context: BlockVoteContext, proposed: ProposedBlocks) {
    this.#context = context;
    this.#proposed = proposed;
  }

  /**
   * A block that this node may not prevote becomes a vote for none. Undefined where this node does not vote, or the guard refuses even
   * that: it has voted otherwise before.
   */
  prevote(height: number, prevote: Prevote): BlockVote | undefined {
    const { round } = prevote;
    if (prevote.blockHash !== undefined) {
      const block = this.#proposed.block(prevote.blockHash);
      const objection = block === undefined ? 'block-not-here' : prevote.fresh ? this.#objectionTo(block, round) : undefined;
      if (objection !== undefined) this.#refused('prevote', height, round, objection);
      const vote = block === undefined || objection !== undefined ? undefined : this.#prevoteOf(height, prevote, block);
      if (vote !== undefined) return vote;
    }
    return this.#prevoteOf(height, { round, blockHash: undefined, fresh: false }, undefined);
  }

  precommit(height: number, round: number, blockHash: BlockHash | undefined): BlockVote | undefined {
    if (!this.#context.maySign) return undefined;
    const answer = this.#context.guard.precommit({ height, round, blockHash });
    if (!answer.ok) return this.#refused('precommit', height, round, answer.reason.code);
    this.#context.persistGuard(answer.records);
    return this.#sign(height, round, 'precommit', blockHash);
  }

  propose(height: number, round: number, block: HashedBlock, validRound: number | undefined): BlockProposal | undefined {
    if (!this.#context.maySign) return undefined;
    const answer = this.#context.guard.propose({ height, round, validRound, blockHash: block.hash });
    if (!answer.ok) return this.#refused('proposal', height, round, answer.reason.code);
    this.#context.persist([
      ...answer.records.map((record): StoreOperation => ({ kind: 'guard', record })),
      { kind: 'put-proposed-block', height, hash: block.hash, encoded: block.encoded },
    ]);
    const proposal = { height, round, validRound, blockHash: block.hash, nodeId: this.#context.options.self, block: block.encoded };
    return { ...proposal, signature: this.#context.options.signer.sign(blockProposalMessage(this.#context.genesis.hash, proposal)) };
  }

  /**
   * The first of these that can be proposed afresh, though no quorum prevoted it: a valid block of an earlier round, such as this node would prevote now, and in conflict with
   * no certificate that it knows, as a block made now would be (protocol section 6, Liveness). Nor may it settle what is contested, once a block was overtaken.
   * One of a later round waits for its turn: else whoever has any turn of the height could take the first.
   */
  toProposeAgain(hashes: readonly BlockHash[], round: number): BlockHash | undefined {
    const blocks = hashes
      .flatMap((hash) => this.#valid(hash) ?? [])
      .filter((block) => block.header.round < round && this.#objectionTo(block, round) === undefined);
    if (blocks.length === 0) return undefined;
    const overtaken = this.#proposed.overtaken();
    const leavesOutContested = this.#proposed.wereOvertakenBefore(round, overtaken);
    const isFree = ({ transactions }: HashedBlock): boolean => !leavesOutContested || transactions.every((one) => this.#isUncontested(one));
    return blocks.find((block) => !overtaken.has(block.hash) && isFree(block))?.hash;
  }

  /** Whether this node would prevote it in this round, proposed afresh, as far as the guard lets it. */
  isAcceptable(hash: BlockHash, round: number): boolean {
    const block = this.#valid(hash);
    return block !== undefined && this.#objectionTo(block, round) === undefined && !this.#proposed.overtaken().has(hash);
  }
  #valid(hash: BlockHash): HashedBlock | undefined {
    return this.#proposed.validity(hash)?.kind === 'valid' ? this.#proposed.block(hash) : undefined;
  }

  /** Certified, or nothing known conflicts with it. */
  #isUncontested(hashed: HashedTransaction): boolean {
    const { mempool } = this.#context;
    return isCertified(mempool.get(hashed.txid)?.status ?? 'pending') || mempool.conflictsOf(hashed).length === 0;
  }

  lock(height: number, { round, blockHash }: RoundValue): void {
    this.#record(this.#context.guard.lock({ height, round, blockHash }));
  }

  /**
   * Who is locked on a block may be the only one left to propose it, and to show the votes for it, also after a crash. A block that this node
   * prevoted is stored already.
   */
  keepValid(height: number, { round, blockHash }: RoundValue, prevotes: readonly BlockVote[]): void {
    const { guard } = this.#context;
    const block = this.#proposed.block(blockHash);
    const isStored = guard.ownVotes(height).some((vote) => vote.phase === 'prevote' && vote.blockHash === blockHash);
    if (block !== undefined && !isStored) this.#context.persist([{ kind: 'put-proposed-block', height, hash: blockHash, encoded: block.encoded }]);
    this.#context.persist([{ kind: 'put-block-votes', height, round, encoded: blockVotesCodec.encode(prevotes) }]);
    this.#record(guard.valid({ height, round, blockHash }));
  }

  /** A vote that the guard remembers from before a restart: Ed25519 is deterministic, so this is the same message. */
  signAgain(height: number, round: number, phase: BlockVotePhase, blockHash: BlockHash | undefined): BlockVote | undefined {
    return this.#context.maySign ? this.#sign(height, round, phase, blockHash) : undefined;
  }

  #prevoteOf(height: number, prevote: Prevote, block: HashedBlock | undefined): BlockVote | undefined {
    if (!this.#context.maySign) return undefined;
    const { round } = prevote;
    const answer = this.#context.guard.prevote({
      ...prevote,
      height,
      // Whether what it committed and does not have any more can be applied after the block it cannot say, so it must not help to decide it; unless that is in it.
      conflicts: (txid) => {
        if (block === undefined || this.#proposed.holds(block.hash, txid)) return false;
        const committed = this.#context.mempool.get(txid)?.hashed;
        return committed === undefined || (this.#proposed.conflictsWith(block.hash, committed) ?? true);
      },
    });
    if (!answer.ok) return this.#refused('prevote', height, round, answer.reason.code);
    this.#context.persist([
      ...answer.records.map((record): StoreOperation => ({ kind: 'guard', record })),
      // So that after a crash it is known what this vote conflicts with.
      ...(block === undefined ? [] : [{ kind: 'put-proposed-block', height, hash: block.hash, encoded: block.encoded } as const]),
    ]);
    return this.#sign(height, round, 'prevote', block?.hash);
  }

  /** A refusal is no harm: what was locked before is locked higher. */
  #record(answer: GuardAnswer): void {
    if (answer.ok) this.#context.persistGuard(answer.records);
  }

  #sign(height: number, round: number, phase: BlockVotePhase, blockHash: BlockHash | undefined): BlockVote {
    const vote = { height, round, phase, blockHash };
    const signature = this.#context.options.signer.sign(blockVoteMessage(this.#context.genesis.hash, vote));
    return { ...vote, nodeId: this.#context.options.self, signature };
  }

  /** What depends on the clock or on what this node has seen: asked of fresh proposals only (protocol section 7). */
  #objectionTo(block: HashedBlock, round: number): string | undefined {
    const { nowMs, params, genesis, registry, mempool, snapshot } = this.#context;
    const slot = slotOf(params, genesis.time, block.header.time);
    const earliest = slotOf(params, genesis.time, nowMs - proposalClockToleranceMs);
    const latest = slotOf(params, genesis.time, nowMs + proposalClockToleranceMs);
    if (slot < earliest || slot > latest) return 'slot-is-not-now';
    const isToClose = !block.header.closesEpoch && mayCloseEpoch(registry, genesis.time, params, block.header.time);
    if (isToClose && block.encoded.length < earlyBlockBytes) return 'epoch-is-to-close';
    const included = new Set(block.transactions.map(({ txid }) => txid));
    // What an honest proposer would have found room for.
    let room = roomForTransactions(snapshot, block.previousCertificate, block.latePrecommits) - bytesOfTransactions(block.transactions.slice(1));
    for (const txid of mempool.mustInclude(nowMs, params.finalMustBeIncludedMs * 2 ** Math.min(round, maxPatienceDoublings))) {
      const missing = included.has(txid) ? undefined : mempool.get(txid)?.hashed;
      if (missing === undefined) continue;
      room -= bytesOfTransactions([missing]);
      if (room >= 0) return 'leaves-out-final-transactions';
    }
    return undefined;
  }

  #refused(what: string, height: number, round: number, reason: string): undefined {
    this.#context.publish({ kind: 'vote-refused', what: `${what} at height ${height} round ${round}`, reason });
    return undefined;
  }
}

/** Beyond some 2^20 x 10 s nothing is demanded of a proposer any more. */
const maxPatienceDoublings = 20;
