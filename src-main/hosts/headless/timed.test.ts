import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeAddress } from '../../../src-shared/domain/address.ts';
import type { Lock } from '../../../src-shared/domain/ids.ts';
import type { LogLine } from '../../../src-shared/domain/log-lines.ts';
import { dataFiles } from '../../node/data-directory.ts';
import { loadOrCreateNodeKey } from '../../node/keys/node-key.ts';
import { runCli } from '../cli/run-cli.ts';
import { parseTimedOptions } from './timed-options.ts';

const timedFile = fileURLToPath(new URL('./timed.ts', import.meta.url));
const doors = ['--listen', '127.0.0.1:0', '--rpc', '127.0.0.1:0', '--web', '127.0.0.1:0'];
/** Starting a process from sources takes a second or two on a busy machine. */
const timeoutMs = 60_000;

let root: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'timed-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

interface Ready {
  readonly p2p: string;
  readonly rpc: string;
  readonly web: string;
  readonly datadir: string;
  readonly cookieFile: string;
  readonly pid: number;
}
function start(...args: string[]) {
  const child = spawn(process.execPath, [timedFile, '--datadir', root, '--log-format', 'json', ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  children.push(child);
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const ready = new Promise<Ready>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line) as Ready));
    void ended.then((code) => reject(new Error(`ended with ${code}: ${errors}`)));
  });
  ready.catch(() => undefined);
  return { child, ready, ended, errors: () => errors };
}
async function cli(ready: Ready, ...args: string[]): Promise<string> {
  let out = '';
  let error = '';
  const write = {
    out: (text: string) => {
      out += text;
    },
    error: (text: string) => {
      error += text;
    },
    input: { line: () => Promise.resolve(undefined), rest: () => Promise.resolve([]) },
    nowMs: () => performance.now(),
    sleep: () => Promise.reject(new Error('nobody said --rpcwait')),
  };
  const code = await runCli(['--datadir', ready.datadir, '--rpc', ready.rpc, ...args], write);
  if (code !== 0) throw new Error(error);
  return out;
}
async function until<T>(read: () => Promise<T>, good: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await read();
    if (good(value)) return value;
  }
}

