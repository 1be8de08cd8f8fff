import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { nearestName } from '../../src-shared/domain/nearest-name.ts';
import { type NetworkName, networks } from '../../src-shared/domain/networks.ts';
import { defaultDataRoot } from '../node/data-directory.ts';

/** What the app joins: a network, or a local one of its own with play money. */
export type AppNetwork = 'practice' | NetworkName;

export interface AppOptions {
  /** Undefined: what was chosen at the first start. */
  readonly network: AppNetwork | undefined;
  /** The folder of all networks. */
  readonly dataRoot: string;
  /** Whether it is where data goes by itself. */
  readonly isDefaultRoot: boolean;
  /** Opens a browser where the app has no window of its own. */
  readonly open: boolean;
  /** The first run of the node sets a damaged chain.sqlite aside, and fetches the chain anew. */
  readonly repair: boolean;
  /** What is neither an option nor its value. */
  readonly operands: readonly string[];
}

/** `strict`: nothing else may be there. `beside-chromium`: Electron's process also gets the path of the app, links, and Chromium's hundreds of switches. */
export type OptionsMode = 'strict' | 'beside-chromium';

/** Explains itself and ends the process where commander does: `--help`, and what cannot be understood. `args`: without the program's own path. */
export function parseAppOptions(args: readonly string[], mode: OptionsMode): AppOptions {
  const defaultRoot = defaultDataRoot({ platform: process.platform, home: homedir(), environment: process.env });
  const tolerant = mode === 'beside-chromium';
  const program = new Command('npm start --')
    .description('The app: a full node with its window.')
    .addOption(
      new Option(
        '--network <name>',
        'the network to join: practice is a local one of its own (default: what was chosen in the window, practice at first)',
      ).choices(['practice', ...Object.keys(networks)]),
    )
    .addOption(new Option('--datadir <dir>', 'where all data is kept').default(defaultRoot))
    .option('--no-open', 'do not open a browser, where the app is shown in one')
    .option('--repair', 'set a damaged database aside and fetch the chain anew; the wallet is not touched', false)
    .allowUnknownOption(tolerant)
    .allowExcessArguments(tolerant)
    .showSuggestionAfterError();
  program.parse(args, { from: 'user' });
  refuseMistyped(program);
  const { network, datadir, open, repair } = program.opts<{ network: AppNetwork | undefined; datadir: string; open: boolean; repair: boolean }>();
  const isDefaultRoot = program.getOptionValueSource('datadir') === 'default';
  return { network, dataRoot: resolve(datadir), isDefaultRoot, open, repair, operands: program.args };
}

/** Of the switches that are not ours, one that is nearly ours was meant to be. */
function refuseMistyped(program: Command): void {
  const names = program.options.map(({ long }) => long ?? '');
  for (const arg of program.args) {
    const typed = arg.split('=')[0] ?? '';
    const nearest = typed.startsWith('--') ? nearestName(typed, names) : undefined;
    if (nearest !== undefined) program.error(`error: unknown option '${typed}'\n(Did you mean ${nearest}?)`);
  }
}
