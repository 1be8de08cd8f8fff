import type { Txid } from '../../../src-shared/domain/ids.ts';
import type { ApplyBlock, RevertBlock, StoreOperation } from '../../core/store-operation.ts';
import { type CoinColumns, coinColumns, type OutpointColumns, outpointColumns } from './coin-columns.ts';
import { encodeGuardRecord, type GuardKeys, guardKeys } from './guard-record.ts';

/**
 * A batch as it crosses to the storage worker: all byte strings one after the other in one buffer, which is transferred and not cloned. (A clone of
 * a short view would copy the whole message that the view was cut from.)
 */
export interface PackedBatch {
  readonly number: number;
  readonly operations: readonly PackedOperation[];
  readonly bytes: Uint8Array;
}

/** Where in the batch's bytes a byte string is. */
export type Span = readonly [start: number, end: number];

type WithSpans<T> = { readonly [K in keyof T]: T[K] extends Uint8Array ? Span : T[K] extends Uint8Array | undefined ? Span | undefined : T[K] };
type Packed<T> = T extends ApplyBlock | RevertBlock | { readonly kind: 'guard' } ? never : WithSpans<T>;

export type PackedOperation =
  | Packed<StoreOperation>
  | PackedApplyBlock
  | PackedRevertBlock
  | PackedGuard
  | { readonly kind: 'release'; readonly txids: readonly Txid[] }
  | { readonly kind: 'end-silence' };
export type PackedApplyBlock = PackedBlock<ApplyBlock>;
export type PackedRevertBlock = PackedBlock<RevertBlock>;
type PackedBlock<T extends ApplyBlock | RevertBlock> = WithSpans<Omit<T, 'added' | 'removed' | 'transactions'>> & {
  readonly added: CoinColumns;
  readonly removed: OutpointColumns;
  /** 64 hex digits each, in block order. */
  readonly txids: string;
  /** How many of `locks` each transaction has. */
  readonly lockCounts: Uint16Array;
  /** 40 hex digits each. */
  readonly locks: string;
};
export type PackedGuard = GuardKeys & { readonly kind: 'guard'; readonly record: Span };

export class BatchPacker {
  readonly #operations: PackedOperation[] = [];
  readonly #parts: Uint8Array[] = [];
  #byteLength = 0;

  get isEmpty(): boolean {
    return this.#operations.length === 0;
  }

  add(operation: StoreOperation): void {
    this.#operations.push(this.#packed(operation));
  }

  finish(number: number): PackedBatch {
    const bytes = new Uint8Array(this.#byteLength);
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return { number, operations: this.#operations, bytes };
  }

  #packed(operation: StoreOperation): PackedOperation {
    switch (operation.kind) {
      case 'apply-block': {
        const { undo, registryBefore } = operation;
        return { ...this.#block(operation), undo: this.#span(undo), registryBefore: registryBefore && this.#span(registryBefore) };
      }
      case 'revert-block':
        return this.#block(operation);
      case 'guard': {
        const { record } = operation;
        if (record.kind === 'release' || record.kind === 'end-silence') return record;
        return { kind: 'guard', ...guardKeys(record), record: this.#span(encodeGuardRecord(record)) };
      }
      case 'put-transaction':
      case 'put-bundle':
      case 'put-proposed-block':
      case 'put-block-votes':
      case 'put-evidence':
      case 'put-halt':
        return { ...operation, encoded: this.#span(operation.encoded) };
      case 'remove-transactions':
      case 'remove-bundles':
      case 'mark-final':
      case 'mark-invalid':
      case 'unmark-invalid':
      case 'put-addresses':
      case 'remove-addresses':
      case 'put-ban':
      case 'remove-bans':
        return operation;
    }
  }

  #block<T extends ApplyBlock | RevertBlock>({ added, removed, transactions, ...block }: T) {
    const lockCounts = new Uint16Array(transactions.length);
    let txids = '';
    let locks = '';
    for (const [i, transaction] of transactions.entries()) {
      txids += transaction.txid;
      lockCounts[i] = transaction.locks.length;
      for (const lock of transaction.locks) locks += lock;
    }
    return {
      ...block,
      encoded: this.#span(block.encoded),
      certificate: block.certificate && this.#span(block.certificate),
      setHashState: this.#span(block.setHashState),
      registry: this.#span(block.registry),
      added: coinColumns(added),
      removed: outpointColumns(removed),
      txids,
      lockCounts,
      locks,
    };
  }

  #span(bytes: Uint8Array): Span {
    const start = this.#byteLength;
    this.#parts.push(bytes);
    this.#byteLength += bytes.length;
    return [start, this.#byteLength];
  }
}
