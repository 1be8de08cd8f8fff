import { type OutpointKey, outpointOf, type Txid } from '../../../src-shared/domain/ids.ts';

/** What the question needs to know of a block. */
export interface BlockContents {
  contains(txid: Txid): boolean;
  /** The transaction in this block that spends the coin, or registers it as collateral. */
  spenderOf(key: OutpointKey): Txid | undefined;
  readonly closesEpoch: boolean;
  /**
   * Of transactions that are not in it: what was found before, for as long as the block is one of the height being decided, while the answer cannot change: what a pending
   * transaction spends is given, and what made it is pending or decided until then. As many as were certified meanwhile.
   */
  readonly answers: Map<Txid, boolean>;
}

/**
 * Whether a block conflicts with the transaction X (protocol section 6, Conflict): it does not contain X, and X cannot be applied after it or
 * it closes the epoch. Ancestors of the block are decided, so X in one of them is settled and nobody asks any more.
 *
 * X can be applied after it if every coin that X spends is there: nothing else in the block spends it, and the pending transaction that
 * makes it, if there is one, is in the block or can be applied after it too. A pending parent that is merely absent from the block
 * is no conflict: a later block takes the parent and X together.
 *
 * Each coin is looked at once for a block, however long the chains of what is pending: else a mempool of large ones takes seconds for each block, and rounds
 * fail for that alone.
 *
 * @param pendingParentInputs the inputs of a transaction that is final but in no block yet; undefined for any other.
 */
export function blockConflictsWith(
  x: { readonly txid: Txid; readonly inputs: readonly OutpointKey[] },
  block: BlockContents,
  pendingParentInputs: (txid: Txid) => readonly OutpointKey[] | undefined,
): boolean {
  if (block.contains(x.txid)) return false;
  if (block.closesEpoch) return true;
  const { answers } = block;
  const known = answers.get(x.txid);
  if (known !== undefined) return known;
  const answer = (conflicts: boolean): boolean => {
    answers.set(x.txid, conflicts);
    return conflicts;
  };
  const visited = new Set<Txid>();
  const absent = [x];
  for (const { inputs } of absent) {
    for (const key of inputs) {
      // Neither X nor the ancestor it leads to is in the block, so whoever spends the coin there is another.
      if (block.spenderOf(key) !== undefined) return answer(true);
      const parent = outpointOf(key).txid;
      if (visited.has(parent) || block.contains(parent)) continue;
      visited.add(parent);
      const ofParent = answers.get(parent);
      if (ofParent === true) return answer(true);
      const parentInputs = ofParent === undefined ? pendingParentInputs(parent) : undefined;
      if (parentInputs !== undefined) absent.push({ txid: parent, inputs: parentInputs });
    }
  }
  for (const { txid } of absent) answers.set(txid, false);
  return false;
}
