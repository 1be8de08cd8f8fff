import type { HashedTransaction } from '../src-main/core/codec/transaction.ts';
import type { GuardAnswer } from '../src-main/core/consensus/guard-answer.ts';
import type { RestoredHeight } from '../src-main/core/consensus/round-state.ts';
import { SignGuard } from '../src-main/core/consensus/sign-guard.ts';
import { ProposedBlocks } from '../src-main/core/engine/proposed-blocks.ts';
import type { GuardRecord } from '../src-main/core/store-operation.ts';
import type { BlockHash, OutpointKey, Txid } from '../src-shared/domain/ids.ts';
import { boundsOf, type SmallBlock, SmallCase } from './small-case.ts';

type GuardArguments = ConstructorParameters<typeof SignGuard>;
type PendingSource = ConstructorParameters<typeof ProposedBlocks>[0];

/**
 * A mistake, put in from outside: what a member is made of, in place of the engine's own. The exploration of each must find what the mistake lets
 * happen; that of `noMutation` must find nothing.
 */
export interface Mutation {
  readonly name: string;
  guardOf(...made: GuardArguments): SignGuard;
  proposedOf(mempool: PendingSource): ProposedBlocks;
  /** What the driver is told of the time before the start. */
  restored(height: RestoredHeight): RestoredHeight;
  /** What the store keeps of the guard's records when a block is decided. */
  afterBlock(kept: readonly GuardRecord[], before: readonly GuardRecord[], block: SmallBlock): readonly GuardRecord[];
  /** A quorum of prevotes that nobody sent is believed (line 36). */
  readonly believesPolka: boolean;
}

export const noMutation: Mutation = {
  name: 'none',
  guardOf: (...made) => new SignGuard(...made),
  proposedOf: (mempool) => new ProposedBlocks(mempool),
  restored: (height) => height,
  afterBlock: (kept) => kept,
  believesPolka: false,
};

class WithoutPrevoteClause extends SignGuard {
  override commit(vote: Parameters<SignGuard['commit']>[0]): GuardAnswer {
    return super.commit({ ...vote, prevotedBlockConflicts: () => false });
  }
}

class CommitIsNoLock extends SignGuard {
  override prevote(vote: Parameters<SignGuard['prevote']>[0]): GuardAnswer {
    return super.prevote({ ...vote, conflicts: () => false });
  }
}

class ForgetsEarlierPrevotes extends SignGuard {
  readonly #made: GuardArguments;
  constructor(...made: GuardArguments) {
    super(...made);
    this.#made = made;
  }
  override commit(vote: Parameters<SignGuard['commit']>[0]): GuardAnswer {
    const [records, height, epoch] = this.#made;
    const { round } = this.restored(height);
    const kept = records.filter((record) => record.kind !== 'block-vote' || record.phase !== 'prevote' || record.round === round);
    return new SignGuard(kept, height, epoch).commit(vote);
  }
}

/** Blocks of the heights that mutations are explored at. */
const anyBlock = new SmallCase(boundsOf(3, 1, 'X,Y,-,X!,Y!,-!'));
const coin = anyBlock.transfers[0]?.inputKeys[0] as OutpointKey;
const holdsAnother = (blockHash: BlockHash, committed: Txid): boolean => {
  const { transactions, header } = anyBlock.block(blockHash).hashed;
  return transactions.every(({ txid }) => txid !== committed) && (transactions.length > 0 || header.closesEpoch);
};

class CommitRefusesPrecommit extends SignGuard {
  readonly #conflicts: (blockHash: BlockHash, committed: Txid) => boolean;
  constructor(conflicts: (blockHash: BlockHash, committed: Txid) => boolean, ...made: GuardArguments) {
    super(...made);
    this.#conflicts = conflicts;
  }
  override precommit(vote: Parameters<SignGuard['precommit']>[0]): GuardAnswer {
    const { blockHash } = vote;
    const committed = this.committedFor(coin);
    if (blockHash === undefined || committed === undefined || !this.#conflicts(blockHash, committed)) return super.precommit(vote);
    return { ok: false, reason: { code: 'conflicts-with-commit', detail: blockHash } };
  }
}

/** Answers about prevotes from other records than it was made of. */
class PrevotesFrom extends SignGuard {
  readonly #other: SignGuard;
  constructor(change: (record: GuardRecord) => readonly GuardRecord[], ...made: GuardArguments) {
    super(...made);
    const [records, height, epoch] = made;
    this.#other = new SignGuard(records.flatMap(change), height, epoch);
  }
  override prevote(vote: Parameters<SignGuard['prevote']>[0]): GuardAnswer {
    return this.#other.prevote(vote);
  }
}

class ClosingIsNoConflict extends ProposedBlocks {
  override conflictsWith(hash: BlockHash, hashed: HashedTransaction): boolean | undefined {
    const block = this.block(hash);
    if (block?.header.closesEpoch !== true) return super.conflictsWith(hash, hashed);
    return block.transactions.some(({ txid, claimKeys }) => txid !== hashed.txid && claimKeys.some((key) => hashed.claimKeys.includes(key)));
  }
}

export const mutations = {
  /** Rule 2: "no own prevote in any round of the current height for a block that conflicts". */
  'no-prevote-clause': { ...noMutation, name: 'no-prevote-clause', guardOf: (...made) => new WithoutPrevoteClause(...made) },
  /** Rule 2: "in any round". */
  'prevotes-forgotten': { ...noMutation, name: 'prevotes-forgotten', guardOf: (...made) => new ForgetsEarlierPrevotes(...made) },
  /** Rule 3. */
  'commit-is-no-lock': { ...noMutation, name: 'commit-is-no-lock', guardOf: (...made) => new CommitIsNoLock(...made) },
  /** Rule 3: "in every height anew". */
  'commit-released-across-heights': {
    ...noMutation,
    name: 'commit-released-across-heights',
    afterBlock: (kept) => kept.filter(({ kind }) => kind !== 'commit'),
  },
  /** The definition of conflict: "or it closes the epoch". */
  'closing-passes-commit': { ...noMutation, name: 'closing-passes-commit', proposedOf: (mempool) => new ClosingIsNoConflict(mempool) },
  /** Lines 23 and 29. */
  'lock-ignored': {
    ...noMutation,
    name: 'lock-ignored',
    guardOf: (...made) => new PrevotesFrom((record) => (record.kind === 'lock' ? [] : [record]), ...made),
    restored: (height) => ({ ...height, locked: undefined }),
  },
  /** Line 29: "lockedRound <= vr". */
  'unlocked-by-earlier-quorum': {
    ...noMutation,
    name: 'unlocked-by-earlier-quorum',
    guardOf: (...made) => new PrevotesFrom((record) => (record.kind === 'lock' ? [{ ...record, lockedRound: 0 }] : [record]), ...made),
    restored: (height) => ({ ...height, locked: height.locked && { ...height.locked, round: 0 } }),
  },
  /** Rule 3: "lines 36 and 49 are not restricted". */
  'precommit-refused-on-commit': {
    ...noMutation,
    name: 'precommit-refused-on-commit',
    guardOf: (...made) => new CommitRefusesPrecommit(holdsAnother, ...made),
  },
  /** Line 36: "2f+1 prevotes". */
  'precommit-without-quorum': { ...noMutation, name: 'precommit-without-quorum', believesPolka: true },
} satisfies Record<string, Mutation>;
