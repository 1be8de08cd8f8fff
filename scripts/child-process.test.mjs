import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, test } from 'vitest';
import { root } from './bootstrap.mjs';

const folder = mkdtempSync(join(tmpdir(), 'child-process-'));
afterAll(() => rmSync(folder, { recursive: true }));

const childFile = join(folder, 'child.mjs');
// Counts signals until half a second after the first, longer than two deliveries of one key press are apart.
writeFileSync(
  childFile,
  `let count = 0;
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    if (++count === 1) setTimeout(() => { console.log(signal + ' ' + count); process.exit(7); }, 300);
  });
setInterval(() => {}, 1000);
console.log('ready ' + process.pid);`,
);
const launcherFile = join(folder, 'launcher.mjs');
writeFileSync(
  launcherFile,
  `import { endLike, run } from ${JSON.stringify(join(root, 'scripts/child-process.mjs'))};
endLike(await run(process.execPath, [${JSON.stringify(childFile)}]));`,
);

/** A launcher and its child, as npm would run them. */
async function launch() {
  const launcher = spawn(process.execPath, [launcherFile], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
    env: { ...process.env, npm_lifecycle_event: 'start' },
  });
  const lines = createInterface(launcher.stdout);
  const [ready] = await once(lines, 'line');
  return { launcher, lines, childPid: Number(ready.split(' ')[1]) };
}

test.runIf(process.platform !== 'win32')(
  'a signal to the whole group, repeated to the launcher, reaches the child once, and its exit code comes back',
  async () => {
    const { launcher, lines } = await launch();
    const said = once(lines, 'line');
    const exited = once(launcher, 'exit');
    process.kill(-(/** @type {number} */ (launcher.pid)), 'SIGINT');
    launcher.kill('SIGINT');
    expect(await said).toEqual(['SIGINT 1']);
    expect(await exited).toEqual([7, null]);
  },
);

/** What npm puts between itself and a script: nothing, or a shell that stays. */
const between = [`process.execPath, [${JSON.stringify(launcherFile)}]`, `'sh', ['-c', 'node ' + ${JSON.stringify(launcherFile)} + '; true']`];

test.runIf(process.platform === 'linux').each(between)(
  'a launcher ends its child when its npm is killed: %s',
  async (command) => {
    const parent = spawn(process.execPath, ['-e', `require('child_process').spawn(${command}, { stdio: 'inherit' })`], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, npm_lifecycle_event: 'start' },
    });
    const lines = createInterface(parent.stdout);
    await once(lines, 'line');
    const said = once(lines, 'line');
    parent.kill('SIGKILL');
    expect(await said).toEqual(['SIGTERM 1']);
  },
  15_000,
);
