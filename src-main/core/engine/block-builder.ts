import { type Hash, zeroHash } from '../../../src-shared/domain/ids.ts';
import { type BlockCertificate, type BlockHeader, type HashedBlock, hashBlock, hashCertificate } from '../codec/block.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import { blockVersion, earlyBlockBytes, maxBlockBytes } from '../constants.ts';
import { invariant } from '../invariant.ts';
import { applyBlock } from '../ledger/apply-block.ts';
import { transactionsRootOf } from '../ledger/check-block.ts';
import { checkInputs } from '../ledger/check-inputs.ts';
import { CoinView } from '../ledger/coin-view.ts';
import { coinbaseOutputs, makeCoinbase } from '../ledger/reward.ts';
import { slotOf } from '../params.ts';
import type { BlockChecker } from './block-checker.ts';
import type { EngineContext } from './context.ts';
import type { CheckedBlock } from './proposed-blocks.ts';

/** Header, certificate of a large network and coinbase take less than this of a block's 2,000,000 bytes, up to some hundred members. */
const reservedBaseBytes = 1_000;
const bytesPerMember = 100 + 32;

/** Makes the block that this node proposes when it is its turn: final transactions first, then certified ones, then others old enough. */
export class BlockBuilder {
  readonly #context: EngineContext;
  readonly #checker: BlockChecker;

  constructor(context: EngineContext, checker: BlockChecker) {
    this.#context = context;
    this.#checker = checker;
  }

  /**
   * The answer comes in a later step: the hash of the coin set is computed elsewhere. Nothing comes if the tip moves on meanwhile,
   * or if it is too soon for a slot block and this node does not know half a block of transactions.
   */
  build(round: number, then: (checked: CheckedBlock) => void): void {
    const { tip, options, chain, nowMs, genesis, params, snapshot } = this.#context;
    const height = tip.height + 1;
    const time = Math.max(nowMs, tip.timeMs + 1);
    const { transactions, fees } = this.#choose(height);
    const isSlotBlock = slotOf(params, genesis.time, time) > slotOf(params, genesis.time, tip.timeMs);
    if (!isSlotBlock && transactions.reduce((sum, { encoded }) => sum + encoded.length, 0) < earlyBlockBytes) return;
    const outputs = coinbaseOutputs({ snapshot, eligible: this.#checker.applyContext().eligible, fees, proposer: options.self, isSlotBlock });
    const body = [makeCoinbase(height, time, outputs), ...transactions];
    const previousCertificate: BlockCertificate | undefined = chain.block(tip.height)?.certificate;
    const header: BlockHeader = {
      version: blockVersion,
      height,
      previousHash: tip.hash,
      time,
      round,
      proposer: options.self,
      closesEpoch: false,
      transactionsRoot: transactionsRootOf(body),
      utxoSetHash: zeroHash as Hash,
      registryHash: genesis.registry.hash,
      snapshotHash: snapshot.hash,
      previousCertificateHash: hashCertificate(previousCertificate),
    };
    const draft: HashedBlock = hashBlock(header, previousCertificate, body);
    const applied = applyBlock(draft, this.#checker.applyContext());
    invariant(applied.ok, `own block does not apply: ${applied.ok ? '' : `${applied.rejection.code} ${applied.rejection.detail}`}`);
    this.#context.computeSetHash(tip.setHashState, applied.value.changes, (setHashState, utxoSetHash) => {
      if (this.#context.tip.hash !== tip.hash) return;
      then({ block: hashBlock({ ...header, utxoSetHash }, previousCertificate, body), applied: applied.value, setHashState });
    });
  }

  /** Those of the mempool's candidates that apply one after another. */
  #choose(height: number): { transactions: HashedTransaction[]; fees: bigint } {
    const { mempool, chain, nowMs, params, genesis, snapshot } = this.#context;
    const maxBytes = maxBlockBytes - reservedBaseBytes - snapshot.members.length * bytesPerMember;
    const view = new CoinView(chain);
    const transactions: HashedTransaction[] = [];
    let fees = 0n;
    for (const hashed of mempool.forBlock({ nowMs, uncertifiedAgeMs: params.uncertifiedAgeMs, maxBytes })) {
      const checked = checkInputs(hashed, {
        coins: view,
        height,
        coinbaseMaturity: params.coinbaseMaturity,
        isCollateral: (key) => genesis.registry.isCollateral(key),
      });
      if (!checked.ok) continue;
      for (const input of hashed.transaction.inputs) view.spend(input);
      for (const [vout, output] of hashed.transaction.outputs.entries())
        view.add({ txid: hashed.txid, vout }, { amount: output.amount, lock: output.lock, height, coinbase: false });
      transactions.push(hashed);
      fees += checked.value.fee;
    }
    return { transactions, fees };
  }
}
