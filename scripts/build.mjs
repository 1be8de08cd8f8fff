// Builds what changed. The result replaces out/ in one move: whoever starts while a build runs, or after one that failed, sees a whole one.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { onPinnedNode, root } from './bootstrap.mjs';
import { capture, endLike, succeeded, success } from './child-process.mjs';
import { withFileLock } from './file-lock.mjs';

const sources = ['src-shared', 'src-main', 'src-renderer', 'assets', 'electron.vite.config.ts', 'package.json', 'package-lock.json'];
const notBundled = /(\.test\.tsx?$|^src-main\/sim\/)/;
const output = join(root, 'out');
const stampFile = join(output, '.sources');

/** @param {string} path @returns {string[]} */
function filesUnder(path) {
  if (!existsSync(join(root, path))) return [];
  const entries = readdirSync(join(root, path), { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? filesUnder(`${path}/${entry.name}`) : [`${path}/${entry.name}`])).sort();
}

/** Content, not times: a checkout or a copy changes times only. */
function sourcesHash() {
  const hash = createHash('sha256');
  for (const path of sources) {
    const files = /\.\w+$/.test(path) ? [path] : filesUnder(path).filter((file) => !notBundled.test(file));
    for (const file of files)
      hash
        .update(`${file}\0`)
        .update(readFileSync(join(root, file)))
        .update('\0');
  }
  return hash.digest('hex');
}

/** @param {string} hash */
const isBuilt = (hash) => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === hash;

export async function ensureBuilt() {
  if (isBuilt(sourcesHash())) return;
  const ending = await withFileLock(join(root, '.build.lock'), 'Another process is building; waiting for it…', async () => {
    const hash = sourcesHash();
    if (isBuilt(hash)) return success;
    const startedMs = Date.now();
    console.error('Building…');
    const fresh = join(root, '.out-next');
    const old = join(root, '.out-old');
    for (const leftover of [fresh, old]) rmSync(leftover, { recursive: true, force: true });
    const vite = join(root, 'node_modules/electron-vite/bin/electron-vite.js');
    const env = { ...process.env, TIME_OUT_DIR: '.out-next' };
    const viteEnding = await capture(process.execPath, [vite, 'build', '--logLevel', 'warn'], { cwd: root, env });
    if (!succeeded(viteEnding)) {
      console.error(`${viteEnding.output}\nThe build failed.`);
      return viteEnding;
    }
    writeFileSync(join(fresh, '.sources'), hash);
    if (existsSync(output)) renameSync(output, old);
    renameSync(fresh, output);
    rmSync(old, { recursive: true, force: true });
    console.error(`Built in ${((Date.now() - startedMs) / 1000).toFixed(1)} s.`);
    return success;
  });
  if (!succeeded(ending)) endLike(ending);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await onPinnedNode();
  if (process.argv.includes('--force')) rmSync(stampFile, { force: true });
  await ensureBuilt();
}
