import { readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { expect, type Locator, type Page } from '@playwright/test';
import { parse, stringify } from 'smol-toml';
import { dataFiles, networkDirectory } from '../../src-main/node/data-directory.ts';
import type { AlertCode, HealthAlert } from '../../src-shared/api/methods/health.ts';
import type { TestNode } from './node.ts';
import { until } from './processes.ts';

/** A look of the node's, one of the window's, and what a busy machine adds. */
const shownMs = 20_000;

const alertsOf = async (node: TestNode): Promise<HealthAlert[]> => (await node.call('gethealth')).alerts;

/** What one node says of itself, and the window that shows it: opened on the overview, where alerts are listed. */
export class AlertWatch {
  readonly #node: TestNode;
  readonly #page: Page;

  private constructor(node: TestNode, page: Page) {
    this.#node = node;
    this.#page = page;
  }

  /** `url`: of the window; that of the node if left out. */
  static async open(node: TestNode, page: Page, url = node.addresses.web): Promise<AlertWatch> {
    // A node that was started again differs in the token alone, which loads nothing anew.
    await page.goto('about:blank');
    await page.goto(url);
    await expect(page.getByTestId('verdict')).toBeVisible();
    return new AlertWatch(node, page);
  }

  listed(code: AlertCode): Locator {
    return this.#page.getByRole('main').getByTestId(`alert-${code}`);
  }

  /** Resolves when the node says it and the window shows it. Answers what it says. */
  async raised<C extends AlertCode>(code: C, withinMs: number): Promise<Extract<HealthAlert, { code: C }>> {
    const found = await until(`${code} is raised`, withinMs, async () => (await alertsOf(this.#node)).find((alert) => alert.code === code));
    await expect(this.listed(code)).toBeVisible({ timeout: shownMs });
    return found as Extract<HealthAlert, { code: C }>;
  }
  /** Resolves when neither says it any more. */
  async over(code: AlertCode, withinMs: number): Promise<void> {
    await until(`${code} is over`, withinMs, async () => !(await alertsOf(this.#node)).some((alert) => alert.code === code));
    await expect(this.#page.getByTestId(`alert-${code}`)).toHaveCount(0, { timeout: shownMs });
  }
  /** Resolves when nothing is wrong any more, and the window says so. */
  async well(withinMs: number): Promise<void> {
    await until('the node is well', withinMs, async () => (await this.#node.call('gethealth')).verdict === 'good');
    await expect(this.#page.getByTestId('verdict')).toHaveAttribute('data-verdict', 'good', { timeout: shownMs });
  }
  /** Follows the link of one that is listed, looks for `there`, and comes back. */
  async follow(code: AlertCode, there: (page: Page) => Promise<void>): Promise<void> {
    await this.listed(code).getByRole('link').click();
    await there(this.#page);
    await this.go('overview');
    await expect(this.#page.getByTestId('verdict')).toBeVisible();
  }
  async go(name: 'overview' | 'settings'): Promise<void> {
    await this.#page.evaluate((hash) => {
      location.hash = hash;
    }, `#/${name}`);
  }
  /** In the log, over all starts of the node: what was raised, in order, and what was over. Each that was raised once is told once. */
  told(): { readonly raised: string[]; readonly over: string[] } {
    const codes = (pattern: RegExp): string[] => [...this.#node.log().matchAll(pattern)].map(([, code = '']) => code);
    return { raised: codes(/ alert code=(\S+)/g), over: codes(/ alert over code=(\S+)/g) };
  }
}

/** Takes connections at one address to another one, as a router does that forwards a port. Resolves when it listens. */
export async function forwardPort(from: string, to: string): Promise<Server> {
  const hostAndPort = (address: string): { host: string; port: number } => {
    const [host = '', port = ''] = address.split(':');
    return { host, port: Number(port) };
  };
  const server = createServer((inner) => {
    const outer = connect(hostAndPort(to));
    for (const [one, other] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(hostAndPort(from), () => resolve());
  });
  return server;
}

/** Changes keys of the config.toml of a node that does not run. */
export function configure(datadir: string, changes: Readonly<Record<string, string | boolean>>): void {
  const { config } = dataFiles(networkDirectory(datadir, 'devnet'));
  writeFileSync(config, stringify({ ...parse(readFileSync(config, 'utf8')), ...changes }));
}
