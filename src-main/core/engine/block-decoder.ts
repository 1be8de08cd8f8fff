import { assembleBlock, type Block, decodeBlockParts, type HashedBlock } from '../codec/block.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import type { EngineContext } from './context.ts';

/**
 * `decodeBlock` a slice at a time, so the answer of a large block comes in a later step; undefined for what does not decode. Transactions that
 * came here before the block are not decoded again.
 */
export function decodeInSlices(context: EngineContext, encoded: Uint8Array, then: (block: HashedBlock | undefined) => void): void {
  const parts = partsOf(encoded);
  if (parts === undefined) {
    then(undefined);
    return;
  }
  const transactions: HashedTransaction[] = [];
  context.inSlices(
    parts.transactions,
    (bytes) => {
      const one = decoded(context, bytes);
      if (one === undefined) {
        then(undefined);
        return false;
      }
      // The root needs it; asked here, it is made a few at a time.
      void one.leaf;
      transactions.push(one);
      return true;
    },
    () => then(assembleBlock(parts, transactions, encoded)),
  );
}

function partsOf(encoded: Uint8Array): Block | undefined {
  try {
    return decodeBlockParts(encoded);
  } catch {
    return undefined;
  }
}

function decoded(context: EngineContext, bytes: Uint8Array): HashedTransaction | undefined {
  try {
    return context.reader.transactions.decode(bytes);
  } catch {
    return undefined;
  }
}
