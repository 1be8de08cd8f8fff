import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { codeOf } from '../../src-main/node/durable-file.ts';
import { firstPort } from './devnet.ts';
import { LoneNode } from './kills.ts';
import { until } from './processes.ts';

/** Filled within seconds: logs of a database and of a program, and some blocks. */
const smallBytes = 16 * 2 ** 20;
const largeBytes = 512 * 2 ** 20;
const fullMs = 60_000;
/** More starts on a full disk than one: none of them may use up what the next one needs. */
const starts = 3;
const failed = 1;

/** A file system of its own in memory. Undefined with the reason printed where it cannot be had. */
function smallDisk(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'time-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${smallBytes}`, 'tmpfs', folder], { stdio: 'pipe' });
    return folder;
  } catch (error) {
    rmSync(folder, { recursive: true });
    console.log(`Skipped, full disk: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

const filler = 'filler';
/** To the last byte. */
function fill(disk: string): void {
  for (let bytes = smallBytes; bytes >= 1; bytes = Math.floor(bytes / 2)) {
    try {
      for (;;) appendFileSync(join(disk, filler), Buffer.alloc(bytes, 1));
    } catch (error) {
      if (codeOf(error) !== 'ENOSPC') throw error;
    }
  }
}

test('on a full disk a node stops and says so, loses nothing that it said, and goes on where it stood when there is space', async () => {
  test.setTimeout(180_000);
  const disk = smallDisk();
  // biome-ignore lint/suspicious/noSkippedTests: mounting needs root on Linux, and why not is printed
  test.skip(disk === undefined, 'no disk of its own can be had');
  const directory = join(disk!, 'network');
  mkdirSync(directory);
  const lone = await LoneNode.make(firstPort, directory);
  const { node, testimony } = lone;
  const payments = lone.pay();
  try {
    await node.start();
    const recorder = await lone.signs();
    const end = await until('the disk is full', fullMs, () => Promise.race([node.untilEnded(), undefined]));
    await recorder.untilEnded();
    expect(end).toEqual({ code: failed, errors: expect.stringContaining('disk-full') });
    expect(end.errors).toContain('The disk is full. Free some space');
    expect(payments.sent).toBeGreaterThan(0);
    lone.expectKept(payments, 'when the disk was full');

    fill(disk!);
    for (let number = 1; number <= starts; number++) {
      // As far as it comes: there may be room for a little.
      const said = await node.start().then(
        () => node.untilEnded(),
        (error: Error) => ({ code: failed, errors: error.message }),
      );
      expect(said, `start ${number} on the full disk`).toEqual({ code: failed, errors: expect.stringContaining('disk-full') });
      lone.expectKept(payments, `after start ${number} on the full disk`);
    }

    rmSync(join(disk!, filler));
    execFileSync('mount', ['-o', `remount,size=${largeBytes}`, disk!]);
    await node.start();
    (await lone.signs()).stop();
    const before = payments.sent;
    await until('payments go on', fullMs, () => payments.sent > before + 10);
    await payments.stop();
    expect(testimony.contradictions).toEqual([]);
  } catch (error) {
    lone.keepLog(test.info());
    throw error;
  } finally {
    await payments.stop();
    await lone.remove();
    execFileSync('umount', [disk!]);
    rmSync(disk!, { recursive: true });
  }
});
