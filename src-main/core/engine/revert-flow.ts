import { type BlockHash, outpointKey } from '../../../src-shared/domain/ids.ts';
import type { BranchAnswer, BranchRefusalCode } from '../branch-answer.ts';
import { type BlockCertificate, certificateCodec, decodeBlock, decodeBlockParts, type HashedBlock } from '../codec/block.ts';
import { revertAlertBlocks, undoDepthBlocks } from '../constants.ts';
import { invariant } from '../invariant.ts';
import { revertChanges, transactionsOf } from '../ledger/apply-block.ts';
import type { Registry } from '../masternodes/registry.ts';
import { encodeRegistryState } from '../masternodes/registry-state.ts';
import type { StoreOperation } from '../store-operation.ts';
import type { BlockChecker } from './block-checker.ts';
import type { EngineContext, Tip } from './context.ts';
import type { CheckedBlock } from './proposed-blocks.ts';
import type { RegistryHistory } from './registry-history.ts';
import { ReturningTransactions } from './returning-transactions.ts';
import type { Pending, TransactionFlow } from './transaction-flow.ts';

interface Parts {
  readonly registries: RegistryHistory;
  readonly checker: Pick<BlockChecker, 'checkVerified'>;
  readonly transactions: Pick<TransactionFlow, 'takeAll' | 'restoreAll'>;
  readonly decided: (checked: CheckedBlock, certificate: BlockCertificate) => void;
  /** The tip and all that belongs to it are an earlier block's: votes, proposers, members. */
  readonly reverted: () => void;
  /** The tip is about to be taken off. */
  readonly leaving: () => void;
  /** What was heard, fetched or found out on another branch is of no use: everybody is asked anew. */
  readonly afresh: () => void;
  /** The same, and from here on the chain goes on from this tip. */
  readonly arrived: () => void;
}

interface Command {
  /** To be answered when it is done. */
  readonly request: number | undefined;
  reverted: number;
  pending: readonly Pending[];
}

/**
 * What an operator may say of blocks (protocol section 8). Marking one as invalid takes it off with all that follow it, newest first, each in one
 * transaction of the store; the marks are stored before the first goes, so that whatever stops the node, the next start goes on. Meanwhile
 * nothing is followed, decided or signed. Then blocks that were taken off before and are not marked are put on again from the store, and everything else comes
 * from peers whose chain holds it.
 */
export class RevertFlow {
  readonly #context: EngineContext;
  readonly #parts: Parts;
  readonly #returning = new ReturningTransactions();

