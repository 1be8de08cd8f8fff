// A program of the build, built first if its sources have changed.
import { join } from 'node:path';
import { onPinnedNode, root } from './bootstrap.mjs';
import { ensureBuilt } from './build.mjs';
import { endLike, run } from './child-process.mjs';

/**
 * Ends this process as the program ends.
 * @param {'devnet' | 'timed' | 'time-cli'} name
 * @param {readonly string[]} args
 */
export async function runBuilt(name, args) {
  await onPinnedNode();
  await ensureBuilt();
  endLike(await run(process.execPath, [join(root, 'out/main', `${name}.js`), ...args]));
}
