import * as z from 'zod';
import type { ClientFrame, ServerFrame } from '../../../src-shared/api/bridge.ts';
import type { Api } from '../api/registry.ts';
import type { TopicPublisher } from '../api/topics.ts';

/** What a session needs of a socket. */
export interface PageSocket {
  send(text: string): void;
  /** Not read by the page yet. */
  bufferedBytes(): number;
  close(code: number, reason: string): void;
}

/** A page has a few calls under way; a flood waits for nobody's answer. */
const maxCallsUnderWay = 64;
/** A view is half a megabyte at the most, with hundreds of peers. Who has not read the last ones gets no more of them until it has. */
const maxUnreadBytes = 1024 * 1024;
/** A page that does not read is dropped before it costs memory; it connects again and gets whole views. */
const maxBufferedBytes = 8 * 1024 * 1024;
/** One may be a mistake. */
const maxBadFrames = 20;
/** WebSocket close codes (RFC 6455, section 7.4.1). */
export const closeCodes = { goingAway: 1001, policyViolation: 1008, tryAgainLater: 1013 } as const;

const id = z.number().int().min(0);
const name = z.string().max(100);
const clientFrame = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('call'), id, method: name, params: z.unknown() }),
  z.strictObject({ kind: z.literal('subscribe'), topic: name }),
  z.strictObject({ kind: z.literal('unsubscribe'), topic: name }),
]);

/** Answers what is wrong with it. */
export function parseClientFrame(text: string): ClientFrame | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'a frame is JSON';
  }
  const parsed = clientFrame.safeParse(value);
  if (parsed.success) return { ...parsed.data };
  const [issue] = parsed.error.issues;
  return issue === undefined ? 'not a frame' : `${['frame', ...issue.path.map(String)].join('.')}: ${issue.message}`;
}

/** One page's connection: calls in any order, and the topics it looks at. */
export class PageSession {
  readonly #socket: PageSocket;
  readonly #api: Api;
  readonly #topics: Pick<TopicPublisher, 'subscribe'>;
  readonly #subscriptions = new Map<string, () => void>();
  #callsUnderWay = 0;
  #badFrames = 0;
  #closed = false;

  constructor(socket: PageSocket, api: Api, topics: Pick<TopicPublisher, 'subscribe'>) {
    this.#socket = socket;
    this.#api = api;
    this.#topics = topics;
  }

  /** A frame that is not one is refused with a reason and changes nothing. Binary frames come as undefined. */
  async receive(text: string | undefined): Promise<void> {
    if (this.#closed) return;
    const frame = text === undefined ? 'frames are text' : parseClientFrame(text);
    if (typeof frame === 'string') return this.#refuse(frame);
    switch (frame.kind) {
      case 'call':
        return this.#call(frame);
      case 'subscribe':
        return this.#subscribe(frame.topic);
      case 'unsubscribe':
        return this.#unsubscribe(frame.topic);
      default:
        return frame satisfies never;
    }
  }

  /** The socket is gone. */
  closed(): void {
    this.#closed = true;
    for (const end of this.#subscriptions.values()) end();
    this.#subscriptions.clear();
  }

  async #call({ id, method, params }: Extract<ClientFrame, { kind: 'call' }>): Promise<void> {
    if (this.#callsUnderWay >= maxCallsUnderWay) {
      const error = { code: 'misc-error', message: `At most ${maxCallsUnderWay} calls at once.` } as const;
      return this.#send({ kind: 'reply', id, reply: { ok: false, error } });
    }
    this.#callsUnderWay++;
    const reply = await this.#api.call(method, params, 'page');
    this.#callsUnderWay--;
    this.#send({ kind: 'reply', id, reply });
  }

  /** Again for one that there is: it begins anew, with a whole view. */
  #subscribe(topic: string): void {
    this.#unsubscribe(topic);
    const hasRoom = (): boolean => this.#socket.bufferedBytes() <= maxUnreadBytes;
    const end = this.#topics.subscribe(topic, (event) => this.#send({ kind: 'event', event }), hasRoom);
    if (end === undefined) this.#refuse('there is no such topic');
    else this.#subscriptions.set(topic, end);
  }

  #unsubscribe(topic: string): void {
    this.#subscriptions.get(topic)?.();
    this.#subscriptions.delete(topic);
  }

  #refuse(message: string): void {
    this.#badFrames++;
    this.#send({ kind: 'error', message });
    if (this.#badFrames >= maxBadFrames) this.#end(closeCodes.policyViolation, 'too many malformed frames');
  }

  #send(frame: ServerFrame): void {
    if (this.#closed) return;
    if (this.#socket.bufferedBytes() > maxBufferedBytes) this.#end(closeCodes.tryAgainLater, 'too slow');
    else this.#socket.send(JSON.stringify(frame));
  }

  #end(code: number, reason: string): void {
    this.closed();
    this.#socket.close(code, reason);
  }
}
