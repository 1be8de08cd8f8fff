import { randomBytes } from 'node:crypto';
import { type FileHandle, link, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OperationalError } from './operational-error.ts';

/**
 * Files that must survive a kill or a power cut at any instant. The order of steps is what makes it so:
 *
 * 1. the bytes go to a temporary file beside the target (one file system, so that step 3 is atomic);
 * 2. fsync of that file: its content is on the disk before any name points to it;
 * 3. rename (or link, for a file that must not exist yet): readers see the old file or the whole new one, never a part;
 * 4. fsync of the folder: the new name itself is on the disk before the caller goes on to rely on it.
 *
 * Killed before step 3, the target is untouched and a file `<name>.<random>.tmp` with the same permissions may be left; it is never read.
 */

/** Replaces the file, or makes it; fails with the OperationalError `disk-full` where there is no room, like all here. `mode` is that of a new file (ignored on Windows). */
export async function writeFileDurably(path: string, bytes: Uint8Array, mode: number): Promise<void> {
  await viaTemporary(path, bytes, mode, (temporary) => rename(temporary, path));
}

/** Makes the file; fails with the code EEXIST, and changes nothing, if there is one already. */
export async function createFileDurably(path: string, bytes: Uint8Array, mode: number, linkFile: typeof link = link): Promise<void> {
  await viaTemporary(path, bytes, mode, async (temporary) => {
    try {
      await linkFile(temporary, path);
    } catch (error) {
      if (!linkUnsupported.has(codeOf(error) ?? '')) throw error;
      await renameIfAbsent(temporary, path);
    }
  });
}

/** exFAT and some network file systems have no hard links. */
const linkUnsupported = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EISDIR']);

/** Not safe against another process between its two steps; the lock on the data directory keeps other processes out. */
async function renameIfAbsent(temporary: string, path: string): Promise<void> {
  if (await exists(path)) throw Object.assign(new Error(`${path} exists`), { code: 'EEXIST' });
  await rename(temporary, path);
}

async function viaTemporary(path: string, bytes: Uint8Array, mode: number, publish: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${randomBytes(8).toString('hex')}.tmp`;
  try {
    await withHandle(await open(temporary, 'wx', mode), async (handle) => {
      await handle.writeFile(bytes);
      await handle.sync();
    });
    await publish(temporary);
  } catch (error) {
    throw diskFull(path, error) ?? error;
  } finally {
    await rm(temporary, { force: true });
  }
  await syncFolder(dirname(path));
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder; NTFS journals names by itself.
  if (process.platform === 'win32') return;
  await withHandle(await open(folder, 'r'), (handle) => handle.sync());
}

async function withHandle(handle: FileHandle, use: (handle: FileHandle) => Promise<void>): Promise<void> {
  try {
    await use(handle);
  } finally {
    await handle.close();
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** What a full disk is, said by the system or by SQLite; undefined for every other error. */
export const diskFull = (path: string, error: unknown): OperationalError | undefined =>
  noRoom.has(codeOf(error) ?? '')
    ? new OperationalError('disk-full', `${path}: ${error instanceof Error ? error.message : error}`, { cause: error })
    : undefined;
const noRoom = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL']);

/** The `code` of a system error. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
