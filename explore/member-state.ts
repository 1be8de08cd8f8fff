import type { HashedTransaction } from '../src-main/core/codec/transaction.ts';
import type { GuardRecord } from '../src-main/core/store-operation.ts';
import type { SmallBlock, SmallCase } from './small-case.ts';

/** All that an honest member holds for certain: what a crash leaves. */
export interface MemberState {
  /** Decided. */
  readonly chain: readonly SmallBlock[];
  readonly records: readonly GuardRecord[];
}

export const epochOf = (chain: readonly SmallBlock[]): number => chain.filter(({ closesEpoch }) => closesEpoch).length;

/** In the block, or spending what it spends: as `ChainFlow`. */
export const settles = (block: SmallBlock, smallCase: SmallCase): readonly HashedTransaction[] => (block.holds === undefined ? [] : smallCase.transfers);

/** As the store deletes them with a block: those of its height, those released, and all of an epoch that it closes. */
export function recordsAfterBlock(records: readonly GuardRecord[], { height, closesEpoch }: SmallBlock): readonly GuardRecord[] {
  const released = new Set(records.flatMap((record) => (record.kind === 'release' ? record.txids : [])));
  return records.filter((record) => {
    if (record.kind === 'release') return false;
    if (record.kind === 'accept' || record.kind === 'commit') return !closesEpoch && !released.has(record.txid);
    // No operator takes blocks off here.
    return record.kind === 'silence' || record.kind === 'end-silence' || record.height > height;
  });
}

/**
 * The records that matter to any later answer, in an order of their own. Dropped are locked and valid values that later ones replaced, and votes for nil: a member
 * that voted for nil in a round has something of a later step or round behind it (see `Moves`), and the guard refuses to go back before that just
 * as it refuses to vote twice.
 */
export function canonical(records: readonly GuardRecord[]): readonly GuardRecord[] {
  const last = { lock: records.findLastIndex(({ kind }) => kind === 'lock'), valid: records.findLastIndex(({ kind }) => kind === 'valid') };
  return records
    .filter((record, index) => {
      if (record.kind === 'lock' || record.kind === 'valid') return index === last[record.kind];
      return record.kind !== 'block-vote' || record.blockHash !== undefined;
    })
    .map((record) => ({ record, key: keyOf(record) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ record }) => record);
}

/** Votes of earlier rounds first: the guard learns in that order. */
export function keyOf(record: GuardRecord): string {
  switch (record.kind) {
    case 'block-vote':
      return `b${record.height} ${record.round} ${record.phase === 'prevote' ? 0 : 1} ${record.blockHash ?? 'nil'}`;
    case 'proposal':
      return `p${record.height} ${record.round} ${record.validRound ?? '-'} ${record.blockHash}`;
    case 'lock':
      return `l${record.height} ${record.lockedRound} ${record.lockedHash}`;
    case 'valid':
      return `v${record.height} ${record.validRound} ${record.validHash}`;
    case 'accept':
    case 'commit':
      return `${record.kind === 'accept' ? 'a' : 'c'}${record.epoch} ${record.txid}`;
    case 'release':
      return `r${record.txids.join()}`;
    case 'silence':
      return `s${record.throughHeight} ${record.throughEpoch} ${record.tipHash}`;
    case 'end-silence':
      return 'e';
  }
}
