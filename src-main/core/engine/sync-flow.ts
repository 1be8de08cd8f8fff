import type { BlockHash } from '../../../src-shared/domain/ids.ts';
import { type BlockCertificate, decodeBlockParts, type HashedBlock } from '../codec/block.ts';
import { maxBlocksPerMessage } from '../codec/message.ts';
import { maxMessageBytes } from '../constants.ts';
import type { SignatureItem } from '../effects.ts';
import { invariant } from '../invariant.ts';
import { certificateSignatureItems, checkCertificate, hasBodyOfHeader } from '../ledger/check-block.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import type { Snapshot } from '../snapshot.ts';
import type { RangeSync, ReceivedRange } from '../sync/range-sync.ts';
import type { BlockChecker } from './block-checker.ts';
import { decodeInSlices } from './block-decoder.ts';
import type { EngineContext } from './context.ts';
import type { CheckedBlock } from './proposed-blocks.ts';

/** Room for the message's own fields and one certificate of a large network. */
const packedBytes = maxMessageBytes - 200_000;

interface Parts {
  readonly ranges: RangeSync;
  readonly checker: BlockChecker;
  readonly decided: (checked: CheckedBlock, certificate: BlockCertificate) => void;
  /** What a peer sent is no continuation of this node's chain. It may be another branch's, or nobody's. */
  readonly foreign: (connection: ConnectionId) => void;
  /** What a peer sent goes on with a block that the operator has marked. */
  readonly marked: (connection: ConnectionId) => void;
}

interface ProvenRange {
  readonly connection: ConnectionId;
  readonly from: number;
  readonly blocks: readonly HashedBlock[];
  readonly certificate: BlockCertificate;
}

/**
 * Catching up: ranges of blocks, each proved by the certificate of its last block and the hash links from it back to the tip
 * (protocol section 9), then applied in order like any decided block. The signatures of the next range are verified while one is applied.
 */
export class SyncFlow {
  readonly #context: EngineContext;
  readonly #ranges: RangeSync;
  readonly #checker: BlockChecker;
  readonly #decided: Parts['decided'];
  readonly #leftBy: Pick<Parts, 'foreign' | 'marked'>;
  #proving: { readonly end: number } | undefined;
  #proven: ProvenRange | undefined;
  #applying: ProvenRange | undefined;
  #wasBehind = false;

  constructor(context: EngineContext, { ranges, checker, decided, ...leftBy }: Parts) {
    this.#context = context;
    this.#ranges = ranges;
    this.#checker = checker;
    this.#decided = decided;
    this.#leftBy = leftBy;
  }

  /** The tip is an earlier one, or an operator marked a block: everything under way is given up, and whoever has blocks is asked anew. */
  afresh(): void {
    this.#proving = undefined;
    this.#proven = undefined;
    this.#applying = undefined;
    this.#ranges.afresh();
    this.tick();
  }

  behindBy(): number {
    return this.#ranges.behindBy(this.#context.tip.height);
  }

  peerHeight(connection: ConnectionId, height: number): void {
    this.#ranges.peerHeight(connection, height, this.#context.nowMs);
    this.tick();
  }
  peerGone(connection: ConnectionId): void {
    this.#ranges.peerGone(connection);
    this.tick();
  }

