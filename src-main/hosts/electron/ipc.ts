import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron';
import * as z from 'zod';
import { channels } from '../../../src-shared/api/bridge.ts';
import type { Reply } from '../../../src-shared/api/method.ts';
import { isTopicName, type TopicEvent, type TopicName } from '../../../src-shared/api/topics.ts';

/** What the window reaches of the node. */
export interface WindowDoor {
  call(method: string, params: unknown): Promise<Reply<unknown>>;
  /** Undefined if there is no such topic; else what ends it. */
  subscribe(topic: string, listener: (event: TopicEvent) => void): (() => void) | undefined;
}

export interface IpcOptions {
  /** The window opens before the node runs, and outlives one that is started anew; calls wait for it. Never rejects: an app whose node does not start ends. */
  readonly door: () => Promise<WindowDoor>;
  /** Of the only pages that may speak. */
  readonly pageOrigin: string;
}

type Sender = Pick<WebContents, 'id' | 'send' | 'isDestroyed' | 'on' | 'once'>;
type SenderFrame = Pick<NonNullable<IpcMainEvent['senderFrame']>, 'origin' | 'parent'>;

/** The same bound as at the other doors. */
const request = z.strictObject({ method: z.string().max(100), params: z.unknown() });

/** Whatever else runs in the window, a frame within the page or a page from elsewhere, is nobody to us. */
const isOurs = (frame: SenderFrame | null, pageOrigin: string): boolean => frame !== null && frame.parent === null && frame.origin === pageOrigin;

/** Serves the bridge that the preload puts into the page: one invoke channel, one event channel. */
export function serveIpc(ipcMain: Pick<IpcMain, 'handle' | 'on'>, { door, pageOrigin }: IpcOptions): void {
  const windows = new Map<number, WindowTopics>();
  const topicsOf = (sender: Sender): WindowTopics => {
    const there = windows.get(sender.id);
    if (there !== undefined) return there;
    const topics = new WindowTopics(sender, door);
    windows.set(sender.id, topics);
    // A page that is loaded anew subscribes anew.
    sender.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) topics.clear();
    });
    sender.on('render-process-gone', () => topics.clear());
    sender.once('destroyed', () => {
      topics.clear();
      windows.delete(sender.id);
    });
    return topics;
  };

  ipcMain.handle(channels.invoke, async (event: IpcMainInvokeEvent, message: unknown): Promise<Reply<unknown>> => {
    if (!isOurs(event.senderFrame, pageOrigin)) throw new Error('not our page');
    const parsed = request.safeParse(message);
    if (!parsed.success) return { ok: false, error: { code: 'invalid-request', message: 'expected {method, params}' } };
    return (await door()).call(parsed.data.method, parsed.data.params);
  });
  ipcMain.on(channels.subscribe, (event: IpcMainEvent, topic: unknown) => {
    if (isOurs(event.senderFrame, pageOrigin) && typeof topic === 'string' && isTopicName(topic)) topicsOf(event.sender).subscribe(topic);
  });
  ipcMain.on(channels.unsubscribe, (event: IpcMainEvent, topic: unknown) => {
    if (isOurs(event.senderFrame, pageOrigin) && typeof topic === 'string' && isTopicName(topic)) topicsOf(event.sender).unsubscribe(topic);
  });
}

/** The topics that one window looks at: at most one subscription each, so there are never more than there are topics. */
class WindowTopics {
  readonly #sender: Sender;
  readonly #door: () => Promise<WindowDoor>;
  /** What ends each; those that still wait for the node are marked ended by not being here any more. */
  readonly #subscriptions = new Map<TopicName, { end: () => void }>();

  constructor(sender: Sender, door: () => Promise<WindowDoor>) {
    this.#sender = sender;
    this.#door = door;
  }

  /** Again for one that there is: it begins anew, with a whole view. */
  subscribe(topic: TopicName): void {
    this.unsubscribe(topic);
    const subscription = { end: () => {} };
    this.#subscriptions.set(topic, subscription);
    void this.#door().then((door) => {
      if (this.#subscriptions.get(topic) !== subscription) return;
      const end = door.subscribe(topic, (event) => {
        if (!this.#sender.isDestroyed()) this.#sender.send(channels.event, event);
      });
      if (end !== undefined) subscription.end = end;
    });
  }

  unsubscribe(topic: TopicName): void {
    this.#subscriptions.get(topic)?.end();
    this.#subscriptions.delete(topic);
  }

  clear(): void {
    for (const { end } of this.#subscriptions.values()) end();
    this.#subscriptions.clear();
  }
}
