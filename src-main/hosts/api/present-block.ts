import type { BlockHash } from '../../../src-shared/domain/ids.ts';
import type { BlockHeader } from '../../core/codec/block.ts';

interface PresentedBlock {
  readonly hash: BlockHash;
  readonly header: BlockHeader;
  readonly sizeBytes: number;
  readonly transactions: number;
  readonly tipHeight: number;
}

/** What every answer about a block begins with. */
export const blockHeaderOf = ({ hash, header, sizeBytes, transactions, tipHeight }: PresentedBlock) => ({
  hash,
  height: header.height,
  version: header.version,
  confirmations: Math.max(0, tipHeight - header.height + 1),
  previousblockhash: header.previousHash,
  time: header.time,
  round: header.round,
  proposer: header.proposer,
  closesepoch: header.closesEpoch,
  transactionsroot: header.transactionsRoot,
  utxosethash: header.utxoSetHash,
  registryhash: header.registryHash,
  snapshothash: header.snapshotHash,
  size: sizeBytes,
  ntx: transactions,
});
