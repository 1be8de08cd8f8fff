import { fileURLToPath } from 'node:url';
import { type Endpoint, parseEndpoint } from '../../node/config/config-keys.ts';
import { readAppChoice, writeAppChoice } from '../app-choice.ts';
import { type AppEnding, type AppNode, appStopMs, startAppNode } from '../app-node.ts';
import { type AppNetwork, parseAppOptions } from '../app-options.ts';
import { startTimed } from '../devnet/companion.ts';
import { timedFile } from '../entry-paths.ts';
import { errorWords, isRepairable } from '../error-words.ts';
import { privateFiles } from '../private-files.ts';
import { untilSignal } from '../until-signal.ts';
import { askRepair } from './ask-repair.ts';
import { openBrowser } from './open-browser.ts';
import { newPageToken } from './web-server.ts';

// The app without a window of its own: the same node, shown by the browser that is there.
privateFiles();
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

/** Whether the person at the terminal, if there is one, wants it repaired. */
const isToRepair = async (error: unknown): Promise<boolean> =>
  isRepairable(error) && !asked && (await askRepair({ input: process.stdin, output: process.stdout, detail: error.detail, cancelled: signalled }));

/** One run of the node after another, until it is to end: what is chosen in the window begins a new one, and the page finds it where the last one was. */
async function run(): Promise<number> {
  const token = newPageToken();
  let page: Endpoint | undefined;
  let previous: AppNetwork | undefined;
  let { repair } = options;
  for (;;) {
    const chosen = readAppChoice(options.dataRoot);
    const network = options.network ?? chosen.network;
    if (network === 'practice') say('Starting a local network: this node and three companions…');
    let app: AppNode;
    try {
      app = await startAppNode({
        ...options,
        network,
        networkFixed: options.network !== undefined,
        done: chosen.done,
        repair,
        entryUrl: import.meta.url,
        web: { token, at: page },
        startCompanion: startTimed(fileURLToPath(timedFile(import.meta.url))),
      });
    } catch (error) {
      if (await isToRepair(error)) {
        repair = true;
        continue;
      }
      // What was chosen in the window and does not start must not keep the app from starting.
      if (previous === undefined || previous === network || asked) throw error;
      process.stderr.write(`${errorWords(error)}\n`);
      await writeAppChoice(options.dataRoot, { ...chosen, network: previous });
      repair = false;
      continue;
    }
    page ??= welcome(app.node.webUrl);
    const ending = await Promise.race([app.ending, signalled]);
    if (ending.kind === 'restart' || (ending.kind === 'failed' && (await isToRepair(ending.error)))) {
      say('Starting anew…');
      previous = network;
      repair = ending.kind === 'failed' || ending.repair;
      await app.stop();
      continue;
    }
    say('Stopping…');
    endInTime();
    await app.stop();
    if (ending.kind === 'asked') return 0;
    process.stderr.write(`${errorWords(ending.error)}\n`);
    return 1;
  }
}

/** Says where the app is, and opens it. */
function welcome(webUrl: string | undefined): Endpoint | undefined {
  if (asked) return undefined;
  say(webUrl === undefined ? 'The node runs. Its configuration says that it serves no pages; time-cli reaches it.' : `The app is at ${webUrl}`);
  say('Ctrl-C stops it.');
  if (webUrl === undefined) return undefined;
  if (options.open) openBrowser(webUrl);
  const at = parseEndpoint(new URL(webUrl).host);
  return at === 'none' ? undefined : at;
}

try {
  process.exitCode = await run();
} catch (error) {
  process.stderr.write(`${errorWords(error)}\n`);
  process.exitCode = 1;
}
process.exit();
