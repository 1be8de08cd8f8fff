import { fileURLToPath } from 'node:url';
import { type AppEnding, appStopMs, startAppNode } from '../app-node.ts';
import { parseAppOptions } from '../app-options.ts';
import { startTimed } from '../devnet/companion.ts';
import { timedFile } from '../entry-paths.ts';
import { errorWords } from '../error-words.ts';
import { untilSignal } from '../until-signal.ts';
import { openBrowser } from './open-browser.ts';

// The app without a window of its own: the same node, shown by the browser that is there.
const options = parseAppOptions(process.argv.slice(2), 'strict');
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

let asked = false;
const signalled = untilSignal().then((): AppEnding => {
  asked = true;
  endInTime();
  return { kind: 'asked' };
});

/** What hangs is left to the system: files are safe at any instant, and companions end with this process. */
function endInTime(): void {
  setTimeout(() => {
    process.stderr.write('The app did not stop in time.\n');
    process.exit(1);
  }, appStopMs).unref();
}

async function run(): Promise<number> {
  if (options.network === 'practice') say('Starting a local network: this node and three companions…');
  const app = await startAppNode({ ...options, entryUrl: import.meta.url, web: true, startCompanion: startTimed(fileURLToPath(timedFile(import.meta.url))) });
  const { webUrl } = app.node;
  if (!asked) {
    say(webUrl === undefined ? 'The node runs. Its configuration says that it serves no pages; time-cli reaches it.' : `The app is at ${webUrl}`);
    say('Ctrl-C stops it.');
    if (webUrl !== undefined && options.open) openBrowser(webUrl);
  }

  const ending = await Promise.race([app.ending, signalled]);
  say('Stopping…');
  endInTime();
  await app.stop();
  if (ending.kind === 'asked') return 0;
  process.stderr.write(`${errorWords(ending.error)}\n`);
  return 1;
}

try {
  process.exitCode = await run();
} catch (error) {
  process.stderr.write(`${errorWords(error)}\n`);
  process.exitCode = 1;
}
process.exit();
