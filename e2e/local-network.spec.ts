import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@playwright/test';
import { parse } from 'smol-toml';

// Real processes of the build: how a local network begins, and that nothing of it is left behind however it ends.
test.describe.configure({ mode: 'serial' });
// biome-ignore lint/suspicious/noSkippedTests: Windows has none of the signals that are sent here
test.skip(process.platform === 'win32', 'there are no signals to send');

const output = resolve(process.env.TIME_OUT_DIR ?? 'out');
const program = (name: string): string => join(output, 'main', `${name}.js`);
/** What hosts promise. */
const stopMs = 5_000;

let folder = '';
const started = new Set<ChildProcess>();
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'local-network-e2e-'));
});
test.afterEach(() => {
  for (const child of started) if (child.pid !== undefined && isAlive(child.pid)) process.kill(-child.pid, 'SIGKILL');
  started.clear();
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

/** In a process group of its own, as a terminal would have it. */
function start(args: readonly string[]): ChildProcess & { readonly lines: string[] } {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  started.add(child);
  return Object.assign(child, { lines });
}
const lineWith = async (child: { readonly lines: string[] }, text: string): Promise<string> => {
  await expect.poll(() => child.lines.some((line) => line.includes(text)), { timeout: 30_000 }).toBe(true);
  return child.lines.find((line) => line.includes(text)) ?? '';
};

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A call through JSON-RPC; undefined while nobody answers. */
function call(datadir: string, method: string): Promise<unknown> {
  const directory = join(datadir, 'devnet');
  const cookieFile = join(directory, '.cookie');
  if (!existsSync(cookieFile)) return Promise.resolve(undefined);
  const { rpc } = parse(readFileSync(join(directory, 'config.toml'), 'utf8'));
  return new Promise((answer) => {
    const sent = request(`http://${rpc}/`, { method: 'POST', auth: readFileSync(cookieFile, 'utf8').trim(), timeout: 2_000 }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text) => {
        body += text;
      });
      response.on('end', () => answer(response.statusCode === 200 ? (JSON.parse(body) as { result: unknown }).result : undefined));
    });
    sent.on('error', () => answer(undefined)).on('timeout', () => sent.destroy());
    sent.end(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: [] }));
  });
}
const peersReach = (datadir: string, count: number) => expect.poll(() => call(datadir, 'getconnectioncount'), { timeout: 30_000 }).toBe(count);

async function endsWithin(pids: readonly number[], ms: number): Promise<void> {
  await expect.poll(() => pids.filter(isAlive), { timeout: ms, intervals: [50] }).toEqual([]);
}

