import type { NodeId } from '../../../src-shared/domain/ids.ts';
import type { HashedBlock } from '../codec/block.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import type { SignatureItem } from '../effects.ts';
import { type ApplyContext, applyBlock } from '../ledger/apply-block.ts';
import { certificateSignatureItems, checkBlock } from '../ledger/check-block.ts';
import { signatureItems } from '../ledger/check-transaction.ts';
import { type Checked, reject } from '../rejection.ts';
import type { EngineContext } from './context.ts';
import { sameBytes } from './known-transactions.ts';
import type { CheckedBlock } from './proposed-blocks.ts';

type Then = (result: Checked<CheckedBlock>) => void;

/**
 * Whether a block is valid on the present tip, by the chain alone (protocol section 7): structure, then every signature that the
 * mempool has not verified already, then the coins, then the hash of the coin set. The second and the last are done elsewhere,
 * so the answer comes in a later step, and is a rejection if the tip has moved on meanwhile.
 */
export class BlockChecker {
  readonly #context: EngineContext;
  readonly #proposerAt: (height: number, round: number) => NodeId;

  constructor(context: EngineContext, proposerAt: (height: number, round: number) => NodeId) {
    this.#context = context;
    this.#proposerAt = proposerAt;
  }

  check(block: HashedBlock, then: Then): void {
    const broken = this.#structure(block);
    if (broken !== undefined) return then(reject(broken.code, broken.detail));
    this.#context.verify(this.#signatures(block), false, (valid) => {
      if (!valid.every(Boolean)) return then(reject('bad-signature', block.hash));
      this.#applied(block, then);
    });
  }

  /** The same for a block whose signatures have been verified: by this node when it made it, or in a batch while catching up. */
  checkVerified(block: HashedBlock, then: Then): void {
    const broken = this.#structure(block);
    if (broken !== undefined) return then(reject(broken.code, broken.detail));
    this.#applied(block, then);
  }

  signaturesOf(block: HashedBlock): SignatureItem[] {
    return this.#signatures(block);
  }

  applyContext(): ApplyContext {
    const { chain, snapshot, params, genesis, tip } = this.#context;
    return {
      coins: chain,
      snapshot,
      // Every member: none has a closed epoch behind it while the network is one epoch (protocol section 5, Participation).
      eligible: () => true,
      params,
      genesisTime: genesis.time,
      parentTime: tip.timeMs,
      isCollateral: (key) => genesis.registry.isCollateral(key),
    };
  }

  #structure(block: HashedBlock): ReturnType<typeof checkBlock> {
    const { tip, snapshot, genesis, params } = this.#context;
    return checkBlock(block, {
      parent: { height: tip.height, hash: tip.hash, time: tip.timeMs },
      snapshot,
      registryHash: genesis.registry.hash,
      proposerOf: (round) => this.#proposerAt(tip.height + 1, round),
      genesisTime: genesis.time,
      params,
    });
  }

  #signatures(block: HashedBlock): SignatureItem[] {
    const { genesis } = this.#context;
    const items = block.previousCertificate === undefined ? [] : certificateSignatureItems(block.previousCertificate, genesis.hash);
    for (const transaction of block.transactions) if (!this.#isVerified(transaction)) items.push(...signatureItems(transaction, genesis.hash));
    return items;
  }

  /** Compared whole: a txid does not cover the witnesses. As a rule it is the same object, found by its bytes when the block was decoded. */
  #isVerified(transaction: HashedTransaction): boolean {
    const pending = this.#context.mempool.get(transaction.txid)?.hashed;
    return pending !== undefined && (pending === transaction || sameBytes(pending.encoded, transaction.encoded));
  }

  #applied(block: HashedBlock, then: Then): void {
    const { tip } = this.#context;
    if (block.header.previousHash !== tip.hash) return then(reject('bad-parent', `${block.header.previousHash} is not the tip`));
    const applied = applyBlock(block, this.applyContext());
    if (!applied.ok) return then(applied);
    this.#context.computeSetHash(tip.setHashState, applied.value.changes, (setHashState, utxoSetHash) => {
      if (this.#context.tip.hash !== tip.hash) return then(reject('bad-parent', 'the tip moved on'));
      if (utxoSetHash !== block.header.utxoSetHash) return then(reject('bad-utxo-set-hash', `${utxoSetHash}, the header says ${block.header.utxoSetHash}`));
      then({ ok: true, value: { block, applied: applied.value, setHashState } });
    });
  }
}
