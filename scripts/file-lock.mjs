// One process at a time, across processes. The lock names its holders, so that what a killed process left behind does not block the next one for ever.
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 200;
/** A lock without content is one being written right now; older than this, its writer died in between. */
const writingMs = 5_000;
/** Longer than any installation; after that a number may have been given to another process. */
const patienceMs = 15 * 60_000;

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** @param {string} file @returns {string | undefined} */
function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @param {string} file @param {string} content */
function isStale(file, content) {
  if (content === '') return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > writingMs;
  return !content.split(' ').some((pid) => isAlive(Number(pid)));
}

/** @param {string} file @param {string} content */
function tryCreate(file, content) {
  try {
    writeFileSync(file, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/** Takes the dead holder's file away under a name of our own: of several who try, one succeeds, and a lock taken meanwhile is given back. */
/** @param {string} file @param {string} seen */
function removeStale(file, seen) {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return;
    throw error;
  }
  const taken = readFileSync(aside, 'utf8');
  if (taken !== seen) tryCreate(file, taken);
  rmSync(aside);
}

/**
 * Runs `work` while holding `file`. `work` may name a child process that the lock must outlive us for.
 * @template T
 * @param {string} file
 * @param {string} waitingMessage said once if another process holds the lock
 * @param {(alsoHeldBy: (pid: number) => void) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withFileLock(file, waitingMessage, work) {
  const own = String(process.pid);
  const startedMs = Date.now();
  for (let told = false; !tryCreate(file, own); ) {
    const content = readIfThere(file);
    if (content === undefined) continue;
    if (isStale(file, content)) {
      removeStale(file, content);
      continue;
    }
    if (!told) console.error(waitingMessage);
    told = true;
    if (Date.now() - startedMs > patienceMs)
      throw new Error(`${file} is held by process ${content} for too long; delete it if that process is another program`);
    await sleep(pollMs);
  }
  try {
    return await work((pid) => {
      const next = `${file}.${own}.next`;
      writeFileSync(next, `${own} ${pid}`);
      renameSync(next, file);
    });
  } finally {
    rmSync(file, { force: true });
  }
}
