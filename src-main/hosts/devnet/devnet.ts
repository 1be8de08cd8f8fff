import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { networks } from '../../../src-shared/domain/networks.ts';
import { timedFile } from '../entry-paths.ts';
import { errorWords } from '../error-words.ts';
import { untilSignal } from '../until-signal.ts';
import { type Companion, startTimed, wordsOfEnd } from './companion.ts';
import { type LocalNetwork, maxLocalNodes, openLocalNetwork } from './local-network.ts';

/** The app's practice network has the ports below: both can run, and neither finds the other's taken at its next start. */
const firstPort = networks.devnet.p2pPort + 100;

/** One node votes alone; two or three are a network that tolerates no fault, which is worth trying too. */
function nodeCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > maxLocalNodes) throw new InvalidArgumentError(`Expected 1 to ${maxLocalNodes}.`);
  return count;
}

interface Options {
  readonly nodes: number;
  readonly datadir?: string;
  readonly json?: true;
}

const options = new Command('devnet')
  .description('A local network of masternodes, each an ordinary node in a process of its own.')
  .option('--nodes <n>', 'how many', nodeCount, 4)
  .option('--datadir <dir>', 'keep the network here, and go on with it next time; otherwise it is new, and removed at the end')
  .option('--json', 'print one line of JSON once all nodes are up')
  .allowExcessArguments(false)
  .showSuggestionAfterError()
  .parse()
  .opts<Options>();

const directory = options.datadir === undefined ? mkdtempSync(join(tmpdir(), 'time-devnet-')) : resolve(options.datadir);
const companions: Companion[] = [];
let network: LocalNetwork | undefined;
let up = false;
let lost = false;
let stopping = false;
const stopped = untilSignal();

async function start(): Promise<void> {
  network = await openLocalNetwork({ directory, count: options.nodes, firstPort, nowMs: Date.now() });
  if (stopping) return;
  const startCompanion = startTimed(fileURLToPath(timedFile(import.meta.url)));
  for (const { index, datadir } of network.nodes) {
    const companion = startCompanion(datadir);
    companions.push(companion);
    void companion.ended.then((end) => {
      // Before all are up, one that ends ends them all, with its reason.
      if (stopping || !up) return;
      // It may have been stopped on purpose; the others go on, and its files stay for whoever starts it again.
      lost = true;
      process.stderr.write(`Node ${index} (process ${companion.pid}) ended with ${wordsOfEnd(end)}\n`);
    });
  }
  const ready = await Promise.all(companions.map((companion) => companion.ready));
  up = true;
  // The data directory is that of all networks: what timed and time-cli take with --datadir.
  const nodes = network.nodes.map(({ index, datadir }) => {
    const { pid, cookieFile, p2p, rpc, web } = ready[index] ?? {};
    return { index, pid, datadir, cookieFile, p2p, rpc, web };
  });
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ nodes })}\n`);
    return;
  }
  for (const { index, pid, datadir, rpc, web } of nodes) process.stdout.write(`Node ${index}: process ${pid}, data in ${datadir}, RPC ${rpc}, window ${web}\n`);
  process.stdout.write('Ctrl-C stops them all.\n');
}

/** With the last node there is nothing left to wait for. */
async function allEnded(): Promise<void> {
  const ends = await Promise.all(companions.map(({ ended }) => ended));
  if (stopping) return;
  process.stderr.write(`No node is left. Their files are in ${directory}\n`);
  if (ends.some(({ code }) => code !== 0)) process.exitCode = 1;
}

try {
  await Promise.race([start(), stopped]);
  await Promise.race([stopped, allEnded()]);
} catch (error) {
  process.stderr.write(`${errorWords(error)}\n`);
  process.exitCode = 1;
} finally {
  stopping = true;
  await Promise.all(companions.map((companion) => companion.stop()));
  network?.release();
  if (options.datadir === undefined && !lost) rmSync(directory, { recursive: true, force: true });
}
process.exit();
