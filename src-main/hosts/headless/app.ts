import { fileURLToPath } from 'node:url';
import { appStopMs, startAppNode } from '../app-node.ts';
import { parseAppOptions } from '../app-options.ts';
import { startTimed } from '../devnet/companion.ts';
import { timedFile } from '../entry-paths.ts';
import { wordsOfStartError } from '../start-error.ts';
import { untilSignal } from '../until-signal.ts';
import { openBrowser } from './open-browser.ts';

// The app without a window of its own: the same node, shown by the browser that is there.
const options = parseAppOptions(process.argv.slice(2), 'strict');
const signalled = untilSignal();
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function run(): Promise<number> {
  if (options.network === 'practice') say('Starting a local network: this node and three companions…');
  const app = await startAppNode({ ...options, entryUrl: import.meta.url, web: true, startCompanion: startTimed(fileURLToPath(timedFile(import.meta.url))) });
  const { webUrl } = app.node;
  say(webUrl === undefined ? 'The node runs. Its configuration says that it serves no pages: time-cli reaches it.' : `The app is at ${webUrl}`);
  say('Ctrl-C stops it.');
  if (webUrl !== undefined && options.open) openBrowser(webUrl);

  const ending = await Promise.race([app.ending, signalled.then(() => ({ kind: 'asked' }) as const)]);
  if (ending.kind === 'failed') process.stderr.write(`${wordsOfStartError(ending.error)}\n`);
  say('Stopping…');
  // What hangs is left to the system: files are safe at any instant, and companions end with this process.
  setTimeout(() => process.exit(1), appStopMs).unref();
  await app.stop();
  return ending.kind === 'failed' ? 1 : 0;
}

try {
  process.exitCode = await Promise.race([run(), signalled.then(() => run.length)]);
} catch (error) {
  process.stderr.write(`${wordsOfStartError(error)}\n`);
  process.exitCode = 1;
}
process.exit();