  constructor(context: EngineContext, parts: Parts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** `foundAt`: the height where the asker found it in this node's chain. `isConfirmed`: it is meant, however many blocks go. */
  invalidate(request: number, hash: BlockHash, foundAt: number | undefined, isConfirmed: boolean): void {
    const { genesis, invalid, tip, chain, halts } = this.#context;
    if (hash === genesis.block.hash) return this.#refuse(request, 'genesis');
    if (this.#context.isReverting) return this.#refuse(request, 'under-way');
    const isOnChain = foundAt !== undefined && foundAt <= tip.height && chain.block(foundAt)?.hash === hash;
    const height = isOnChain ? foundAt : (invalid.get(hash) ?? halts.heightOf(hash));
    if (height === undefined) return this.#refuse(request, 'unknown-block');
    const blocks = isOnChain ? tip.height - height + 1 : 0;
    const refusal = this.#refusalOf(height, blocks, isConfirmed);
    if (refusal !== undefined) return this.#refuse(request, refusal, blocks);
    const liftsHalt = halts.isSettledBy(
      height,
      (one) => one.blockHash === hash || invalid.has(one.blockHash) || (isOnChain && one.height >= height && chain.block(one.height)?.hash === one.blockHash),
    );
    if (isOnChain) this.#parts.leaving();
    this.#context.persist([
      { kind: 'mark-invalid', hash, height, liftsHalt },
      ...(isOnChain ? this.#context.guard.leave(tip.hash) : []).map((record): StoreOperation => ({ kind: 'guard', record })),
    ]);
    invalid.set(hash, height);
    this.#context.publish({ kind: 'block-invalidated', hash, height, blocks });
    if (liftsHalt) halts.lift(hash);
    this.#begin(request, height - 1, blocks);
  }

  /** The mark goes, and what it lifted stands again. */
  reconsider(request: number, hash: BlockHash): void {
    const { invalid, halts } = this.#context;
    if (this.#context.isReverting) return this.#refuse(request, 'under-way');
    const height = invalid.get(hash);
    if (height === undefined) return this.#refuse(request, 'not-marked');
    this.#context.persist([{ kind: 'unmark-invalid', hash }]);
    invalid.delete(hash);
    this.#context.publish({ kind: 'block-reconsidered', hash, height });
    halts.restore(hash);
    const settling = halts.standing?.certificates.find((one) => invalid.has(one.blockHash));
    if (settling !== undefined) {
      this.#context.persist([{ kind: 'mark-invalid', hash: settling.blockHash, height: settling.height, liftsHalt: true }]);
      halts.lift(settling.blockHash);
    }
    this.#contradict(hash, height);
    halts.tell();
    this.#begin(request, this.#context.tip.height, 0);
  }

  /** What was taken off and is not marked any more contradicts a block that was decided in its place since. */
  #contradict(hash: BlockHash, height: number): void {
    const { chain, halts } = this.#context;
    const own = chain.block(height);
    const parent = chain.block(height - 1);
    const kept = parent && chain.revertedAfter(parent.hash).find((one) => one.hash === hash);
    if (own?.certificate !== undefined && kept?.certificate !== undefined && own.hash !== hash) halts.conflict(own.certificate, kept.certificate);
  }

  /** At start: what was being done when the node stopped. */
  resume(): void {
    const { invalid, chain, tip } = this.#context;
    const marked = [...invalid].filter(([hash, height]) => height <= tip.height && chain.block(height)?.hash === hash).map(([, height]) => height);
    const target = Math.min(tip.height, ...marked.map((height) => height - 1));
    if (target < tip.height || this.#next() !== undefined) this.#begin(undefined, target, tip.height - target);
  }

  #refusalOf(height: number, blocks: number, isConfirmed: boolean): BranchRefusalCode | undefined {
    const { chain, tip } = this.#context;
    if (blocks === 0) return undefined;
    if (blocks > undoDepthBlocks) return 'too-deep';
    // Registries of heights between follow from the lowest.
    if (chain.undo(height) === undefined || this.#parts.registries.after(height - 1) === undefined) return 'no-undo-data';
    if (blocks > revertAlertBlocks && !isConfirmed) return 'not-confirmed';
    invariant(chain.undo(tip.height) !== undefined, 'undo data is kept of the newest blocks');
    return undefined;
  }

  #refuse(request: number, code: BranchRefusalCode, blocks = 0): void {
    this.#answer(request, { ok: false, code, blocks });
  }

  #begin(request: number | undefined, target: number, blocks: number): void {
    this.#context.isReverting = true;
    this.#parts.afresh();
    const command: Command = { request, reverted: blocks, pending: [] };
    if (blocks === 0) this.#putOn(command);
    else this.#takeOff(target, command);
  }

