import type { BlockHash, NodeId } from '../../../src-shared/domain/ids.ts';
import type { HashedBlock } from '../codec/block.ts';
import { blockVoteMessage } from '../codec/block-vote.ts';
import type { MasternodePayload } from '../codec/masternode-payload.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import { fromHex } from '../crypto/hex.ts';
import type { SignatureItem } from '../effects.ts';
import { BlockTransition, finishBlock, inBlock } from '../ledger/apply-block.ts';
import { BodyCheck, certificateSignatureItems, checkFrame, checkSlot } from '../ledger/check-block.ts';
import { creditable, lateVotesOf } from '../masternodes/late-precommits.ts';
import type { Registry } from '../masternodes/registry.ts';
import { type Checked, type Rejection, reject } from '../rejection.ts';
import { applyContextOf, blockContextOf, registryAfter } from './block-rules.ts';
import type { EngineContext, Tip } from './context.ts';
import { sameBytes } from './known-transactions.ts';
import type { CheckedBlock } from './proposed-blocks.ts';

type Then = (result: Checked<CheckedBlock>) => void;
type HashAt = (height: number) => BlockHash | undefined;

/**
 * Whether a block is valid on the present tip, by the chain alone (protocol section 7): structure, then every signature that the
 * mempool has not verified already, then the coins, then the hash of the coin set. The second and the last are done elsewhere, the others
 * a slice at a time; so the answer comes in a later step, and is a rejection if the tip has moved on meanwhile.
 */
export class BlockChecker {
  readonly #context: EngineContext;
  readonly #proposerAt: (height: number, round: number) => NodeId;

  constructor(context: EngineContext, proposerAt: (height: number, round: number) => NodeId) {
    this.#context = context;
    this.#proposerAt = proposerAt;
  }

  check(block: HashedBlock, then: Then): void {
    const { genesis, reader } = this.#context;
    if (this.#context.invalid.has(block.hash)) return then(reject('invalidated', block.hash));
    const items = this.#voteSignatures(block, this.hashAt());
    const onTransaction = (one: HashedTransaction): void => {
      if (!this.#isVerified(one)) items.push(...reader.transactionSignatures(one, genesis.hash));
    };
    this.#structure(block, onTransaction, then, () => {
      this.#context.verify(items, false, (valid) => {
        if (!valid.every(Boolean)) return then(reject('bad-signature', block.hash));
        this.#applied(block, then);
      });
    });
  }

  /** The same for a block whose signatures have been verified in a batch while catching up. */
  checkVerified(block: HashedBlock, then: Then): void {
    this.#structure(
      block,
      () => {},
      then,
      () => this.#applied(block, then),
    );
  }

  /** Adds those of a block that no verification has passed yet to `items`. */
  signaturesOf(block: HashedBlock, hashAt: HashAt, items: SignatureItem[], done: () => void): void {
    const { genesis, reader } = this.#context;
    items.push(...this.#voteSignatures(block, hashAt));
    this.#context.inSlices(
      block.transactions,
      (one) => {
        if (!this.#isVerified(one)) items.push(...reader.transactionSignatures(one, genesis.hash));
        return true;
      },
      done,
    );
  }

  /** Of a block on the tip. */
  applyContext(): ReturnType<typeof applyContextOf> {
    return applyContextOf(this.#context, this.#context, this.#context.chain);
  }

  /** The registry after a block on the tip. */
  registryAfter(block: Parameters<typeof registryAfter>[2], operations: readonly MasternodePayload[]): Registry {
    return registryAfter(this.#context, this.#context, block, operations);
  }

  /** Of the blocks applied so far that precommits may be of. */
  hashAt(): HashAt {
    const { registry, tip } = this.#context;
    const blocks = creditable(registry, tip);
    return (height) => blocks.get(height);
  }

  /** Of the certificate that a block carries, and of its late precommits, if they are of what they may be of. */
  #voteSignatures(block: HashedBlock, hashAt: HashAt): SignatureItem[] {
    const { genesis } = this.#context;
    const { previousCertificate } = block;
    const late = lateVotesOf(block, hashAt).map((vote) => ({
      publicKey: fromHex(vote.nodeId),
      message: blockVoteMessage(genesis.hash, vote),
      signature: vote.signature,
    }));
    return previousCertificate === undefined ? late : [...certificateSignatureItems(previousCertificate, genesis.hash), ...late];
  }

  #structure(block: HashedBlock, onTransaction: (one: HashedTransaction) => void, then: Then, next: () => void): void {
    const { tip } = this.#context;
    const blockContext = blockContextOf(this.#context, this.#context, (round) => this.#proposerAt(tip.height + 1, round));
    const refused = (rejection: Rejection | undefined): boolean => {
      if (rejection !== undefined) then({ ok: false, rejection });
      return rejection !== undefined;
    };
    if (refused(checkFrame(block, blockContext))) return;
    const body = new BodyCheck(block);
    this.#context.inSlices(
      block.transactions,
      (one) => {
        if (refused(body.add(one))) return false;
        onTransaction(one);
        return true;
      },
      () => {
        if (!refused(body.end() ?? checkSlot(block, blockContext))) next();
      },
    );
  }

  /** Compared whole: a txid does not cover the witnesses. As a rule it is the same object, found by its bytes when the block was decoded. */
  #isVerified(transaction: HashedTransaction): boolean {
    const pending = this.#context.mempool.get(transaction.txid)?.hashed;
    return pending !== undefined && (pending === transaction || sameBytes(pending.encoded, transaction.encoded));
  }

  #applied(block: HashedBlock, then: Then): void {
    const { tip } = this.#context;
    if (block.header.previousHash !== tip.hash) return then(reject('bad-parent', `${block.header.previousHash} is not the tip`));
    const context = this.applyContext();
    const transition = new BlockTransition(context, block.header.height);
    this.#context.inSlices(
      block.transactions.slice(1),
      (one) => {
        const rejection = this.#movedFrom(tip) ?? inBlock(one, transition.add(one));
        if (rejection !== undefined) then({ ok: false, rejection });
        return rejection === undefined;
      },
      () => this.#finish(block, transition, context.terms.operations, tip, then),
    );
  }

  #finish(block: HashedBlock, transition: BlockTransition, operations: readonly MasternodePayload[], tip: Tip, then: Then): void {
    const applied = finishBlock(block, transition);
    if (!applied.ok) return then(applied);
    const registry = this.registryAfter(block, operations);
    if (registry.hash !== block.header.registryHash) return then(reject('bad-registry-hash', `${registry.hash}, the header says ${block.header.registryHash}`));
    // Handing over thousands of coins is a turn's work of its own.
    this.#context.later(() => this.#checkSetHash({ block, applied: applied.value, registry }, tip, then));
  }

  #checkSetHash(checked: Omit<CheckedBlock, 'setHashState'>, tip: Tip, then: Then): void {
    const { block, applied } = checked;
    this.#context.computeSetHash(tip.setHashState, applied.changes, (setHashState, utxoSetHash) => {
      const moved = this.#movedFrom(tip);
      if (moved !== undefined) return then({ ok: false, rejection: moved });
      if (utxoSetHash !== block.header.utxoSetHash) return then(reject('bad-utxo-set-hash', `${utxoSetHash}, the header says ${block.header.utxoSetHash}`));
      then({ ok: true, value: { ...checked, setHashState } });
    });
  }

  #movedFrom(tip: Tip): Rejection | undefined {
    return this.#context.tip.hash === tip.hash ? undefined : { code: 'bad-parent', detail: 'the tip moved on' };
  }
}
