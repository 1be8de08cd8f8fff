import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../node/logging/logger.ts';
import { goodCalls } from '../api/calls.fixture.ts';
import { otherAddress } from '../api/known.fixture.ts';
import { createApi } from '../api/registry.ts';
import { fakeServices } from '../api/services.fixture.ts';
import { type RpcServer, startRpcServer } from '../rpc/rpc-server.ts';
import { runCli } from './run-cli.ts';

let root: string;
let server: RpcServer;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'cli-'));
  const services = fakeServices();
  server = await startRpcServer({
    endpoint: { host: '127.0.0.1', port: 0 },
    cookieFile: join(root, '.cookie'),
    api: createApi(services, silentLogger),
    services,
  });
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

const cli = (args: readonly string[], ...lines: string[]) => cliWith(() => undefined, args, lines);

/** `whileWaiting` is called instead of each pause, which takes no time of ours; with how many milliseconds have been waited for before it. */
async function cliWith(
  whileWaiting: (waitedMs: number) => void | Promise<void>,
  args: readonly string[],
  lines: string[] = [],
): Promise<{ code: number; out: string; error: string; asked: string[]; waitedMs: number }> {
  let waitedMs = 0;
  let out = '';
  let error = '';
  const asked: string[] = [];
  const code = await runCli(args, {
    out: (text) => {
      out += text;
    },
    error: (text) => {
      error += text;
    },
    input: {
      line: (question) => {
        asked.push(question);
        return Promise.resolve(lines.shift());
      },
      rest: () => Promise.resolve(lines.splice(0)),
    },
    nowMs: () => 1_000 + waitedMs,
    sleep: async (ms) => {
      await whileWaiting(waitedMs);
      waitedMs += ms;
    },
  });
  return { code, out, error, asked, waitedMs };
}
const ask = (...args: string[]) => cli(['--datadir', root, '--rpc', server.address, ...args]);

describe('every method', () => {
  it.each(Object.entries(goodCalls))('%s', async (method, params) => {
    const texts = params.map((param) => (typeof param === 'string' ? param : JSON.stringify(param)));
    expect(await ask(method, ...texts)).toMatchObject({ code: 0, error: '' });
  });
});

describe('output', () => {
  it('is JSON, or the text itself', async () => {
    expect(JSON.parse((await ask('getblockchaininfo')).out)).toMatchObject({ chain: 'devnet' });
    expect((await ask('getblockhash', '0')).out).toMatch(/^[0-9a-f]{64}\n$/);
    expect((await ask('uptime')).out).toBe('61\n');
    expect((await ask('addnode', '127.0.0.1:9', 'onetry')).out).toBe('');
  });
  it('of an error is its number and words, with the code that a shell sees of it', async () => {
    expect(await ask('getblockhash', '9')).toMatchObject({
      code: 8,
      out: '',
      error: expect.stringContaining('error code: -8\nerror message:\nThere is no block 9'),
    });
    expect(await ask('getblok', '9')).toMatchObject({ code: 32_601 % 256, error: expect.stringContaining('did you mean "getblock"?') });
    expect(await ask('uptime', '1')).toMatchObject({ code: 32_602 % 256, error: expect.stringContaining('takes no parameters') });
    expect(await ask('sendtoaddress', otherAddress, '-5')).toMatchObject({ code: 32_602 % 256 });
  });
  it('says what to do where no node can be asked', async () => {
    expect(await cli(['--datadir', join(root, 'none'), 'uptime'])).toMatchObject({ code: 1, error: expect.stringContaining('the node is not running') });
    expect(await cli(['--datadir', root, '--rpc', '127.0.0.1:1', 'uptime'])).toMatchObject({
      code: 1,
      error: expect.stringContaining('No node answers at 127.0.0.1:1'),
    });
    expect(await cli(['--rpc', '203.0.113.1:5', 'uptime'])).toMatchObject({ code: 1, error: expect.stringContaining('an address of this machine') });
    expect(await cli(['--dattadir', 'x', 'uptime'])).toMatchObject({ code: 1, error: expect.stringContaining('--datadir') });
  });
  it('helps without a node', async () => {
    expect(await cli(['help'])).toMatchObject({ code: 0, out: expect.stringContaining('== Wallet ==') });
    expect(await cli(['help', 'sendtoaddress'])).toMatchObject({ code: 0, out: expect.stringContaining('Pays an address.') });
    for (const asked of ['-help', '-?', '--help']) expect(await cli([asked])).toMatchObject({ code: 0, out: expect.stringContaining('Usage: time-cli') });
    expect(await cli(['-version'])).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    expect((await cli(['help', 'nothing'])).code).toBe(32_601 % 256);
  });
});