  #takeOff(target: number, command: Command): void {
    const { tip } = this.#context;
    if (tip.height > target) return this.#revertTip(() => this.#context.later(() => this.#takeOff(target, command)));
    this.#context.departed.clear();
    command.pending = this.#parts.transactions.takeAll();
    this.#parts.reverted();
    this.#putOn(command);
  }

  #revertTip(then: () => void): void {
    const { chain, tip } = this.#context;
    const stored = chain.block(tip.height);
    const undo = chain.undo(tip.height);
    const parent = chain.block(tip.height - 1);
    const registry = this.#parts.registries.after(tip.height - 1);
    invariant(stored !== undefined && undo !== undefined && parent !== undefined && registry !== undefined, `what reverts block ${tip.height} is stored`);
    const block = decodeBlock(stored.encoded);
    const changes = revertChanges(block, undo.encoded);
    this.#context.computeSetHash(tip.setHashState, changes, (setHashState, utxoSetHash) => {
      const { header } = decodeBlockParts(parent.encoded);
      invariant(utxoSetHash === header.utxoSetHash, `the coins after block ${header.height} are those in its header`);
      this.#persistReverted(block, stored.certificate, undo.encoded, changes, { registry, setHashState, utxoSetHash });
      this.#becomesTip({ height: header.height, hash: parent.hash, timeMs: header.time, utxoSetHash, setHashState }, registry);
      for (const { outpoint } of changes.added) this.#context.coinNews.changed(outpointKey(outpoint), { kind: 'unspent' }, undefined);
      this.#context.publish({ kind: 'block-reverted', height: block.header.height, hash: block.hash, transactions: block.transactions.length });
      then();
    });
  }

  #persistReverted(
    block: HashedBlock,
    certificate: BlockCertificate | undefined,
    undo: Uint8Array,
    changes: ReturnType<typeof revertChanges>,
    after: { readonly registry: Registry } & Pick<Tip, 'setHashState' | 'utxoSetHash'>,
  ): void {
    const { hash, header, encoded, transactions } = block;
    const returning = transactions.slice(1);
    const dropped = this.#returning.add(returning);
    this.#context.persist([
      {
        kind: 'revert-block',
        height: header.height,
        hash,
        encoded,
        certificate: certificate && certificateCodec.encode(certificate),
        previousHash: header.previousHash,
        utxoSetHash: after.utxoSetHash,
        setHashState: after.setHashState,
        registry: encodeRegistryState(after.registry),
        added: changes.added,
        removed: changes.removed,
        transactions: transactionsOf(block, undo),
      },
      ...returning.map((one): StoreOperation => ({ kind: 'put-transaction', txid: one.txid, encoded: one.encoded, receivedMs: this.#context.nowMs })),
      { kind: 'remove-transactions', txids: dropped.map(({ txid }) => txid) },
    ]);
  }

  #becomesTip(tip: Tip, registry: Registry): void {
    this.#context.tip = tip;
    this.#context.registry = registry;
    this.#context.peers.setTip(tip.height, tip.hash);
  }

  /** A block that was taken off here, follows the tip and is not marked: nobody else need have it any more. */
  #next(): { readonly block: HashedBlock; readonly certificate: BlockCertificate } | undefined {
    const { chain, invalid, tip, halts } = this.#context;
    const [next, other] = chain.revertedAfter(tip.hash).filter(({ hash }) => !invalid.has(hash));
    if (next?.certificate === undefined || halts.standing !== undefined) return undefined;
    if (other?.certificate === undefined) return { block: decodeBlock(next.encoded), certificate: next.certificate };
    halts.conflict(next.certificate, other.certificate);
    return undefined;
  }

  /** Their signatures were verified when they were applied for the first time. */
  #putOn(command: Command): void {
    const next = this.#next();
    if (next === undefined) return this.#done(command);
    this.#parts.checker.checkVerified(next.block, (result) => {
      invariant(result.ok, `block ${next.block.hash} was valid before`);
      this.#parts.decided(result.value, next.certificate);
      this.#context.later(() => this.#putOn(command));
    });
  }

  #done({ request, reverted, pending }: Command): void {
    const { tip, nowMs, relay } = this.#context;
    this.#context.isReverting = false;
    const returned = this.#returning.take().map((hashed) => ({ hashed, receivedMs: nowMs }));
    this.#parts.transactions.restoreAll([...returned, ...pending]);
    this.#parts.arrived();
    if (reverted > 0) {
      this.#context.publish({ kind: 'branch-left', blocks: reverted, height: tip.height, hash: tip.hash });
      relay.tip();
    }
    if (request !== undefined) this.#answer(request, { ok: true, reverted, height: tip.height, hash: tip.hash });
  }

  #answer(request: number, result: BranchAnswer): void {
    this.#context.emit({ kind: 'answer-branch', request, result });
  }
}
