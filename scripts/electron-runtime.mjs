// Electron's runtime comes from outside the registry, about 110 MB of it, and many places cannot reach it. Whether it is here decides which host opens the app.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { root } from './bootstrap.mjs';
import { ended, killTree, start, succeeded } from './child-process.mjs';

const electron = join(root, 'node_modules/electron');
const failureFile = join(root, 'node_modules/.cache/electron-runtime-failed');
const reachMs = 4_000;
const downloadMs = 3 * 60_000;
const retryAfterMs = 24 * 3_600_000;
const progressMs = 10_000;

/** @returns {string | undefined} the executable */
export function findElectron() {
  const nameFile = join(electron, 'path.txt');
  const names = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };
  const name = existsSync(nameFile) ? readFileSync(nameFile, 'utf8') : (names[/** @type {'darwin' | 'win32'} */ (process.platform)] ?? 'electron');
  const file = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(electron, 'dist'), name);
  return existsSync(file) ? file : undefined;
}

/** @returns {string | undefined} why a window cannot be shown here, although the runtime may be */
export function windowObstacle() {
  if (process.platform !== 'linux') return undefined;
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return 'there is no display here for a window';
  if (process.getuid?.() === 0) return 'Electron does not run as root';
  return undefined;
}

/** A network that swallows packets would cost a minute; a refused connection costs nothing. */
function isReachable() {
  if (process.env.ELECTRON_GET_USE_PROXY) return Promise.resolve(true);
  const mirror = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? 'https://github.com';
  const { hostname, port, protocol } = new URL(mirror);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) || (protocol === 'http:' ? 80 : 443), timeout: reachMs });
    const settle = (/** @type {boolean} */ reached) => {
      socket.destroy();
      resolve(reached);
    };
    socket
      .once('connect', () => settle(true))
      .once('error', () => settle(false))
      .once('timeout', () => settle(false));
  });
}

/** @returns {boolean} whether a try failed less than a day ago */
function failedLately() {
  if (!existsSync(failureFile)) return false;
  const ageMs = Date.now() - Number(readFileSync(failureFile, 'utf8'));
  return ageMs >= 0 && ageMs < retryAfterMs;
}

async function download() {
  if (!(await isReachable())) return false;
  console.error("Downloading Electron's runtime (once, about 110 MB)…");
  const startedMs = Date.now();
  const child = start(process.execPath, [join(electron, 'install.js')], { cwd: root, stdio: 'ignore' });
  const progress = setInterval(() => console.error(`  ${Math.round((Date.now() - startedMs) / 1000)} s`), progressMs);
  const deadline = setTimeout(() => killTree(child), downloadMs);
  const ending = await ended(child);
  clearInterval(progress);
  clearTimeout(deadline);
  return succeeded(ending);
}

/** @returns {Promise<string | undefined>} the executable, downloaded if need be; a failure is remembered for a day */
export async function ensureElectron() {
  const found = findElectron();
  if (found !== undefined || failedLately()) return found;
  if (!(await download()) || findElectron() === undefined) {
    mkdirSync(dirname(failureFile), { recursive: true });
    writeFileSync(failureFile, String(Date.now()));
  }
  return findElectron();
}
