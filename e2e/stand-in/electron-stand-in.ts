import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { CDPSession, Page } from '@playwright/test';
import { isolatedWorld, pageWorld } from './worlds.js';

type Listener = (event: unknown, ...args: unknown[]) => unknown;
interface Message {
  readonly kind: 'invoke' | 'send';
  readonly id: number;
  readonly channel: string;
  readonly args: readonly unknown[];
}

const worldName = 'Electron Isolated Context';
let lastId = 0;

/**
 * `ipcMain`, `webContents` and a real preload in a real isolated world of real Chromium, without Electron. It shows what passes between page,
 * preload and main process; not the sandbox, nor Electron's own windows.
 */
export class ElectronStandIn {
  readonly #handlers = new Map<string, Listener>();
  readonly #listeners = new Map<string, Listener>();
  /** Execution contexts of preloads, which are in main frames only. */
  readonly #contexts = new Set<number>();
  readonly #binding = `b${randomBytes(8).toString('hex')}`;
  readonly #sender = new EventEmitter();
  #cdp: CDPSession | undefined;
  #page: Page | undefined;

  readonly ipcMain = {
    handle: (channel: string, listener: Listener): void => {
      if (this.#handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
      this.#handlers.set(channel, listener);
    },
    on: (channel: string, listener: Listener): void => {
      this.#listeners.set(channel, listener);
    },
  };

  readonly webContents = Object.assign(this.#sender, {
    id: ++lastId,
    isDestroyed: () => this.#page?.isClosed() ?? true,
    send: (channel: string, ...args: unknown[]): void => void this.#deliver({ kind: 'event', channel, args: structuredClone(args) }),
  });

  /** Must be called before the page navigates. */
  async attach(page: Page, preload: string): Promise<void> {
    const cdp = await page.context().newCDPSession(page);
    this.#cdp = cdp;
    this.#page = page;
    page.once('close', () => this.#sender.emit('destroyed'));
    const secret = randomBytes(16).toString('hex');
    cdp.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.name === worldName) this.#contexts.add(context.id);
    });
    cdp.on('Runtime.executionContextDestroyed', ({ executionContextId }) => this.#contexts.delete(executionContextId));
    cdp.on('Runtime.executionContextsCleared', () => {
      this.#contexts.clear();
      this.#sender.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false });
    });
    cdp.on('Runtime.bindingCalled', ({ name, payload }) => {
      if (name === this.#binding) void this.#receive(JSON.parse(payload) as Message);
    });
    await cdp.send('Page.enable');
    await cdp.send('Runtime.enable');
    await cdp.send('Runtime.addBinding', { name: this.#binding, executionContextName: worldName });
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: `(${pageWorld})(${JSON.stringify(secret)})` });
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', {
      worldName,
      source: `(${isolatedWorld})(${JSON.stringify(secret)}, ${JSON.stringify(this.#binding)}, function (require, exports, module) {\n${preload}\n})\n//# sourceURL=preload.cjs`,
    });
  }

  async #receive(message: Message): Promise<void> {
    const url = this.#page?.mainFrame().url() ?? '';
    const event = { sender: this.webContents, senderFrame: { url, origin: new URL(url).origin, parent: null } };
    if (message.kind === 'send') {
      this.#listeners.get(message.channel)?.(event, ...message.args);
      return;
    }
    const reply = { kind: 'reply', id: message.id, channel: message.channel };
    try {
      const handler = this.#handlers.get(message.channel);
      if (handler === undefined) throw new Error(`No handler registered for '${message.channel}'`);
      await this.#deliver({ ...reply, value: structuredClone(await handler(event, ...message.args)) });
    } catch (error) {
      await this.#deliver({ ...reply, error: String(error) });
    }
  }

  async #deliver(message: object): Promise<void> {
    for (const contextId of this.#contexts) {
      // A page that has gone meanwhile hears nothing, as in Electron.
      await this.#cdp?.send('Runtime.evaluate', { contextId, expression: `__receive(${JSON.stringify(message)})` }).catch(() => {});
    }
  }
}
