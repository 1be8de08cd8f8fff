import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { isMethodName, subcommandOf } from '../../../src-shared/api/contract.ts';
import { errorNumbers } from '../../../src-shared/api/method.ts';
import { type NetworkName, networks } from '../../../src-shared/domain/networks.ts';
import { CodedError } from '../../node/coded-error.ts';
import { type NodeConfig, resolveConfig } from '../../node/config.ts';
import { ConfigError, checkSettings } from '../../node/config-keys.ts';
import { dataFiles, defaultDataRoot, networkDirectory } from '../../node/data-directory.ts';
import { helpText } from '../api/help.ts';
import { version } from '../version.ts';
import { callOf } from './arguments.ts';
import { ConnectionError, callNode } from './client.ts';

export interface CliOutput {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** The next line of the standard input, without its end. */
  readonly readLine: () => Promise<string>;
}

interface Given {
  readonly datadir?: string;
  readonly network?: string;
  readonly conf?: string;
  readonly rpc?: string;
  readonly named?: true;
  readonly stdinpassphrase?: true;
}

/** As bitcoin-cli has it: 1 where no node could be asked, and what a shell sees of the error's number otherwise. */
const connectionFailed = 1;
const exitCodeOf = (code: number): number => Math.abs(code) % 256 || connectionFailed;

const commandOf = (output: CliOutput): Command =>
  new Command('time-cli')
    .description('Asks a running node. "time-cli help" lists the methods, "time-cli help METHOD" explains one.')
    .version(version)
    .argument('<method>', 'what to ask')
    .argument('[args...]', 'its parameters, in the order that help shows')
    .option('--datadir <dir>', 'the data folder of the node')
    .addOption(new Option('--network <name>', 'the network of the node').choices(Object.keys(networks)))
    .option('--conf <file>', 'the configuration file of the node, if it has one elsewhere')
    .option('--rpc <host:port>', 'where the node answers')
    .option('--named', 'parameters are given as name=value')
    .option('--stdinpassphrase', 'read the passphrase from the standard input, where no list of processes shows it')
    .showSuggestionAfterError()
    // What follows the method is the method's, negative numbers and dashes included.
    .passThroughOptions()
    .exitOverride()
    .configureOutput({ writeOut: (text) => output.out(text), writeErr: (text) => output.error(text) });

/** `-named` is how bitcoin-cli writes it, and fingers know that. What follows the method is left as it is. */
function withDashes(args: readonly string[]): string[] {
  const methodAt = args.findIndex((arg, index) => isMethodName(arg) || subcommandOf(arg, args[index + 1]) !== undefined);
  return args.map((arg, index) =>
    methodAt !== -1 && index > methodAt ? arg : arg.replace(/^-(?=(?:named|stdinpassphrase|datadir|network|conf|rpc)(?:=|$))/, '--'),
  );
}

/** Answers the exit code. `args`: without Node and the program's file. */
export async function runCli(args: readonly string[], output: CliOutput): Promise<number> {
  const command = commandOf(output);
  try {
    command.parse(withDashes(args), { from: 'user' });
    const [method = '', ...texts] = command.args;
    return await ask(method, texts, command.opts<Given>(), output);
  } catch (error) {
    // It has been said already.
    if (error instanceof CommanderError) return error.exitCode;
    if (error instanceof CodedError) return failed(errorNumbers[error.code], error.message, output);
    if (!(error instanceof ConnectionError || error instanceof ConfigError)) throw error;
    output.error(`error: ${error.message}\n`);
    return connectionFailed;
  }
}

async function ask(method: string, texts: readonly string[], given: Given, output: CliOutput): Promise<number> {
  if (method === 'help') {
    // The contract is here too, so help needs no node.
    output.out(`${helpText(subcommandOf(texts[0] ?? '', texts[1]) ?? texts[0] ?? '')}\n`);
    return 0;
  }
  const call = callOf(method, texts, given.named === true);
  const params = given.stdinpassphrase === true ? { ...call.params, passphrase: await output.readLine() } : call.params;
  const { rpc, directory } = nodeOf(given);
  if (rpc === undefined) throw new ConnectionError('The configuration has rpc = "none": this node answers nobody.');
  const reply = await callNode({ ...call, params }, rpc, dataFiles(directory).cookie);
  if (!reply.ok) return failed(reply.code, reply.message, output);
  // A text as it is, so that scripts need not take quotes off.
  if (reply.result !== null) output.out(`${typeof reply.result === 'string' ? reply.result : JSON.stringify(reply.result, undefined, 2)}\n`);
  return 0;
}

/** Without `--network` it is the one network of this folder with a node that runs, if there is just one. */
function nodeOf(given: Given): NodeConfig {
  const root = resolve(given.datadir ?? defaultDataRoot({ platform: process.platform, home: homedir(), environment: process.env }));
  const running = (Object.keys(networks) as NetworkName[]).filter((name) => existsSync(dataFiles(networkDirectory(root, name)).cookie));
  const network = given.network ?? (given.conf === undefined && running.length === 1 ? running[0] : undefined);
  const named = Object.entries({ network, rpc: given.rpc }).filter(([, value]) => value !== undefined);
  return resolveConfig({ root, commandLine: checkSettings(Object.fromEntries(named), 'command line'), configFile: given.conf && resolve(given.conf) });
}

function failed(code: number, message: string, output: CliOutput): number {
  output.error(`error code: ${code}\nerror message:\n${message}\n`);
  return exitCodeOf(code);
}
