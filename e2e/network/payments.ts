import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { isFinal } from './chain.ts';
import type { TestNode } from './node.ts';
import { until } from './processes.ts';

/** Resolves with its id once the payment is final at each of `observers`. */
export async function payFinally(sender: TestNode, observers: readonly TestNode[], timeoutMs: number): Promise<string> {
  const address = await observers.at(-1)!.call('getnewaddress');
  const txid = await sender.call('sendtoaddress', { address, amount: '1' });
  await untilFinal(observers, [txid], timeoutMs);
  return txid;
}

export async function untilFinal(observers: readonly TestNode[], txids: readonly string[], timeoutMs: number): Promise<void> {
  await until(`${txids.length} payments are final`, timeoutMs, async () => {
    const states = await Promise.all(
      observers.map((node) =>
        node.batch(
          'gettransaction',
          txids.map((txid) => ({ txid })),
        ),
      ),
    );
    return states.every((ofNode) => ofNode.every(isFinal));
  });
}

/** As often as a machine can look that does little else. */
const pollMs = 10;

/** Payments from every node to every other, until told to stop. */
export class PaymentLoad {
  /** What some node has called final, and so nobody may ever take back. */
  readonly finals = new Set<string>();
  readonly #sent: string[] = [];
  readonly #running: Promise<void>[];
  readonly #restMs: number;
  #stopped = false;

  private constructor(nodes: readonly TestNode[], addresses: readonly string[], restMs: number) {
    this.#restMs = restMs;
    this.#running = [
      ...nodes.map((node, index) =>
        this.#pay(
          node,
          addresses.filter((_, other) => other !== index),
        ),
      ),
      // Each by itself: one that is held still must not keep the others from being heard.
      ...nodes.map((node) => this.#watch(node)),
    ];
  }

  /** `restMs`: of each node between two payments, and of who looks at it; without it as fast as the nodes take them. */
  static async start(nodes: readonly TestNode[], restMs = 0): Promise<PaymentLoad> {
    return new PaymentLoad(nodes, await Promise.all(nodes.map((node) => node.call('getnewaddress'))), restMs);
  }

  get sent(): number {
    return this.#sent.length;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
  }

  async #pay(node: TestNode, addresses: readonly string[]): Promise<void> {
    for (let number = 0; !this.#stopped; number++) {
      const address = addresses[number % addresses.length]!;
      // It may be killed meanwhile, or have no coin that is final: the next one comes soon.
      const txid = await node.call('sendtoaddress', { address, amount: '0.5' }).catch(() => undefined);
      if (txid !== undefined) this.#sent.push(txid);
      if (txid === undefined || this.#restMs > 0) await delay(Math.max(this.#restMs, pollMs));
    }
  }

  async #watch(node: TestNode): Promise<void> {
    while (!this.#stopped) {
      const txids = this.#sent.slice(-200);
      // A node that is killed meanwhile has said nothing.
      const states = await node
        .batch(
          'gettransaction',
          txids.map((txid) => ({ txid })),
        )
        .catch(() => []);
      for (const [index, info] of states.entries()) if (isFinal(info)) this.finals.add(txids[index]!);
      await delay(Math.max(this.#restMs, pollMs));
    }
  }
}

/** Nothing of it is missing anywhere. */
export async function expectFinal(nodes: readonly TestNode[], txids: readonly string[]): Promise<void> {
  for (const node of nodes) {
    const states = await node.batch(
      'gettransaction',
      txids.map((txid) => ({ txid })),
    );
    const missing = txids.filter((_, index) => !isFinal(states[index]));
    expect(missing, `final once, and not any more at node ${node.index}`).toEqual([]);
  }
}