test.describe('the app', () => {
  const root = (): string => join(folder, 'app');
  const node = (index: number): string => join(root(), 'local-network', `node-${index}`);
  const startApp = () => start([program('app'), '--no-open', '--datadir', root()]);
  /** Numbers of all processes of the network, from their locks. */
  const pids = async (app: ChildProcess): Promise<number[]> => {
    await peersReach(node(0), 3);
    const { default: Database } = await import('better-sqlite3');
    const companions = [1, 2, 3].map((index) => {
      const lock = new Database(join(node(index), 'devnet/.lock'), { readonly: true });
      const pid = lock.prepare<[], number>('select pid from holder').pluck().get();
      lock.close();
      return pid ?? 0;
    });
    return [app.pid ?? 0, ...companions];
  };

  test('starts its own network, and ends it with Ctrl-C', async () => {
    const app = startApp();
    expect(await lineWith(app, 'The app is at')).toMatch(/http:\/\/127\.0\.0\.1:\d+\/#token=/);
    const all = await pids(app);
    expect(new Set(all).size).toBe(4);
    const exit = once(app, 'exit');
    process.kill(-(app.pid ?? 0), 'SIGINT');
    await endsWithin(all, stopMs);
    expect(await exit).toEqual([0, null]);
    expect([0, 1, 2, 3].map((index) => existsSync(join(node(index), 'devnet/.cookie')))).toEqual([false, false, false, false]);
  });

  test('starts a companion again that is killed, and ends when it is told to stop', async () => {
    const app = startApp();
    const [own = 0, killed = 0, ...others] = await pids(app);
    process.kill(killed, 'SIGKILL');
    await endsWithin([killed], stopMs);
    // It is back under another number.
    await expect.poll(async () => (await pids(app))[1], { timeout: 30_000 }).not.toBe(killed);
    const all = await pids(app);
    expect([all[0], all[2], all[3]]).toEqual([own, ...others]);
    const exit = once(app, 'exit');
    expect(await call(node(0), 'stop')).toBe('TIME node stopping');
    await endsWithin(all, stopMs);
    expect(await exit).toEqual([0, null]);
  });

  test('killed, it takes its companions along, and can be started again at once', async () => {
    const app = startApp();
    const all = await pids(app);
    app.kill('SIGKILL');
    await endsWithin(all, stopMs);
    const again = startApp();
    const next = await pids(again);
    const second = startApp();
    const [code] = await once(second, 'exit');
    expect(code).toBe(1); // the first one holds the network
    again.kill('SIGTERM');
    await endsWithin(next, stopMs);
  });

  test('ends when the script that launched it is killed', async () => {
    const launcher = pathToFileURL(resolve('scripts/child-process.mjs')).href;
    const launch = `import { run } from ${JSON.stringify(launcher)}; await run(process.execPath, ${JSON.stringify([program('app'), '--no-open', '--datadir', root()])});`;
    const parent = start(['--input-type=module', '-e', launch]);
    await lineWith(parent, 'The app is at');
    const companions = (await pids(parent)).slice(1);
    parent.kill('SIGKILL');
    await endsWithin(companions, stopMs);
    await expect.poll(() => call(node(0), 'uptime'), { timeout: stopMs }).toBe(undefined);
  });
});

test.describe('devnet', () => {
  interface Ready {
    readonly nodes: readonly {
      readonly index: number;
      readonly pid: number;
      readonly datadir: string;
      readonly cookieFile: string;
      readonly p2p: string;
      readonly rpc: string;
      readonly web: string;
    }[];
  }

  test('prints one line when all are up; a node that is killed ends nobody, and comes back by hand with the same doors', async () => {
    const devnet = start([program('devnet'), '--nodes', '3', '--json', '--datadir', join(folder, 'devnet')]);
    const { nodes } = JSON.parse(await lineWith(devnet, '{')) as Ready;
    expect(nodes.map(({ index }) => index)).toEqual([0, 1, 2]);
    for (const { datadir, cookieFile } of nodes) {
      expect(existsSync(cookieFile)).toBe(true);
      await peersReach(datadir, 2);
    }
    const [first, second, third] = nodes;
    if (first === undefined || second === undefined || third === undefined) throw new Error('three nodes were asked for');
    process.kill(third.pid, 'SIGKILL');
    await endsWithin([third.pid], stopMs);
    await peersReach(first.datadir, 1);
    expect([devnet.pid ?? 0, first.pid, second.pid].map(isAlive)).toEqual([true, true, true]);

    const byHand = start([program('timed'), '--datadir', third.datadir, '--network', 'devnet', '--log-format', 'json']);
    const ready = JSON.parse(await lineWith(byHand, '"ready":true')) as Ready['nodes'][number];
    expect({ p2p: ready.p2p, rpc: ready.rpc, datadir: ready.datadir }).toEqual({ p2p: third.p2p, rpc: third.rpc, datadir: third.datadir });
    await peersReach(first.datadir, 2);
    byHand.kill('SIGTERM');
    await endsWithin([byHand.pid ?? 0], stopMs);

    const exit = once(devnet, 'exit');
    devnet.kill('SIGTERM');
    await endsWithin([devnet.pid ?? 0, first.pid, second.pid], stopMs);
    expect(await exit).toEqual([0, null]);
    expect(devnet.lines).toHaveLength(1);
  });

  test('a network of the moment leaves nothing behind', async () => {
    const devnet = start([program('devnet'), '--nodes', '1', '--json']);
    const { nodes } = JSON.parse(await lineWith(devnet, '{')) as Ready;
    const [node] = nodes;
    const exit = once(devnet, 'exit');
    process.kill(-(devnet.pid ?? 0), 'SIGINT');
    expect(await exit).toEqual([0, null]);
    expect([existsSync(node?.datadir ?? ''), isAlive(node?.pid ?? 0)]).toEqual([false, false]);
  });

  for (const [args, code] of [
    [['--help'], 0],
    [['--nods', '4'], 1],
    [['--nodes', '0'], 1],
    [['--nodes', 'four'], 1],
    [['more'], 1],
  ] as const) {
    test(`${args.join(' ')} ends with ${code} and starts nothing`, async () => {
      const child = spawn(process.execPath, [program('devnet'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text) => {
          said += text;
        });
      }
      expect(await once(child, 'close')).toEqual([code, null]);
      if (args[0] === '--nods') expect(said).toContain('--nodes');
    });
  }
});
