import type { BlockHash, NodeId } from '../../../src-shared/domain/ids.ts';
import { type BlockCertificate, certificatesCodec } from '../codec/block.ts';
import type { BlockVote } from '../codec/block-vote.ts';
import { type Evidence, evidenceOf } from '../consensus/evidence.ts';
import type { EngineEvent } from '../events.ts';
import type { StoreOperation } from '../store-operation.ts';

/** A quorum contradicts itself or this node: it follows and votes no more, and says so (protocol section 8). */
export interface Halt {
  readonly height: number;
  readonly reason: string;
  readonly sinceMs: number;
  /** The two of one height that contradict each other; none where this node finds invalid what a quorum certified. */
  readonly certificates: readonly BlockCertificate[];
  /** The block that the operator marked as invalid then; undefined while it stands. */
  readonly liftedBy: BlockHash | undefined;
}
/** As it is stored. */
export interface StoredHalt extends Omit<Halt, 'certificates'> {
  /** `certificatesCodec`. */
  readonly encoded: Uint8Array;
}

interface HaltContext {
  readonly nowMs: number;
  persist(operations: readonly StoreOperation[]): void;
  publish(event: EngineEvent): void;
  report(evidence: Evidence): void;
}

/**
 * Why this node stands still, now and in the past. Only an operator lifts a halt, by saying which of two certified blocks is not the chain; taking that back
 * brings it back. Lifted ones are kept as evidence: as many as there were, and each took a third of the weight.
 */
export class Halts {
  readonly #context: HaltContext;
  #halts: readonly Halt[];

  constructor(context: HaltContext, stored: readonly StoredHalt[]) {
    this.#context = context;
    this.#halts = stored.map(({ encoded, ...halt }) => ({ ...halt, certificates: certificatesCodec.decode(encoded) }));
  }

  /** Undefined where nothing has stopped this node. */
  get standing(): Halt | undefined {
    return this.#halts.find(({ liftedBy }) => liftedBy === undefined);
  }
  /** Oldest first. */
  all(): readonly Halt[] {
    return this.#halts;
  }

  /** Of a block that is certified beside another one. */
  heightOf(hash: BlockHash): number | undefined {
    return this.#halts.find(({ certificates }) => certificates.some((one) => one.blockHash === hash))?.height;
  }

  /** Two certificates of one height. They stay true whatever is started again, and so does the halt. Whoever signed both in one round has proved it. */
  conflict(first: BlockCertificate, second: BlockCertificate): void {
    if (this.standing !== undefined && this.standing.certificates.length > 0) return;
    // What this node alone found invalid matters less, and is not stored.
    this.#halts = this.#halts.filter(({ liftedBy }) => liftedBy !== undefined);
    const evidence = doubleSigned(first, second);
    for (const one of evidence) this.#context.report(one);
    const certificates = [first, second];
    this.#stop({ height: first.height, reason: reasonOf(first, second, evidence.length), certificates });
    const { height, reason, sinceMs } = this.#halts.at(-1) as Halt;
    this.#context.persist([{ kind: 'put-halt', height, reason, sinceMs, encoded: certificatesCodec.encode(certificates) }]);
  }

  /** This node finds invalid what a quorum certified. It may be this release's fault, so it is not stored: the next start tries anew. */
  disagree(height: number, reason: string): void {
    if (this.standing === undefined) this.#stop({ height, reason, certificates: [] });
  }

  /** When it happens, and again after each start: the alarm stands. */
  tell(): void {
    const halt = this.standing;
    if (halt !== undefined) this.#context.publish({ kind: 'halted', height: halt.height, reason: halt.reason, signers: signersOfBoth(halt) });
  }

  /**
   * Whether the one that stands is settled when a block of `height` is marked as invalid: one of its two certified blocks, or what one of them is above.
   * `isExcluded`: that block is marked, or taken off with the one that is.
   */
  isSettledBy(height: number, isExcluded: (certificate: BlockCertificate) => boolean): boolean {
    const halt = this.standing;
    if (halt === undefined || height > halt.height) return false;
    return halt.certificates.length === 0 || halt.certificates.filter((one) => !isExcluded(one)).length < 2;
  }
  lift(by: BlockHash): void {
    this.#halts = this.#halts.map((halt) => ({ ...halt, liftedBy: halt.liftedBy ?? by }));
  }
  /** The operator takes back what lifted it; to be told when it is known that nothing else has settled it. */
  restore(by: BlockHash): void {
    this.#halts = this.#halts.map((halt) => ({ ...halt, liftedBy: halt.liftedBy === by ? undefined : halt.liftedBy }));
  }

  #stop(halt: Pick<Halt, 'height' | 'reason' | 'certificates'>): void {
    this.#halts = [...this.#halts, { ...halt, sinceMs: this.#context.nowMs, liftedBy: undefined }];
    this.tell();
  }
}

/** Who signed both; proof of a fault only where both are of one round. */
export function signersOfBoth({ certificates: [first, second] }: Pick<Halt, 'certificates'>): readonly NodeId[] {
  if (first === undefined || second === undefined || first.round !== second.round) return [];
  const signers = new Set(first.precommits.map(({ nodeId }) => nodeId));
  return second.precommits.map(({ nodeId }) => nodeId).filter((nodeId) => signers.has(nodeId));
}

function doubleSigned(first: BlockCertificate, second: BlockCertificate): Evidence[] {
  return signersOfBoth({ certificates: [first, second] }).flatMap((nodeId) => {
    const [a, b] = [precommitOf(first, nodeId), precommitOf(second, nodeId)];
    return a === undefined || b === undefined ? [] : [evidenceOf(a, b)];
  });
}

function precommitOf({ height, round, blockHash, precommits }: BlockCertificate, nodeId: NodeId): BlockVote | undefined {
  const precommit = precommits.find((one) => one.nodeId === nodeId);
  return precommit && { height, round, phase: 'precommit', blockHash, ...precommit };
}

function reasonOf(first: BlockCertificate, second: BlockCertificate, signedBoth: number): string {
  const blocks = `two certificates: for ${first.blockHash} in round ${first.round} and for ${second.blockHash} in round ${second.round}`;
  return first.round === second.round
    ? `${blocks}; ${signedBoth} masternodes signed both`
    : `${blocks}; of different rounds, so that honest masternodes may be in both`;
}
