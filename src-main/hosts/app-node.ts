import { join } from 'node:path';
import { networks } from '../../src-shared/domain/networks.ts';
import { type ConfigSources, resolveConfig } from '../node/config/config.ts';
import type { Endpoint } from '../node/config/config-keys.ts';
import { changeSettings } from '../node/config/settings-file.ts';
import { dataFiles } from '../node/data-directory.ts';
import { type Logger, makeNodeLog } from '../node/logging/logger.ts';
import type { Restart } from './api/node-services.ts';
import { writeAppChoice } from './app-choice.ts';
import type { AppNetwork } from './app-options.ts';
import type { Preferences } from './app-preferences.ts';
import { AppSetup } from './app-setup.ts';
import type { StartCompanion } from './devnet/companion.ts';
import { KeptCompanion } from './devnet/kept-companion.ts';
import { type LocalNetwork, openLocalNetwork } from './devnet/local-network.ts';
import { countryFile, pagesDirectory, workerFiles } from './entry-paths.ts';
import { type RunningNode, runNode } from './run-node.ts';

/** The app's own node and three companions: the fewest that tolerate a faulty one. */
const practiceNodes = 4;
/** Under the data root. */
const practiceFolder = 'local-network';

/** Hosts promise that everything is gone within this time. */
export const appStopMs = 4_500;

export interface AppNodeOptions {
  readonly network: AppNetwork;
  /** The command line named it, so that the window cannot choose another one. */
  readonly networkFixed: boolean;
  /** Somebody has gone through the first start. */
  readonly done: boolean;
  /** Asked for: a damaged chain.sqlite is set aside, and the chain fetched anew. */
  readonly repair: boolean;
  readonly dataRoot: string;
  /** The entry's `import.meta.url`. */
  readonly entryUrl: string;
  /** How pages are served to browsers: who shows the token gets them, at an address or where the configuration says. Undefined: not at all. */
  readonly web: { readonly token: string; readonly at: Endpoint | undefined } | undefined;
  readonly startCompanion: StartCompanion;
  /** Absent: this host has none. */
  readonly preferences?: Preferences;
}

/** Why the app is to end: somebody asked through a door, its node cannot go on, or it is to begin anew: with what was chosen, or to repair its database. */
export type AppEnding =
  | { readonly kind: 'asked' }
  | { readonly kind: 'restart'; readonly repair: boolean }
  | { readonly kind: 'failed'; readonly error: Error };

/** The app's node with its doors, and its companions where it has a network of its own. */
export interface AppNode {
  readonly node: RunningNode;
  readonly log: Logger;
  readonly ending: Promise<AppEnding>;
  /** Resolves when nothing is left. `onProgress` hears how many of the nodes have stopped. */
  stop(onProgress?: (stopped: number, total: number) => void): Promise<void>;
}

interface Practice {
  readonly network: LocalNetwork;
  /** The data root of the app's own node. */
  readonly root: string;
  readonly companionRoots: readonly string[];
}

/**
 * Starts the app's node, of whichever host: on a practice network, which is made at the first start, together with its companions. Rejects with
 * what `openLocalNetwork`, `resolveConfig` and `runNode` reject with; then nothing is left running.
 */
export async function startAppNode(options: AppNodeOptions): Promise<AppNode> {
  const practice = options.network === 'practice' ? await openPractice(options.dataRoot) : undefined;
  let companions: readonly KeptCompanion[] = [];
  try {
    const sources = sourcesOf(options, practice);
    const config = resolveConfig(sources);
    const log = makeNodeLog({ directory: dataFiles(config.directory).logs, level: config.logLevel, format: 'text', writeLine: undefined });
    companions = (practice?.companionRoots ?? []).map((root, index) => keep(`companion ${index + 1}`, () => options.startCompanion(root), log.of('node')));
    const { promise: ending, resolve: end } = Promise.withResolvers<AppEnding>();
    const restart: Restart = (how) => end({ kind: 'restart', repair: how === 'repair' });
    const setup = new AppSetup({
      network: options.network,
      networkFixed: options.networkFixed,
      done: options.done,
      masternode: config.masternode,
      roleFixed: practice !== undefined,
      remember: (choice) => writeAppChoice(options.dataRoot, choice),
      saveRole: (masternode) => changeSettings(sources, { masternode }),
      restart: () => restart('as-it-is'),
    });
    const node = await runNode({
      config,
      sources,
      setup,
      restart,
      repair: options.repair,
      ...(options.preferences === undefined ? {} : { preferences: options.preferences }),
      ...(options.web === undefined ? {} : { webToken: options.web.token }),
      log,
      workers: workerFiles(options.entryUrl),
      countryFile: countryFile(options.entryUrl),
      pages: options.web === undefined ? undefined : pagesDirectory(options.entryUrl),
      onStopRequest: () => end({ kind: 'asked' }),
      onFatal: (error) => end({ kind: 'failed', error }),
    });
    return {
      node,
      log: log.of('node'),
      ending,
      stop: async (onProgress = () => {}) => {
        // Beside each other, not in reverse order: they are independent, and a hung one must not use up the others' time.
        await stopAll([node, ...companions], onProgress);
        await log.written();
        practice?.network.release();
      },
    };
  } catch (error) {
    await stopAll(companions, () => {});
    practice?.network.release();
    throw error;
  }
}

async function openPractice(dataRoot: string): Promise<Practice> {
  const directory = join(dataRoot, practiceFolder);
  const network = await openLocalNetwork({ directory, count: practiceNodes, firstPort: networks.devnet.p2pPort, nowMs: Date.now() });
  const [root = '', ...companionRoots] = network.nodes.map(({ datadir }) => datadir);
  return { network, root, companionRoots };
}

function sourcesOf({ network, dataRoot, web }: AppNodeOptions, practice: Practice | undefined): ConfigSources {
  const name = network === 'practice' ? 'devnet' : network;
  const commandLine = { network: name, ...(web === undefined ? { web: 'none' as const } : web.at === undefined ? {} : { web: web.at }) };
  return { root: practice?.root ?? dataRoot, commandLine, configFile: undefined };
}

function keep(name: string, start: () => ReturnType<StartCompanion>, log: Logger): KeptCompanion {
  return new KeptCompanion(name, {
    start,
    log,
    monotonicMs: () => performance.now(),
    setTimer: (run, delayMs) => {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
  });
}

async function stopAll(parts: readonly { stop(): Promise<void> }[], onProgress: (stopped: number, total: number) => void): Promise<void> {
  let stopped = 0;
  onProgress(stopped, parts.length);
  await Promise.all(
    parts.map(async (part) => {
      await part.stop();
      stopped++;
      onProgress(stopped, parts.length);
    }),
  );
}
