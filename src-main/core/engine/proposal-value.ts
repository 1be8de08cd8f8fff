import type { BlockHash } from '../../../src-shared/domain/ids.ts';
import type { BlockProposal } from '../codec/block-vote.ts';
import type { BlockBuilder } from './block-builder.ts';
import type { BlockVoteSigner } from './block-vote-signer.ts';
import type { EngineContext } from './context.ts';
import type { CheckedBlock, ProposedBlocks } from './proposed-blocks.ts';

interface Parts {
  readonly proposed: ProposedBlocks;
  readonly builder: BlockBuilder;
  readonly signer: BlockVoteSigner;
}

/** What the choice asks of the height being decided, and tells it. */
interface Height {
  readonly height: () => number;
  readonly round: () => number;
  readonly proposals: () => readonly BlockProposal[];
  /** False where there is no room. */
  readonly keep: (checked: CheckedBlock) => boolean;
  readonly found: (round: number, blockHash: BlockHash) => void;
}

/** L18 of the paper: the block that this node proposes in a round of its own without a valid value. */
export class ProposalValue {
  readonly #context: EngineContext;
  readonly #parts: Parts;
  readonly #height: Height;
  /** Of this round one is wanted, once it is known whether a block proposed before is valid. */
  #awaitedIn: number | undefined;

  constructor(context: EngineContext, parts: Parts, height: Height) {
    this.#context = context;
    this.#parts = parts;
    this.#height = height;
  }

  newHeight(): void {
    this.#awaitedIn = undefined;
  }

  /**
   * A block this node already proposed in this round, before a restart, is proposed again: the guard would sign no other. Then one of an earlier
   * round, which the others have checked or are checking: a full block takes longer than the first rounds last, and if every round began
   * with another one, a busy network would not decide any of them.
   */
  wanted(round: number): void {
    const { guard } = this.#context;
    const { proposed, signer, builder } = this.#parts;
    const height = this.#height.height();
    const before = guard.proposalOf(height, round);
    if (before !== undefined) return this.#height.found(round, before.blockHash);
    // While catching up every height begins here; a proposal would be refused, so no block is built for it.
    if (guard.isBehind(height)) return;
    const sent = this.#height.proposals().map(({ blockHash }) => blockHash);
    const known = signer.toProposeAgain([...sent.toReversed(), ...proposed.validBlocks()], round);
    if (known !== undefined) return this.#height.found(round, known);
    this.#awaitedIn = proposed.isCheckingBefore(round) ? round : undefined;
    if (this.#awaitedIn !== undefined) return;
    // The others would find it of another slot.
    if (this.#context.clock.isStopped) return;
    const waitUntilMs = builder.notBeforeMs();
    if (this.#context.nowMs < waitUntilMs) {
      this.#awaitedIn = round;
      return this.#context.emit({ kind: 'set-timer', timer: 'epoch-close', atMs: waitUntilMs });
    }
    builder.build(round, (checked) => {
      if (height === this.#height.height() && this.#height.keep(checked)) this.#height.found(round, checked.block.hash);
    });
  }

  /** A block is checked, or the wait before an epoch is closed is over. */
  mayBeKnown(): void {
    const round = this.#awaitedIn;
    this.#awaitedIn = undefined;
    if (round !== undefined && round === this.#height.round()) this.wanted(round);
  }
}