  /** At any change, and at its timer: asks for what is missing. */
  tick(): void {
    if (this.#context.halted) return;
    const { nowMs } = this.#context;
    const { requests, nextWakeMs } = this.#ranges.tick({ nextHeight: this.#nextToFetch(), nowMs });
    for (const { connection, from, count } of requests) this.#context.send([connection], { type: 'GetBlocks', body: { from, count } });
    this.#context.emit({ kind: 'set-timer', timer: 'sync', atMs: nextWakeMs });
    this.#tellProgress();
    this.#proveNext();
  }

  received(connection: ConnectionId, body: { from: number; blocks: readonly Uint8Array[]; certificate: BlockCertificate | undefined }): void {
    if (this.#ranges.received({ connection, ...body }, this.#context.nowMs) === 'expected') this.tick();
  }

  /** Blocks for a peer that asks: as many as one message holds. */
  serve(connection: ConnectionId, from: number, count: number): void {
    const blocks: Uint8Array[] = [];
    let bytes = 0;
    let certificate: BlockCertificate | undefined;
    for (let height = from; height < from + Math.min(count, maxBlocksPerMessage); height++) {
      const stored = height > this.#context.tip.height ? undefined : this.#context.chain.block(height);
      if (stored === undefined || (blocks.length > 0 && bytes + stored.encoded.length > packedBytes)) break;
      blocks.push(stored.encoded);
      bytes += stored.encoded.length + 4;
      certificate = stored.certificate;
    }
    this.#context.intake.answer(connection, { type: 'Blocks', body: { from, blocks, certificate } });
  }

  /** Ranges that are proven or being proven are not fetched again. */
  #nextToFetch(): number {
    if (this.#proving !== undefined) return this.#proving.end;
    const last = this.#proven ?? this.#applying;
    return last === undefined ? this.#context.tip.height + 1 : last.from + last.blocks.length;
  }

  /** Takes the next range in order, if one is here and none is waiting: links, certificate, then all its signatures in one go. */
  #proveNext(): void {
    if (this.#proving !== undefined || this.#proven !== undefined) return;
    // What comes after an epoch is proven by members who are known when its last block is applied.
    if (this.#applying?.blocks.at(-1)?.header.closesEpoch === true) return;
    const next = this.#nextToFetch();
    const ready = this.#ranges.takeReady(next);
    if (ready === undefined) return;
    let proving = { end: next + ready.blocks.length };
    this.#proving = proving;
    const previous = this.#applying?.blocks.at(-1) ?? { hash: this.#context.tip.hash };
    // Whom these blocks are proved by. Consensus may decide the one that closes the epoch while they are decoded.
    const { snapshot } = this.#context;
    const isGivenUp = (): boolean => this.#proving !== proving;
    this.#decodeLinked(ready.blocks, next, previous.hash, (linked, items) => {
      if (isGivenUp()) return;
      if (linked === 'foreign' || linked === 'marked') return this.#isLeft(ready, linked);
      if (linked === undefined || linked.length === ready.blocks.length) return this.#verify(ready, snapshot, linked, items, isGivenUp);
      // The epoch ends within the range, or what follows is marked: what proves its last block is in the next.
      const end = linked.length;
      const certificate = certificateIn(ready.blocks[end]);
      this.#ranges.keep({ ...ready, from: next + end, blocks: ready.blocks.slice(end) });
      proving = { end: next + end };
      this.#proving = proving;
      this.#verify({ ...ready, blocks: ready.blocks.slice(0, end), certificate }, snapshot, linked, items, isGivenUp);
    });
  }

  #verify(
    ready: ReceivedRange,
    snapshot: Snapshot,
    linked: readonly HashedBlock[] | undefined,
    items: readonly SignatureItem[],
    isGivenUp: () => boolean,
  ): void {
    const { certificate, connection, from } = ready;
    const last = linked?.at(-1);
    if (
      linked === undefined ||
      last === undefined ||
      certificate === undefined ||
      certificate.blockHash !== last.hash ||
      certificate.height !== last.header.height
    )
      return this.#unproven(ready, 'blocks that do not link to the tip and to their certificate');
    const broken = checkCertificate(certificate, snapshot);
    if (broken !== undefined) return this.#unproven(ready, broken.detail);
    // First and by themselves, so that a range that is not the chain costs no more than its certificate's signatures.
    this.#context.verify(certificateSignatureItems(certificate, this.#context.genesis.hash), true, (proof) => {
      if (isGivenUp()) return;
      if (!proof.every(Boolean)) return this.#unproven(ready, 'bad signature in the certificate of blocks');
      this.#verifyBlocks({ connection, from, blocks: linked, certificate }, items, isGivenUp);
    });
  }

  /** They are the chain, byte for byte. If it holds a bad signature, a quorum has decided what this node must not follow. */
  #verifyBlocks(proven: ProvenRange, items: readonly SignatureItem[], isGivenUp: () => boolean): void {
    const { from, certificate } = proven;
    this.#context.verify(items, false, (valid) => {
      if (isGivenUp()) return;
      this.#proving = undefined;
      if (!valid.every(Boolean))
        return this.#context.halts.disagree(certificate.height, `a signature in the certified blocks ${from} to ${certificate.height} is invalid`);
      this.#context.guard.certified(certificate.height);
      // If what comes before them turned out to be useless, that is fetched again first, and these after it.
      if (from <= this.#nextToFetch()) this.#proven = proven;
      this.#applyNext();
      this.tick();
    });
  }

  /**
   * Answers the blocks, up to one that closes an epoch, with the signatures to verify; undefined unless each decodes, names the one before it, and comes
   * with the transactions and the certificate that it names: that is stored as the one before's. They are foreign where the first follows another block
   * than this node's, and marked where an operator has marked the first; before another one that is marked they end.
   */
  #decodeLinked(
    encoded: readonly Uint8Array[],
    from: number,
    parent: BlockHash,
    then: (blocks: readonly HashedBlock[] | 'foreign' | 'marked' | undefined, items: readonly SignatureItem[]) => void,
  ): void {
    const blocks: HashedBlock[] = [];
    const items: SignatureItem[] = [];
    // A late precommit may be of a block before it in this range, of one in the range being applied, or of one applied in this epoch, as it is now: consensus may decide the
    // block that closes it while they are decoded.
    const applying = this.#applying;
    const applied = this.#checker.hashAt();
    const hashAt = (height: number): BlockHash | undefined => (blocks[height - from] ?? applying?.blocks[height - applying.from])?.hash ?? applied(height);
    const next = (): void => {
      const bytes = encoded[blocks.length];
      if (bytes === undefined || blocks.at(-1)?.header.closesEpoch === true) return then(blocks, items);
      decodeInSlices(this.#context, bytes, (block) => {
        const previous = blocks.at(-1)?.hash ?? parent;
        if (block === undefined || block.header.height !== from + blocks.length || !hasBodyOfHeader(block)) return then(undefined, []);
        const follows = block.header.previousHash === previous;
        if (blocks.length === 0 && !follows) return then('foreign', []);
        if (!follows) return then(undefined, []);
        if (this.#context.invalid.has(block.hash)) return blocks.length === 0 ? then('marked', []) : then(blocks, items);
        blocks.push(block);
        this.#checker.signaturesOf(block, hashAt, items, next);
      });
    };
    next();
  }

  #applyNext(): void {
    if (this.#applying !== undefined || this.#proven === undefined) return;
    this.#applying = this.#proven;
    this.#proven = undefined;
    this.#apply(this.#applying, 0);
  }

  #apply(range: ProvenRange, index: number): void {
    const block = range.blocks[index];
    if (block === undefined) {
      this.#applying = undefined;
      this.#applyNext();
      return this.tick();
    }
    const { height } = block.header;
    // Each block but the last is certified in the header of the next.
    const certificate = range.blocks[index + 1]?.previousCertificate ?? range.certificate;
    if (height <= this.#context.tip.height) {
      // Consensus got there first.
      const here = this.#context.chain.block(height);
      if (here?.hash === block.hash) return this.#apply(range, index + 1);
      this.#applying = undefined;
      invariant(here?.certificate !== undefined, `block ${height} was decided`);
      return this.#context.halts.conflict(here.certificate, certificate);
    }
    this.#checker.checkVerified(block, (result) => {
      if (this.#applying !== range) return;
      if (height <= this.#context.tip.height) return this.#apply(range, index);
      if (!result.ok) {
        this.#applying = undefined;
        this.#proven = undefined;
        // A quorum has signed a block that this node finds invalid: it must not go on by itself.
        return this.#context.halts.disagree(height, `certified block ${block.hash} is invalid: ${result.rejection.code} ${result.rejection.detail}`);
      }
      this.#decided(result.value, certificate);
      this.#apply(range, index + 1);
    });
  }

  #unproven(ready: ReceivedRange, detail: string): void {
    this.#proving = undefined;
    this.#bad(ready, detail);
  }

  /** Nobody's fault as far as is known. Not asked of this peer again. */
  #isLeft({ connection, from }: ReceivedRange, by: 'foreign' | 'marked'): void {
    this.#proving = undefined;
    this.#ranges.failed(connection, from);
    this.#leftBy[by](connection);
    this.tick();
  }

  #bad(ready: { readonly connection: ConnectionId; readonly from: number }, detail: string): void {
    this.#ranges.failed(ready.connection, ready.from);
    this.#context.violation(ready.connection, { code: 'bad-certificate', detail });
    this.tick();
  }

  #tellProgress(): void {
    const behind = this.behindBy();
    const { height } = this.#context.tip;
    // One block is the normal course of things: consensus brings it.
    if (behind > 1 && !this.#wasBehind) this.#context.publish({ kind: 'behind', height, best: height + behind });
    if (behind === 0 && this.#wasBehind) this.#context.publish({ kind: 'in-sync', height });
    if (behind !== 1) this.#wasBehind = behind > 1;
  }
}

/** Of the block before; undefined also where the block does not decode. */
function certificateIn(encoded: Uint8Array | undefined): BlockCertificate | undefined {
  try {
    return encoded && decodeBlockParts(encoded).previousCertificate;
  } catch {
    return undefined;
  }
}