describe('a node', () => {
  it(
    'starts, pays, decides, and stops without leaving anything',
    async () => {
      const files = dataFiles(join(root, 'devnet'));
      mkdirSync(files.directory);
      const { nodeId } = await loadOrCreateNodeKey(files.nodeKey);
      // The wallet is made at the first start; its address is in the genesis of the second.
      const owner = encodeAddress('11'.repeat(20) as Lock, 'devnet');
      const genesis = (address: string) => ({
        network: 'devnet',
        time: Date.now() - 5_000,
        masternodes: [{ nodeKey: nodeId, tier: 'bronze', ownerAddress: owner, rewardAddress: owner, serviceAddress: '' }],
        allocations: [{ amount: '100000000000', label: 'wallet', address }],
      });
      const genesisFile = join(root, 'genesis.json');
      const args = ['--network', 'devnet', '--masternode', '--genesis-file', genesisFile, ...doors];
      writeFileSync(genesisFile, JSON.stringify(genesis(owner)));
      const first = start(...args);
      const address = (await cli(await first.ready, 'getnewaddress')).trim();
      await cli(await first.ready, 'stop');
      expect(await first.ended).toBe(0);

      rmSync(files.chain, { force: true });
      writeFileSync(genesisFile, JSON.stringify(genesis(address)));
      const second = start(...args);
      const ready = await second.ready;
      expect(ready).toMatchObject({ pid: second.child.pid, datadir: root, cookieFile: files.cookie });
      expect(JSON.parse(await cli(ready, 'getbalances'))).toMatchObject({ mine: { trusted: '1000.00000000' } });
      const txid = (await cli(ready, 'sendtoaddress', owner, '10')).trim();
      const info = async () => JSON.parse(await cli(ready, 'gettransaction', txid)) as { readonly state: string; readonly commitweight: number };
      expect(await until(info, ({ state }) => state === 'final' || state === 'confirmed')).toMatchObject({ commitweight: 10 });
      await until(info, ({ state }) => state === 'confirmed');
      expect(JSON.parse(await cli(ready, 'listtransactions', '1'))).toMatchObject([{ txid, category: 'send', state: 'confirmed', amount: '-10.01000000' }]);
      const set = JSON.parse(await cli(ready, 'gettxoutsetinfo')) as { readonly muhash: string };
      expect(JSON.parse(await cli(ready, 'getblockchaininfo'))).toMatchObject({ utxosethash: set.muhash });
      const { lines } = JSON.parse(await cli(ready, 'getlogs', '500')) as { readonly lines: readonly LogLine[] };
      expect(lines.map(({ text }) => text).join('\n')).toContain('block-decided');
      second.child.kill('SIGTERM');
      expect(await second.ended).toBe(0);
      expect(existsSync(files.cookie)).toBe(false);
      const log = readFileSync(join(files.logs, 'node.log'), 'utf8');
      // What is shown of the log is what is in it.
      for (const { level, part, text } of lines) expect(log).toContain(` ${level} ${part} ${text}\n`);
      expect(log).not.toContain(new URL(ready.web).hash.slice('#token='.length));
    },
    timeoutMs,
  );

  it(
    'of a network that has not launched starts, says so, and ends with its standard input',
    async () => {
      const { child, ready, ended } = start('--network', 'testnet', '--stop-with-stdin', ...doors);
      expect(JSON.parse(await cli(await ready, 'getblockchaininfo'))).toMatchObject({ chain: 'testnet', blocks: 0, launched: false });
      expect(JSON.parse(await cli(await ready, 'getconsensusinfo'))).toMatchObject({ proposer: null, totalweight: 0, voting: false });
      await expect(cli(await ready, 'getnewaddress')).rejects.toThrow('no wallet');
      // The folder that it was given is open to others, as a person makes one; what is in it is not.
      const modes = readdirSync(root, { recursive: true, withFileTypes: true }).map(({ parentPath, name }) => statSync(join(parentPath, name)).mode & 0o077);
      expect(modes.length).toBeGreaterThan(5);
      if (process.platform !== 'win32') expect(new Set(modes)).toEqual(new Set([0]));
      const other = start('--network', 'testnet', ...doors);
      expect(await other.ended).toBe(1);
      expect(other.errors()).toContain('Another node uses this data directory');
      child.stdin?.end();
      expect(await ended).toBe(0);
    },
    timeoutMs,
  );

  it(
    'says what is wrong with its command line, and with its genesis',
    async () => {
      const wrong = start('--lisen', 'x');
      expect(await wrong.ended).toBe(2);
      expect(wrong.errors()).toContain('--listen');
      const none = start('--network', 'devnet', ...doors);
      expect(await none.ended).toBe(1);
      expect(none.errors()).toContain('genesis_file');
    },
    timeoutMs,
  );
});

describe('the command line', () => {
  it('is read whole', () => {
    const { config, logFormat, stopWithStdin } = parseTimedOptions([
      '--datadir',
      root,
      '--network',
      'devnet',
      '--connect',
      '10.0.0.1:5',
      '--connect',
      '[::1]:6',
      '--web',
      'none',
      '--masternode',
      '--log-format',
      'json',
    ]);
    expect(config).toMatchObject({
      network: 'devnet',
      connect: ['10.0.0.1:5', '[::1]:6'],
      web: undefined,
      masternode: true,
      rpc: { host: '127.0.0.1', port: 24_201 },
    });
    expect([logFormat, stopWithStdin]).toEqual(['json', false]);
    const asBitcoinCore = parseTimedOptions([`-datadir=${root}`, '-network=devnet', '-masternode', '-log-format=json']);
    expect(asBitcoinCore).toMatchObject({ logFormat: 'json', config: { root, network: 'devnet', masternode: true } });
  });
  it.each([
    [['--network', 'main'], 'mainnet, testnet, devnet'],
    [['--connect', 'nowhere'], 'expected host:port'],
    [['--rpc', '0.0.0.0:1'], 'an address of this machine'],
    [['--log-level', 'loud'], 'error, warn, info, debug'],
    [['--masternod'], '--masternode'],
    [['extra'], 'too many arguments'],
    [['-masternod'], 'unknown option'],
  ])('%j is refused', (args, message) => {
    expect(() => parseTimedOptions(['--datadir', root, ...args])).toThrow(message);
  });
  it.each(['--help', '--version', '-h', '-V', '-help', '-version', '-?'])('%s is answered', (option) => {
    expect(() => parseTimedOptions([option])).toThrow(expect.objectContaining({ asked: true }));
  });
});
