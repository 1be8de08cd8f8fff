import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FreeDisk } from './free-disk.ts';

test('the room of a disk is known, and that of no disk is not', async () => {
  const disk = new FreeDisk(tmpdir());
  expect(disk.bytes).toBeUndefined();
  await disk.start();
  disk.stop();
  expect(disk.bytes).toBeGreaterThan(0);
  const nowhere = new FreeDisk(join(tmpdir(), 'there', 'is', 'no', 'such', 'place'));
  await nowhere.start();
  nowhere.stop();
  expect(nowhere.bytes).toBeUndefined();
});
