import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { type FileHandle, link, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OperationalError } from './operational-error.ts';

/**
 * Files that must survive a kill or a power cut at any instant. The order of steps is what makes it so:
 *
 * 1. the bytes go to a temporary file beside the target (one file system, so that step 3 is atomic);
 * 2. fsync of that file: its content is on the disk before any name points to it;
 * 3. rename (or link, for a file that must not exist yet): readers see the old file or the whole new one, never a part;
 * 4. fsync of the folder: the new name itself is on the disk before the caller goes on to rely on it.
 *
 * Killed before step 3, the target is untouched and a file `<name>.<random>.tmp` with the same permissions may be left; it is never read, and
 * `removeLeftovers` takes it away at the next start.
 */

/** Replaces the file, or makes it; fails with an OperationalError, like all here. `mode` is that of a new file (ignored on Windows). */
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

const randomNameBytes = 8;
const temporaryName = new RegExp(`^(.+)\\.[0-9a-f]{${2 * randomNameBytes}}\\.tmp$`);

/** Of files with these names, in a folder that nobody else writes to now. What cannot be removed stays: it harms nobody. */
export function removeLeftovers(folder: string, isOurs: (name: string) => boolean): void {
  for (const name of readdirSync(folder)) {
    const of = temporaryName.exec(name)?.[1];
    if (of === undefined || !isOurs(of)) continue;
    try {
      rmSync(join(folder, name));
    } catch {
      // The next start may do better.
    }
  }
}

async function viaTemporary(path: string, bytes: Uint8Array, mode: number, publish: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${randomBytes(randomNameBytes).toString('hex')}.tmp`;
  try {
    await withHandle(await open(temporary, 'wx', mode), async (handle) => {
      await handle.writeFile(bytes);
      await handle.sync();
    });
    await publish(temporary);
  } catch (error) {
    throw codeOf(error) === 'EEXIST' ? error : unusable(path, error);
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

/** What the system, or SQLite, says of a file or folder of the node's, with its path. */
export const unusable = (path: string, error: unknown): OperationalError =>
  new OperationalError(meaningOf(codeOf(error) ?? ''), `${path}: ${error instanceof Error ? error.message : error}`, { cause: error });

function meaningOf(code: string): 'disk-full' | 'disk-failure' | 'data-directory-unusable' {
  if (noRoom.has(code)) return 'disk-full';
  return code === 'EIO' ? 'disk-failure' : 'data-directory-unusable';
}
const noRoom = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL']);

/** The `code` of a system error. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
