import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { startUtility } from './utility-companion.ts';

/** A utility process as Electron presents it: no number before it runs. */
function fakeUtility() {
  const child = Object.assign(new EventEmitter(), {
    pid: undefined as number | undefined,
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    kill: () => child.emit('exit', 0),
  });
  const forks: unknown[][] = [];
  const utility = {
    fork: (...args: unknown[]) => {
      forks.push(args);
      return child;
    },
  };
  return { child, forks, companion: startUtility(utility as never, '/out/main/timed.js')('/data') };
}

test('it is started without a standard input, and is ready when it says so', async () => {
  const { child, forks, companion } = fakeUtility();
  expect(forks).toEqual([
    [
      '/out/main/timed.js',
      ['--datadir', '/data', '--network', 'devnet', '--log-format', 'json'],
      expect.objectContaining({ stdio: ['ignore', 'pipe', 'pipe'] }),
    ],
  ]);
  child.pid = 4;
  child.stdout.write('{"ready":true,"pid":4}\n');
  expect(await companion.ready).toMatchObject({ pid: 4 });
  expect(companion.pid).toBe(4);
  await companion.stop();
  expect(await companion.ended).toEqual({ code: 0, signal: null, lastError: '' });
});

test('one that ends by itself says why', async () => {
  const { child, companion } = fakeUtility();
  child.stderr.write('the disk is full\n', () => child.emit('exit', 1));
  await expect(companion.ready).rejects.toThrow('exit code 1: the disk is full');
});
