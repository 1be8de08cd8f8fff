import { isPublic, normalizeHost } from '../../core/net/network-address.ts';
import type { Gateway, Mapping, MappingRequest } from './gateway.ts';
import type { ExternalAddress, PortMappingView } from './port-mapping-view.ts';

/** What the mapping is made in; a test's is another one. */
export interface PortMappingWorld {
  /** Routers that may be asked, the best way to speak to them first; each is looked for when the one before has not helped. */
  gateways(signal: AbortSignal): AsyncIterable<Gateway>;
  /** Milliseconds since 1970. */
  nowMs(): number;
  setTimer(run: () => void, delayMs: number): () => void;
  /** Another text when this machine is in another network. */
  networkKey(): string;
}

export interface PortMappingOptions {
  /** That it listens on. */
  readonly port: number;
  readonly world: PortMappingWorld;
  /** The view has changed in what a person or core would want to know. */
  readonly onChange: (view: PortMappingView) => void;
}

/** As often as it is looked whether the machine slept or moved. */
const checkMs = 30_000;
/** A router that restarts forgets its mappings, and does not say so: at most so long is this node without one. */
const maxRenewMs = 20 * 60_000;
const minRenewMs = 60_000;
const firstRetryMs = 60_000;
const maxRetryMs = 30 * 60_000;
/** For everything that is tried at once: each way has limits of its own, and these are for their sum. */
const attemptMs = 60_000;
/** The router forgets the mapping by itself; nobody waits long for it to do so. */
const removeMs = 1_500;
/** A router that is hung up on maps the port all the same, and one that is asked at once whether it has says no: on stop its answer is waited for. */
const lastAnswerMs = 1_500;

interface Held {
  readonly gateway: Gateway;
  readonly mapping: MappingRequest & Mapping;
  readonly untilMs: number;
}

/**
 * Keeps a port of the router mapped to ours: asks again before the router forgets it, after a sleep and in another network, and removes it on stop. What
 * fails is tried again, for ever, with growing waits.
 */
export class PortMapping {
  readonly #options: PortMappingOptions;
  readonly #stop = new AbortController();
  /** What was asked already may be answered a little longer. */
  readonly #hangUp = new AbortController();
  #view: PortMappingView = { state: 'searching' };
  #held: Held | undefined;
  #failures = 0;
  #running: Promise<void> | undefined;

  constructor(options: PortMappingOptions) {
    this.#options = options;
  }

  get view(): PortMappingView {
    return this.#view;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Resolves when the routers have been told, or after three seconds. */
  async stop(): Promise<void> {
    this.#stop.abort();
    const cancel = this.#options.world.setTimer(() => this.#hangUp.abort(), lastAnswerMs);
    await this.#running;
    cancel();
    await this.#letGo();
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) await this.#pause(await this.#attempt());
  }

