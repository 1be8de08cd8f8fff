import type { Hash, Txid } from '../../../src-shared/domain/ids.ts';
import { type BlockCertificate, type BlockHeader, hashBlock, hashCertificate, type LatePrecommit } from '../codec/block.ts';
import type { MasternodePayload } from '../codec/masternode-payload.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import { blockVersion, earlyBlockBytes } from '../constants.ts';
import { type AppliedBlock, BlockTransition } from '../ledger/apply-block.ts';
import { transactionsRootOf } from '../ledger/check-block.ts';
import { mayCloseEpoch } from '../masternodes/epoch-close.ts';
import type { RegistryTransition } from '../masternodes/registry-transition.ts';
import { isCertified } from '../mempool/mempool-entry.ts';
import { slotOf } from '../params.ts';
import type { BlockChecker } from './block-checker.ts';
import { roomForTransactions } from './block-room.ts';
import type { EngineContext, Tip } from './context.ts';
import type { LateVotes } from './late-votes.ts';
import type { CheckedBlock, ProposedBlocks } from './proposed-blocks.ts';

/** What a block that is being made goes on from. */
interface Place {
  readonly round: number;
  readonly time: number;
  readonly tip: Tip;
  /** Taken when the transactions were chosen, which had to leave room for them. */
  readonly latePrecommits: readonly LatePrecommit[];
  /** What it is to hold if it closes the epoch, which undefined says that it may not: every transfer that had a certificate when the transactions were chosen. */
  readonly toClose: readonly Txid[] | undefined;
}
interface Applied {
  readonly body: readonly HashedTransaction[];
  readonly applied: AppliedBlock;
  readonly transactionsRoot: Hash;
  readonly operations: readonly MasternodePayload[];
  readonly closesEpoch: boolean;
}

/** Makes the block that this node proposes when it is its turn: final transactions first, then certified ones, then others old enough. */
export class BlockBuilder {
  readonly #context: EngineContext;
  readonly #checker: BlockChecker;
  readonly #late: LateVotes;
  readonly #proposed: Pick<ProposedBlocks, 'wereOvertakenBefore'>;

  constructor(context: EngineContext, checker: BlockChecker, late: LateVotes, proposed: Pick<ProposedBlocks, 'wereOvertakenBefore'>) {
    this.#context = context;
    this.#checker = checker;
    this.#late = late;
    this.#proposed = proposed;
  }

  /** Commits that are under way when the slot begins are to be in the block that closes the epoch (protocol section 6, rule 4). */
  notBeforeMs(): number {
    const { isClosing, params, genesis, nowMs } = this.#context;
    return isClosing ? genesis.time + slotOf(params, genesis.time, nowMs) * params.blockIntervalMs + params.epochCloseWaitMs : 0;
  }

  /**
   * The answer comes in a later step: transactions are applied a slice at a time, the hash of the coin set is computed elsewhere. Nothing comes if the tip moves on meanwhile,
   * or if it is too soon for a slot block and this node does not know half a block of transactions.
   */
  build(round: number, then: (checked: CheckedBlock) => void): void {
    const { tip, mempool, nowMs, params, snapshot, chain } = this.#context;
    const time = Math.max(nowMs, tip.timeMs + 1);
    const latePrecommits = this.#late.forBlock();
    const maxBytes = roomForTransactions(snapshot, chain.block(tip.height)?.certificate, latePrecommits);
    const context = this.#checker.applyContext();
    const transition = new BlockTransition(context, tip.height + 1);
    const toClose = this.#mayClose(time) ? mempool.inAdmissionOrder().flatMap(({ hashed, status }) => (isCertified(status) ? [hashed.txid] : [])) : undefined;
    this.#context.inSlices(
      mempool.forBlock({ nowMs, uncertifiedAgeMs: params.uncertifiedAgeMs, maxBytes, leavesOutContested: this.#proposed.wereOvertakenBefore(round) }),
      (candidate) => {
        // One that does not apply is left out, and so is what spends it.
        transition.add(candidate);
        // The root needs it; asked here, it is made a few at a time.
        void candidate.leaf;
        return this.#context.tip.hash === tip.hash;
      },
      () => this.#finish(transition, context.terms, { round, time, tip, latePrecommits, toClose }, then),
    );
  }

  #mayClose(time: number): boolean {
    const { registry, genesis, params } = this.#context;
    return mayCloseEpoch(registry, genesis.time, params, time);
  }

  #finish(transition: BlockTransition, terms: RegistryTransition, at: Place, then: (checked: CheckedBlock) => void): void {
    const { options, genesis, params } = this.#context;
    const { time, tip } = at;
    if (this.#context.tip.hash !== tip.hash) return;
    const { transactions } = transition;
    const isSlotBlock = slotOf(params, genesis.time, time) > slotOf(params, genesis.time, tip.timeMs);
    // Whatever anybody may have committed, or the epoch goes on for a block more. What is certified after they were chosen nobody commits: while payments come, there is
    // always such a one.
    const included = new Set(transactions.map(({ txid }) => txid));
    const closesEpoch = at.toClose?.every((txid) => included.has(txid)) ?? false;
    if (!isSlotBlock && !closesEpoch && transactions.reduce((sum, { encoded }) => sum + encoded.length, 0) < earlyBlockBytes) return;
    const coinbase = transition.coinbase(time, options.self);
    const body = [coinbase, ...transactions];
    const applied = transition.finish(coinbase);
    const transactionsRoot = transactionsRootOf(body);
    // Handing over thousands of coins is a turn's work of its own.
    this.#context.later(() => this.#hashed({ body, applied, transactionsRoot, operations: terms.operations, closesEpoch }, at, then));
  }

  #hashed({ body, applied, transactionsRoot, operations, closesEpoch }: Applied, at: Place, then: (checked: CheckedBlock) => void): void {
    const { round, time, tip, latePrecommits } = at;
    const { options, chain, snapshot } = this.#context;
    this.#context.computeSetHash(tip.setHashState, applied.changes, (setHashState, utxoSetHash) => {
      if (this.#context.tip.hash !== tip.hash) return;
      const previousCertificate: BlockCertificate | undefined = chain.block(tip.height)?.certificate;
      const registry = this.#checker.registryAfter({ header: { time, closesEpoch }, previousCertificate, latePrecommits }, operations);
      const header: BlockHeader = {
        version: blockVersion,
        height: tip.height + 1,
        previousHash: tip.hash,
        time,
        round,
        proposer: options.self,
        closesEpoch,
        transactionsRoot,
        utxoSetHash,
        registryHash: registry.hash,
        snapshotHash: snapshot.hash,
        previousCertificateHash: hashCertificate(previousCertificate, latePrecommits),
      };
      then({ block: hashBlock(header, previousCertificate, body, latePrecommits), applied, setHashState, registry });
    });
  }
}