describe('a node that is not there yet', () => {
  it('is waited for, with what was read from the standard input', async () => {
    const late = join(root, 'late');
    const args = ['-rpcwait', '--datadir', late, '--rpc', server.address, 'walletpassphrase'];
    // Its cookie is not there at first, then is another node's, as that of one that was killed is, then its own.
    mkdirSync(late);
    const waiting = (waitedMs: number): void => {
      if (waitedMs === 500) writeFileSync(join(late, '.cookie'), '__cookie__:of-a-run-before');
      if (waitedMs === 1_000) cpSync(join(root, '.cookie'), join(late, '.cookie'));
    };
    expect(await cliWith(waiting, args, ['secret'])).toMatchObject({ code: 0, error: '', asked: ['passphrase: '], waitedMs: 1_500 });
  });
  it('is not waited for unless that is said, or longer than is said', async () => {
    const none = ['--datadir', join(root, 'none'), '--rpc', server.address, 'uptime'];
    const said = { code: 1, error: expect.stringContaining('the node is not running') };
    expect(await cli(none)).toMatchObject({ ...said, waitedMs: 0 });
    expect(await cli(['-rpcwaittimeout=3', ...none])).toMatchObject({ ...said, waitedMs: 3_000 });
    expect(await cli(['--rpcwait', '--rpcwaittimeout', '2', '--datadir', root, '--rpc', '127.0.0.1:1', 'uptime'])).toMatchObject({ code: 1, waitedMs: 2_000 });
    expect(await cli(['--rpcwaittimeout', 'long', ...none])).toMatchObject({ code: 1, error: expect.stringContaining('Expected whole seconds') });
  });
  it('is not asked again what it has answered, or may have taken', async () => {
    expect(await cli(['--rpcwait', '--datadir', root, '--rpc', server.address, 'getblockhash', '9'])).toMatchObject({ code: 8, waitedMs: 0 });
    let calls = 0;
    const hangsUp = createServer((socket) => {
      socket.once('data', () => {
        calls++;
        socket.destroy();
      });
    });
    await new Promise<void>((resolve) => hangsUp.listen(0, '127.0.0.1', resolve));
    const { port } = hangsUp.address() as AddressInfo;
    expect(await cli(['--rpcwait', '--datadir', root, '--rpc', `127.0.0.1:${port}`, 'sendtoaddress', otherAddress, '1', '', 'false', 'secret'])).toMatchObject({
      code: 1,
      error: expect.stringContaining('No node answers'),
      waitedMs: 0,
    });
    expect(calls).toBe(1);
    await new Promise((resolve) => hangsUp.close(resolve));
  });
});

describe('parameters', () => {
  it('of a command behind one word are those of its method', async () => {
    expect(JSON.parse((await ask('masternode', 'list', 'member')).out)).toHaveLength(2);
    expect(await ask('masternode', 'lst')).toMatchObject({ code: 32_601 % 256 });
    expect(await cli(['help', 'masternode', 'register'])).toMatchObject({ code: 0, out: expect.stringContaining('masternoderegister tier address') });
  });
  it('may be named, where that is said', async () => {
    expect(await ask('-named', 'getblockhash', 'height=0')).toMatchObject({ code: 0 });
    expect(await ask('getblockhash', 'height=0')).toMatchObject({ code: 32_602 % 256 });
  });
  const given = (...args: string[]) => ['--datadir', root, '--rpc', server.address, ...args];

  it('take the passphrase from the standard input', async () => {
    expect(await cli(given('--stdinpassphrase', 'sendtoaddress', otherAddress, '1'), 'secret')).toMatchObject({ code: 0, asked: ['passphrase: '] });
    expect(await cli(given('--stdinpassphrase', 'uptime'), 'secret')).toMatchObject({ code: 32_602 % 256 });
    expect(await cli(given('-stdinpassphrase', 'walletpassphrase', 'typed'), 'secret')).toMatchObject({ code: 32_602 % 256 });
  });
  it('that are secret and needed come from the standard input where they are not typed, in the order of help', async () => {
    expect(await cli(given('walletpassphrasechange'), 'old', 'new')).toMatchObject({ code: 0, asked: ['oldpassphrase: ', 'newpassphrase: '] });
    expect(await cli(given('--stdinpassphrase', 'restorefromwords'), 'abandon '.repeat(11), 'new')).toMatchObject({
      code: 0,
      asked: ['words: ', 'passphrase: '],
    });
    expect(await cli(given('walletpassphrase'))).toMatchObject({ code: 32_602 % 256, error: expect.stringContaining('"passphrase" was to come from') });
    expect(await cli(given('walletpassphrase', 'typed'))).toMatchObject({ code: 0, asked: [] });
  });
  it('come from the real standard input too, which may stay open', async () => {
    const program = spawn(process.execPath, [fileURLToPath(new URL('./time-cli.ts', import.meta.url)), ...given('walletpassphrasechange')]);
    let error = '';
    program.stderr.on('data', (chunk: Buffer) => {
      error += chunk.toString();
    });
    program.stdin.write('old\nnew\n');
    const code = await new Promise((resolve) => program.once('close', resolve));
    expect([code, error]).toEqual([0, '']);
  });
  it('come from the standard input, one a line, behind those that are typed', async () => {
    expect(await cli(given('--stdin', 'getblockhash'), '0')).toMatchObject({ code: 0, out: expect.stringMatching(/^[0-9a-f]{64}\n$/) });
    expect(await cli(given('--stdin', '--stdinpassphrase', 'sendtoaddress', otherAddress), 'secret', '1', 'two words')).toMatchObject({ code: 0 });
    expect(await cli(given('--stdin', '--named', 'walletpassphrase'), 'timeout=5', 'passphrase=two words')).toMatchObject({ code: 0, asked: [] });
  });
});
