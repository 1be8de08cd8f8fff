import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { networks } from '../../../src-shared/domain/networks.ts';
import { type ConfigSources, type NodeConfig, resolveConfig } from '../../node/config/config.ts';
import { checkSettings } from '../../node/config/config-keys.ts';
import { defaultDataRoot } from '../../node/data-directory.ts';
import type { LogFormat } from '../../node/logging/logger.ts';
import { withTwoDashes } from '../single-dash.ts';
import { version } from '../version.ts';

export interface TimedOptions {
  readonly config: NodeConfig;
  readonly sources: ConfigSources;
  readonly logFormat: LogFormat;
  readonly stopWithStdin: boolean;
  readonly repair: boolean;
}

/** The command line is no command line of this program; `help` and `version` are asked for and no error. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly asked: boolean;
  constructor(message: string, asked: boolean) {
    super(message);
    this.asked = asked;
  }
}

interface Given {
  readonly datadir?: string;
  readonly network?: string;
  readonly conf?: string;
  readonly listen?: string;
  readonly rpc?: string;
  readonly web?: string;
  readonly connect?: readonly string[];
  readonly proxy?: string;
  readonly masternode?: true;
  readonly genesisFile?: string;
  readonly logLevel?: string;
  readonly logFormat: LogFormat;
  readonly stopWithStdin?: true;
  readonly repair?: true;
}

function commandOf(write: (text: string) => void): Command {
  return new Command('timed')
    .description('A node of the TIME network without a window.')
    .version(version)
    .option('--datadir <dir>', 'folder of all data')
    .addOption(new Option('--network <name>', 'which network to join').choices(Object.keys(networks)))
    .option('--conf <file>', 'configuration file instead of config.toml in the data folder')
    .option('--listen <host:port>', 'where peers can connect, or none')
    .option('--rpc <host:port>', 'where JSON-RPC answers, or none')
    .option('--web <host:port>', 'where the window opens in a browser, or none')
    .option('--connect <host:port>', 'a peer to keep connected; may be given several times', (text: string, before: readonly string[] = []) => [
      ...before,
      text,
    ])
    .option('--proxy <host:port>', 'a SOCKS 5 proxy that leads to peers, or none')
    .option('--masternode', 'vote where this node is a masternode')
    .option('--genesis-file <file>', 'the genesis of a local network')
    .option('--log-level <level>', 'error, warn, info or debug')
    .addOption(new Option('--log-format <format>', 'of the lines on the error output').choices(['text', 'json']).default('text'))
    .option('--repair', 'set a damaged chain.sqlite aside and fetch the chain anew; the wallet, and what binds the node’s signatures, are kept')
    .option('--stop-with-stdin', 'stop when the standard input ends: so a node ends with the program that started it')
    .addHelpText('after', '\n"timed genesis --help" explains how the genesis of a network is made.')
    .allowExcessArguments(false)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: write });
}

/** `args`: without Node and the program's file. Throws UsageError or ConfigError. */
export function parseTimedOptions(args: readonly string[]): TimedOptions {
  let output = '';
  const command = commandOf((text) => {
    output += text;
  });
  try {
    command.parse(withTwoDashes(args, command), { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) throw new UsageError((output === '' ? error.message : output).trim(), error.exitCode === 0);
    throw error;
  }
  const given = command.opts<Given>();
  const { network, listen, rpc, web, connect, proxy, masternode, genesisFile, logLevel } = given;
  const named = { network, listen, rpc, web, connect, proxy, masternode, genesis_file: genesisFile && resolve(genesisFile), log_level: logLevel };
  const commandLine = checkSettings(Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)), 'command line');
  const root = resolve(given.datadir ?? defaultDataRoot({ platform: process.platform, home: homedir(), environment: process.env }));
  const sources: ConfigSources = { root, commandLine, configFile: given.conf && resolve(given.conf) };
  return { config: resolveConfig(sources), sources, logFormat: given.logFormat, stopWithStdin: given.stopWithStdin === true, repair: given.repair === true };
}
