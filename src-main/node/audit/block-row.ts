import type { BlockHash } from '../../../src-shared/domain/ids.ts';
import { type HashedBlock, hashHeader } from '../../core/codec/block.ts';
import { hasBodyOfHeader } from '../../core/ledger/check-block.ts';
import type { BlockRow } from './chain-rows.ts';

/**
 * What is wrong with a stored block by itself: its bytes are what its hash says, it follows the block before, and the row's columns are the header's.
 * `previous`: the hash of the block before, where it is known.
 */
export function checkBlockRow(
  row: BlockRow,
  { header, transactions, ...block }: HashedBlock,
  height: number,
  previous: BlockHash | undefined,
): string | undefined {
  if (hashHeader(header) !== row.hash) return `its header hashes to ${hashHeader(header)}, and not to ${row.hash}`;
  if (!hasBodyOfHeader({ header, transactions, ...block })) return 'its transactions or its parent’s certificate are not those of its header';
  if (header.height !== height) return `its header says height ${header.height}`;
  if (previous !== undefined && header.previousHash !== previous) return `it follows ${header.previousHash}, and not ${previous}`;
  const { time, round, proposer } = header;
  const same = time === row.time && round === row.round && proposer === row.proposer && transactions.length === row.transactions;
  return same ? undefined : 'its row says otherwise than its header';
}
