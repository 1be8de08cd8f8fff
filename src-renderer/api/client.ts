import { type MethodName, methods, type Request, type Response } from '../../src-shared/api/contract.ts';
import { errorNumbers } from '../../src-shared/api/method.ts';
import { type TopicName, type TopicValue, topics } from '../../src-shared/api/topics.ts';
import { type ClientBridge, type ClientError, failed, type Outcome } from './client-error.ts';
import { SequenceTracker } from './sequence.ts';

const own: ReadonlySet<string> = new Set(['disconnected', 'no-answer', 'not-understood']);
/** A code of a newer node has no words here; its message has to do. */
const known = (error: ClientError): ClientError => (own.has(error.code) || Object.hasOwn(errorNumbers, error.code) ? error : { ...error, code: 'misc-error' });

interface Subscription {
  readonly listeners: Set<(value: unknown) => void>;
  tracker: SequenceTracker;
  /** The newest value, for who joins later. */
  latest: { readonly value: unknown } | undefined;
  end: () => void;
}

/**
 * The node as the window sees it: methods and topics of the contract, over whichever bridge there is. Everything that arrives is validated
 * here and trusted behind. At most one subscription for each topic, however many listen.
 */
export class Client {
  readonly #bridge: ClientBridge;
  readonly #onMisunderstood: (what: string) => void;
  readonly #subscriptions = new Map<TopicName, Subscription>();

  /** @param onMisunderstood hears the method or topic whose value is not what the contract says: window and node are of different versions */
  constructor(bridge: ClientBridge, onMisunderstood: (what: string) => void) {
    this.#bridge = bridge;
    this.#onMisunderstood = onMisunderstood;
  }

  async call<M extends MethodName>(method: M, params: Request<M>): Promise<Outcome<Response<M>>> {
    let reply: Outcome<unknown>;
    try {
      reply = await this.#bridge.invoke(method, params);
    } catch (error) {
      return failed('disconnected', String(error));
    }
    if (!reply.ok) return { ok: false, error: known(reply.error) };
    const parsed = methods[method].response.safeParse(reply.value);
    if (parsed.success) return { ok: true, value: parsed.data as Response<M> };
    this.#onMisunderstood(method);
    return failed('not-understood', parsed.error.message);
  }

  /** The listener hears the newest value at once if there is one. Answers what ends the subscription. */
  subscribe<T extends TopicName>(topic: T, listener: (value: TopicValue<T>) => void): () => void {
    const subscription = this.#subscriptions.get(topic) ?? this.#open(topic);
    const heard = (value: unknown): void => listener(value as TopicValue<T>);
    subscription.listeners.add(heard);
    if (subscription.latest !== undefined) heard(subscription.latest.value);
    return () => {
      subscription.listeners.delete(heard);
      if (subscription.listeners.size > 0 || this.#subscriptions.get(topic) !== subscription) return;
      this.#subscriptions.delete(topic);
      subscription.end();
    };
  }

  #open(topic: TopicName): Subscription {
    const subscription: Subscription = { listeners: new Set(), tracker: new SequenceTracker(), latest: undefined, end: () => undefined };
    this.#subscriptions.set(topic, subscription);
    this.#start(topic, subscription);
    return subscription;
  }

  #start(topic: TopicName, subscription: Subscription): void {
    subscription.end = this.#bridge.subscribe(topic, (event) => {
      const verdict = subscription.tracker.judge(event.sequence);
      if (verdict === 'resubscribe') {
        subscription.end();
        this.#start(topic, subscription);
      }
      if (verdict !== 'take') return;
      const parsed = topics[topic].safeParse(event.value);
      if (!parsed.success) {
        this.#onMisunderstood(topic);
        return;
      }
      subscription.latest = { value: parsed.data };
      for (const listener of subscription.listeners) listener(parsed.data);
    });
  }
}
