import type { NodeId } from '../../../src-shared/domain/ids.ts';
import type { NetLimits } from '../../../src-shared/domain/net-limits.ts';
import type { EngineEvent } from '../events.ts';
import { ClockWatch } from '../net/clock-watch.ts';
import type { ClockState, ClockView } from '../net/network-state.ts';
import type { Peer } from '../net/peer-connection.ts';
import type { Snapshot } from '../snapshot.ts';

/** What it needs of the engine's context, which holds it. */
interface ClockContext {
  readonly options: { readonly self: NodeId; readonly limits: NetLimits };
  readonly snapshot: Snapshot;
  readonly peers: { ready(): readonly Peer[] };
  publish(event: EngineEvent): void;
}

/** The clock against those of the connected masternodes (protocol section 10). */
export class ClockFlow {
  readonly #context: ClockContext;
  readonly #watch: ClockWatch;
  /** The last that was told; a clock of which nothing is known yet is no news. */
  #told: ClockState = 'good';

  constructor(context: ClockContext) {
    this.#context = context;
    this.#watch = new ClockWatch(context.options.limits);
  }

  view(): ClockView {
    return this.#watch.view();
  }
  /** So far off that others would refuse its blocks. */
  get isStopped(): boolean {
    return this.#watch.view().state === 'stopped';
  }

  /** A pong came, or a peer went. */
  update(): void {
    const { snapshot, options, peers } = this.#context;
    const readings = peers.ready().flatMap(({ nodeId, clockOffsetMs }) => {
      const member = nodeId === options.self ? undefined : snapshot.byNode.get(nodeId);
      return member === undefined || clockOffsetMs === undefined ? [] : [{ weight: member.weight, offsetMs: clockOffsetMs }];
    });
    const { state, offsetMs } = this.#watch.update(readings, snapshot.totalWeight - (snapshot.byNode.get(options.self)?.weight ?? 0));
    if (offsetMs === undefined || state === this.#told) return;
    this.#told = state;
    this.#context.publish({ kind: 'clock', state, offsetMs });
  }
}
