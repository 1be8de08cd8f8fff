import type { NodeId } from '../../../src-shared/domain/ids.ts';
import { ProposerSequence } from '../consensus/proposer.ts';
import type { EngineContext } from './context.ts';

/** The proposers of the epoch that the tip is in, or has just begun. */
export class EpochProposers {
  readonly #context: Pick<EngineContext, 'registry'>;
  #of: { readonly epoch: number; readonly sequence: ProposerSequence } | undefined;

  constructor(context: Pick<EngineContext, 'registry'>) {
    this.#context = context;
  }

  /** Of a height of this epoch. */
  at(height: number, round: number): NodeId {
    const { progress, snapshot } = this.#context.registry;
    if (this.#of?.epoch !== progress.epoch) this.#of = { epoch: progress.epoch, sequence: new ProposerSequence(snapshot, progress.startHeight) };
    return this.#of.sequence.at(height, round);
  }
}
