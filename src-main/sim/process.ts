import type { Effect } from '../core/effects.ts';
import type { Engine } from '../core/engine.ts';
import type { EngineEvent } from '../core/events.ts';
import type { Input } from '../core/inputs.ts';
import { InvariantError } from '../core/invariant.ts';
import type { StoreOperation } from '../core/store-operation.ts';
import type { Clock } from '../node/clock.ts';
import { type EffectPorts, EffectRunner } from '../node/effects.ts';
import { NamedTimers } from '../node/named-timers.ts';
import type { Arithmetic } from './arithmetic.ts';
import type { SimDisk } from './disk.ts';
import type { Prng } from './prng.ts';

const maxVerifyMs = 4;
const maxSetHashMs = 6;
const maxTurnMs = 3;

export interface ProcessOptions extends Pick<EffectPorts, 'transport' | 'answer' | 'answerBranch' | 'discover' | 'probe' | 'encode'> {
  readonly engine: Engine;
  readonly disk: SimDisk;
  readonly clock: Clock;
  /** Runs it so much later by that clock, unless the machine loses its power before. */
  readonly after: (delayMs: number, run: () => void) => void;
  readonly arithmetic: Arithmetic;
  readonly random: Prng;
  readonly publish: (event: EngineEvent) => void;
  /** Told of what goes to the disk. */
  readonly stores?: (operations: readonly StoreOperation[]) => void;
}

/** A node while it runs: an engine, with the node's own runner of effects and timers around it, and virtual time instead of worker threads. */
export class SimProcess {
  readonly engine: Engine;
  readonly #options: ProcessOptions;
  readonly #runner: EffectRunner;
  readonly #timers: NamedTimers;
  #running = true;

  constructor(options: ProcessOptions) {
    const { engine, disk, transport, answer, answerBranch, discover, probe, encode, publish } = options;
    this.engine = engine;
    this.#options = options;
    this.#timers = new NamedTimers(
      options.clock,
      () => this.#timersDue(),
      (delayMs, wake) => {
        let wanted = true;
        this.#after(delayMs, () => wanted && wake());
        return () => {
          wanted = false;
        };
      },
    );
    this.#runner = new EffectRunner({
      storage: {
        persist: (operations) => {
          options.stores?.(operations);
          return disk.persist(operations);
        },
        get durableThrough() {
          return disk.durableThrough;
        },
      },
      // Carried out here, by virtual time and without promises.
      verifier: { verify: () => neverAsked(), muHash: () => neverAsked() },
      input: () => neverAsked(),
      timers: this.#timers,
      transport,
      answer,
      answerBranch,
      discover,
      probe,
      encode,
      publish,
      onFatal: (error) => {
        throw error;
      },
    });
  }

  /** Nothing happens once it was stopped. */
  step(input: Input): void {
    if (!this.#running) return;
    const { engine, clock, disk } = this.#options;
    for (const effect of engine.step(input, clock.nowMs())) this.#carryOut(effect);
    disk.endTurn();
  }
  durable(through: number): void {
    this.#runner.durable(through);
  }
  /** Nothing of it happens any more. */
  stop(): void {
    this.#running = false;
    this.#runner.stop();
    this.#timers.stop();
  }

  #timersDue(): void {
    for (let timer = this.#timers.takeDue(); timer !== undefined; timer = this.#timers.takeDue()) this.step({ kind: 'timer', timer });
  }

  #carryOut(effect: Effect): void {
    const { arithmetic, random } = this.#options;
    if (effect.kind === 'verify') {
      const { job, items } = effect;
      this.#answerLater(random.below(maxVerifyMs + items.length / 20), () => ({ kind: 'verified', job, valid: arithmetic.verify(items) }));
    } else if (effect.kind === 'compute-set-hash') {
      this.#answerLater(random.below(maxSetHashMs), () => ({ kind: 'set-hash', job: effect.job, ...arithmetic.setHash(effect) }));
    } else if (effect.kind === 'continue') {
      this.#answerLater(random.below(maxTurnMs), () => ({ kind: 'continued', job: effect.job }));
    } else this.#runner.run([effect]);
  }
  #answerLater(delayMs: number, answer: () => Input): void {
    this.#after(delayMs, () => this.step(answer()));
  }
  #after(delayMs: number, run: () => void): void {
    this.#options.after(delayMs, () => {
      if (this.#running) run();
    });
  }
}

function neverAsked(): never {
  throw new InvariantError('the simulator does this work itself');
}