  /** Answers when to try again. Never rejects. */
  async #attempt(): Promise<number> {
    const { world } = this.#options;
    const timeout = AbortSignal.timeout(attemptMs);
    const signal = AbortSignal.any([this.#stop.signal, timeout]);
    const asking = AbortSignal.any([this.#hangUp.signal, timeout]);
    const failures: string[] = [];
    try {
      for await (const gateway of this.#candidates(signal)) {
        const request = { internalPort: this.#options.port, suggestedPort: this.#held?.mapping.externalPort ?? this.#options.port };
        try {
          const mapping = { ...request, ...(await gateway.map(request, asking)) };
          this.#held = { gateway, mapping, untilMs: world.nowMs() + mapping.lifetimeMs };
          this.#failures = 0;
          this.#show(mappedView(this.#held, undefined));
          return Math.min(maxRenewMs, Math.max(minRenewMs, mapping.lifetimeMs / 2));
        } catch (error) {
          if (asking.aborted && this.#held?.gateway.host !== gateway.host) {
            // It may have mapped it, and only its answer is missing.
            await unmap(gateway, { ...request, externalHost: undefined, externalPort: request.suggestedPort, lifetimeMs: 0 });
          }
          signal.throwIfAborted();
          failures.push(`${gateway.method} ${gateway.host}: ${wordsOf(error)}`);
        }
      }
    } catch (error) {
      failures.push(wordsOf(error));
    }
    return this.#stop.signal.aborted ? 0 : this.#failed(failures.length === 0 ? 'no router was found that maps ports' : failures.join('; '));
  }

  /** Who has mapped the port is asked first. */
  async *#candidates(signal: AbortSignal): AsyncGenerator<Gateway> {
    if (this.#held !== undefined) yield this.#held.gateway;
    yield* this.#options.world.gateways(signal);
  }

  #failed(lastError: string): number {
    const nowMs = this.#options.world.nowMs();
    const delayMs = Math.min(maxRetryMs, firstRetryMs * 2 ** Math.min(this.#failures++, 10));
    if (this.#held !== undefined && this.#held.untilMs > nowMs) {
      this.#show(mappedView(this.#held, lastError));
      // What is still held may end sooner.
      return Math.min(delayMs, this.#held.untilMs - nowMs);
    }
    this.#held = undefined;
    this.#show({ state: 'failed', lastError, nextTryMs: nowMs + delayMs });
    return delayMs;
  }

  /** Ends early when the machine has slept, its clock was set, or it is in another network; what was mapped there is not mapped here. */
  async #pause(delayMs: number): Promise<void> {
    const { world } = this.#options;
    const { signal } = this.#stop;
    const key = world.networkKey();
    const endMs = world.nowMs() + delayMs;
    for (let beforeMs = world.nowMs(); beforeMs < endMs && !signal.aborted; ) {
      await this.#sleep(Math.min(checkMs, endMs - beforeMs));
      const nowMs = world.nowMs();
      const isElsewhere = world.networkKey() !== key;
      if (isElsewhere) {
        this.#show({ state: 'searching' });
        await this.#letGo();
      }
      if (isElsewhere || nowMs < beforeMs || nowMs > beforeMs + 2 * checkMs) {
        this.#failures = 0;
        return;
      }
      beforeMs = nowMs;
    }
  }

  /** Its router may be out of reach by now. */
  async #letGo(): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) await unmap(held.gateway, held.mapping);
  }

  async #sleep(delayMs: number): Promise<void> {
    const { signal } = this.#stop;
    if (signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#options.world.setTimer(resolve, delayMs);
    const wake = (): void => resolve();
    signal.addEventListener('abort', wake);
    await promise;
    signal.removeEventListener('abort', wake);
    cancel();
  }

  #show(view: PortMappingView): void {
    const before = this.#view;
    this.#view = view;
    if (!isSame(before, view)) this.#options.onChange(view);
  }
}

/** Never rejects: a router that does not do it forgets the mapping in time. */
const unmap = (gateway: Gateway, mapping: MappingRequest & Mapping): Promise<void> =>
  gateway.unmap(mapping, AbortSignal.timeout(removeMs)).catch(() => undefined);

/** What core is told: where the Internet reaches this node. */
export const externalOf = (view: PortMappingView): ExternalAddress | undefined => (view.state === 'mapped' ? view.external : undefined);

function mappedView({ gateway, mapping, untilMs }: Held, lastError: string | undefined): PortMappingView {
  const host = mapping.externalHost === undefined ? undefined : normalizeHost(mapping.externalHost);
  // A router behind another one has a private address itself.
  const external = { host: host !== undefined && isPublic(host) ? host : undefined, port: mapping.externalPort };
  return { state: 'mapped', method: gateway.method, gateway: gateway.host, external, untilMs, lastError };
}

/** But for times, which change with each renewal. */
function isSame(a: PortMappingView, b: PortMappingView): boolean {
  const plain = (view: PortMappingView): string => JSON.stringify({ ...view, untilMs: 0, nextTryMs: 0 });
  return plain(a) === plain(b);
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
