import { type BlockCertificate, certificateCodec } from '../codec/block.ts';
import { isMasternodeKind } from '../codec/masternode-payload.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import { type AppliedBlock, undoOf } from '../ledger/apply-block.ts';
import { encodeRegistryState } from '../masternodes/registry-state.ts';
import type { StoreOperation } from '../store-operation.ts';
import type { EngineContext } from './context.ts';
import type { CheckedBlock } from './proposed-blocks.ts';
import { isRegistryCheckpoint } from './registry-history.ts';
import type { TransactionFlow } from './transaction-flow.ts';
import type { VotingFlow } from './voting-flow.ts';

/** What a decided block does to everything else: one store operation for the chain, and the end of all that it settles. */
export class ChainFlow {
  readonly #context: EngineContext;
  readonly #voting: VotingFlow;
  readonly #transactions: Pick<TransactionFlow, 'check'>;

  constructor(context: EngineContext, voting: VotingFlow, transactions: Pick<TransactionFlow, 'check'>) {
    this.#context = context;
    this.#voting = voting;
    this.#transactions = transactions;
  }

  decided({ block, applied, setHashState, registry }: CheckedBlock, certificate: BlockCertificate): void {
    const { nowMs, guard, peers, registry: before } = this.#context;
    const { header, hash } = block;
    const isCheckpoint = isRegistryCheckpoint(header.height, before.progress.startHeight);
    this.#context.persist([
      {
        kind: 'apply-block',
        height: header.height,
        hash,
        time: header.time,
        round: header.round,
        proposer: header.proposer,
        encoded: block.encoded,
        certificate: certificateCodec.encode(certificate),
        undo: undoOf(applied),
        registryBefore: isCheckpoint ? encodeRegistryState(before) : undefined,
        added: applied.changes.added,
        removed: applied.changes.removed,
        setHashState,
        registry: encodeRegistryState(registry),
        epoch: before.progress.epoch,
        closesEpoch: header.closesEpoch,
        utxoSetHash: header.utxoSetHash,
        transactions: applied.transactions,
        decidedAtMs: nowMs,
        clearsConsensusThrough: header.height,
      },
      ...guard.arrived(hash).map((record): StoreOperation => ({ kind: 'guard', record })),
    ]);
    this.#context.tip = { height: header.height, hash, timeMs: header.time, utxoSetHash: header.utxoSetHash, setHashState };
    this.#context.registry = registry;
    guard.decided(header.height);
    this.#settle(block.transactions, applied.spentCoins, header.height);
    peers.setTip(header.height, hash);
    this.#context.publish({
      kind: 'block-decided',
      height: header.height,
      hash,
      round: certificate.round,
      proposer: header.proposer,
      transactions: block.transactions.length,
    });
    // While it catches up, nobody needs to hear of each block.
    if (!guard.isBehind(header.height + 1)) this.#context.relay.tip();
  }

  /** Transactions of the block are settled; those that spend what it spent, and their descendants, cannot be applied any more. */
  #settle(transactions: readonly HashedTransaction[], spentCoins: AppliedBlock['spentCoins'], height: number): void {
    const { mempool, orphans, tally, guard } = this.#context;
    // The others' outputs have been coins since they were final.
    for (const one of transactions) if (mempool.get(one.txid)?.status !== 'final') this.#context.coinNews.created(one);
    const inBlock = transactions.slice(1);
    for (const { txid } of inBlock) mempool.remove(txid);
    const conflicting = new Set(inBlock.flatMap((one) => mempool.conflictsOf(one)).flatMap((txid) => mempool.withDescendants(txid)));
    const inapplicable = [...conflicting].flatMap((txid) => mempool.get(txid)?.hashed ?? []);
    for (const { txid } of inapplicable) mempool.remove(txid);
    inapplicable.push(...this.#removeUnregistrable());
    const taken = inBlock.flatMap(({ claimKeys }) => claimKeys);
    // Also what this node voted for and does not have any more: its coin is spent, or is somebody's collateral, so neither accept nor commit binds anything.
    const votedFor = taken.flatMap((key) => [guard.acceptedFor(key), guard.committedFor(key)]).filter((txid) => txid !== undefined);
    const included = new Set(inBlock.map(({ txid }) => txid));
    const ended = [...new Set([...included, ...inapplicable.map(({ txid }) => txid), ...votedFor])];
    this.#voting.report(tally.evidenceAtBlock(ended));
    this.#context.persist(this.#voting.settled(ended));
    // The block took its own transactions out when it was stored.
    const others = ended.filter((txid) => !included.has(txid));
    if (others.length > 0) this.#context.persist([{ kind: 'remove-transactions', txids: others }]);
    for (const [index, one] of inBlock.entries()) {
      // Of the coinbase nothing is spent.
      const spent = spentCoins[index + 1];
      for (const [at, key] of one.inputKeys.entries()) this.#context.coinEvent(key, { kind: 'confirmed', txid: one.txid, height }, spent?.[at]);
      this.#context.publish({ kind: 'transaction-confirmed', txid: one.txid, height });
    }
    for (const { txid, inputKeys } of inapplicable) {
      for (const key of inputKeys) this.#context.coinEvent(key, { kind: 'released', txid });
      this.#voting.gone(txid, 'inapplicable');
    }
    // Children of what a block settled without this node having seen it final.
    if (orphans.size > 0) this.#context.newlyFinal.push(...inBlock.map(({ txid }) => txid));
  }

  /** Masternode transactions that the registry does not take any more: their node is registered or gone since, or the epoch is over. Nothing depends on them. */
  #removeUnregistrable(): HashedTransaction[] {
    const { mempool } = this.#context;
    const waiting = mempool.inAdmissionOrder().filter(({ hashed: { transaction } }) => isMasternodeKind(transaction.kind));
    const gone = waiting.flatMap(({ hashed }) => (this.#transactions.check(hashed).ok ? [] : [hashed]));
    for (const { txid } of gone) mempool.remove(txid);
    return gone;
  }
}
