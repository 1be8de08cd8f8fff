import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isRunning, kill } from '../network/processes.ts';

const run = promisify(execFile);
const prefix = 'time-e2e-';

/** Why this machine cannot have what the tests need; undefined if it can. */
export function whyNoNamespaces(...tools: readonly string[]): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are a thing of Linux';
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  const folders = (process.env.PATH ?? '').split(':').concat('/usr/sbin', '/sbin');
  const missing = ['ip', ...tools].filter((tool) => !folders.some((folder) => existsSync(join(folder, tool))));
  if (missing.length > 0) return `not installed: ${missing.join(', ')} (Debian: iproute2, nftables, miniupnpd)`;
  try {
    removeLeftovers();
    execFileSync('ip', ['netns', 'add', `${prefix}${process.pid}-try`], { stdio: 'pipe' });
    execFileSync('ip', ['netns', 'delete', `${prefix}${process.pid}-try`], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return `namespaces cannot be made here: ${error instanceof Error ? error.message : error}`;
  }
}

/** Of runs that were killed. */
function removeLeftovers(): void {
  for (const line of execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' }).split('\n')) {
    const name = line.split(' ')[0] ?? '';
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) execFileSync('ip', ['netns', 'delete', name]);
  }
}

/** Networks of this test's own, and the processes in them. Names carry the process's number, so that two runs do not meet. */
export class Namespaces {
  readonly #names: string[] = [];
  readonly #children: ChildProcess[] = [];

  static async make(...names: readonly string[]): Promise<Namespaces> {
    const made = new Namespaces();
    for (const name of names) {
      await run('ip', ['netns', 'add', made.#full(name)]);
      made.#names.push(name);
      await made.ip(name, 'link', 'set', 'lo', 'up');
    }
    return made;
  }

  /** `ip` in a namespace. */
  async ip(name: string, ...args: readonly string[]): Promise<void> {
    await run('ip', ['-n', this.#full(name), ...args]);
  }

  /** A cable: an interface in each. `address`: with its length. */
  async cable(a: CableEnd, b: CableEnd): Promise<void> {
    await run('ip', ['link', 'add', a.device, 'netns', this.#full(a.in), 'type', 'veth', 'peer', 'name', b.device, 'netns', this.#full(b.in)]);
    for (const end of [a, b]) {
      if (end.address !== undefined) await this.ip(end.in, 'address', 'add', end.address, 'dev', end.device);
      await this.ip(end.in, 'link', 'set', end.device, 'up');
    }
  }

  /** Resolves with what the command says when it ends well. */
  async exec(name: string, command: string, ...args: readonly string[]): Promise<string> {
    return (await run('ip', ['netns', 'exec', this.#full(name), command, ...args], { maxBuffer: 16 * 1024 * 1024 })).stdout;
  }

  /** Its own process: `ip` becomes the command. */
  spawn(
    name: string,
    command: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
  ): ChildProcess & { readonly stdin: NonNullable<ChildProcess['stdin']> } {
    const child = spawn('ip', ['netns', 'exec', this.#full(name), command, ...args], { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    child.stdin.on('error', () => {}); // it ended by itself, which its exit says
    this.#children.push(child);
    return child;
  }

  /** Whatever happened before: no process, interface or namespace is left. */
  async remove(): Promise<void> {
    for (const { pid } of this.#children) if (pid !== undefined) kill(pid);
    for (const name of this.#names) await run('ip', ['netns', 'delete', this.#full(name)]);
  }

  #full(name: string): string {
    return `${prefix}${process.pid}-${name}`;
  }
}

export interface CableEnd {
  readonly in: string;
  readonly device: string;
  readonly address?: string;
}
