import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { asTyped, type Call, callOf, missingSecrets } from '../../../src-shared/api/call-line.ts';
import { isMethodName, subcommandOf } from '../../../src-shared/api/contract.ts';
import { helpText } from '../../../src-shared/api/help.ts';
import { errorNumbers, type Reply } from '../../../src-shared/api/method.ts';
import { type NetworkName, networks } from '../../../src-shared/domain/networks.ts';
import { CodedError } from '../../node/coded-error.ts';
import { type NodeConfig, resolveConfig } from '../../node/config/config.ts';
import { ConfigError, checkSettings } from '../../node/config/config-keys.ts';
import { dataFiles, defaultDataRoot, networkDirectory } from '../../node/data-directory.ts';
import { withTwoDashes } from '../single-dash.ts';
import { version } from '../version.ts';
import { ConnectionError, callNode, type RpcReply } from './client.ts';
import type { StandardInput } from './standard-input.ts';

export interface CliOutput {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  readonly input: Pick<StandardInput, 'line' | 'rest'>;
  /** Milliseconds from any moment on; never set back. */
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

interface Given {
  readonly datadir?: string;
  readonly network?: string;
  readonly conf?: string;
  readonly rpc?: string;
  readonly named?: boolean;
  readonly stdin?: boolean;
  readonly stdinpassphrase?: boolean;
  readonly rpcwait?: boolean;
  /** Seconds. */
  readonly rpcwaittimeout: number;
}

/** Nobody notices it, and a node that is not there costs nothing to ask. */
const askAgainMs = 500;

/** As bitcoin-cli has it: 1 where no node could be asked, and what a shell sees of the error's number otherwise. */
const connectionFailed = 1;
const exitCodeOf = (code: number): number => Math.abs(code) % 256 || connectionFailed;

function secondsOf(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Expected whole seconds.');
  return Number(text);
}

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
    .option('--named', 'parameters may be given as name=value')
    .option('--stdin', 'read more parameters from the standard input, one a line, until it ends; at a terminal they are not shown')
    .option('--stdinpassphrase', 'read the passphrase from the standard input too')
    .option('--rpcwait', 'wait for the node to start')
    .addOption(
      new Option('--rpcwaittimeout <seconds>', 'how long to wait for the node to start; 0 is for ever')
        .argParser(secondsOf)
        .default(0)
        .implies({ rpcwait: true }),
    )
    .addHelpText(
      'after',
      '\nWords and passphrases that a method needs are read from the standard input where they are not given, one a line in the order that help shows; at a\nterminal they are asked for and not shown. Better so than as parameters, which lists of processes and the shell’s history show.',
    )
    .showSuggestionAfterError()
    // What follows the method is the method's, negative numbers and dashes included.
    .passThroughOptions()
    .exitOverride()
    .configureOutput({ writeOut: (text) => output.out(text), writeErr: (text) => output.error(text) });

/** What follows the method is left as it is. */
function ownArguments(args: readonly string[]): number {
  const methodAt = args.findIndex((arg, index) => isMethodName(arg) || subcommandOf(arg, args[index + 1]) !== undefined);
  return methodAt === -1 ? args.length : methodAt;
}

/** Answers the exit code. `args`: without Node and the program's file. */
export async function runCli(args: readonly string[], output: CliOutput): Promise<number> {
  const command = commandOf(output);
  try {
    command.parse(withTwoDashes(args, command, ownArguments(args)), { from: 'user' });
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
    output.out(`${taken(helpText(texts[0] ?? '', texts[1]))}\n`);
    return 0;
  }
  const call = await callFrom([method, ...texts], given, output);
  const reply = given.rpcwait === true ? await whenStarted(() => callOnce(call, given), given.rpcwaittimeout, output) : await callOnce(call, given);
  if (!reply.ok) return failed(reply.code, reply.message, output);
  // A text as it is, so that scripts need not take quotes off.
  if (reply.result !== null) output.out(`${typeof reply.result === 'string' ? reply.result : JSON.stringify(reply.result, undefined, 2)}\n`);
  return 0;
}

async function callOnce(call: Call, given: Given): Promise<RpcReply> {
  const { rpc, directory } = nodeOf(given);
  if (rpc === undefined) throw new ConnectionError('The configuration has rpc = "none": this node answers nobody.');
  return await callNode(call, rpc, dataFiles(directory).cookie);
}

/** Asks until there is a node, which is looked for anew each time; `timeoutSeconds`: 0 is for ever. Then it is the last error. */
async function whenStarted(ask: () => Promise<RpcReply>, timeoutSeconds: number, { nowMs, sleep }: CliOutput): Promise<RpcReply> {
  const untilMs = timeoutSeconds === 0 ? Number.POSITIVE_INFINITY : nowMs() + timeoutSeconds * 1_000;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ConnectionError && error.isBeforeStart) || nowMs() >= untilMs) throw error;
    }
    await sleep(askAgainMs);
  }
}

/** What was typed, with what the standard input adds: the passphrase first, as Bitcoin Core has it, then parameters, then what is missing. */
async function callFrom(typed: readonly string[], { named = false, stdin = false, stdinpassphrase = false }: Given, { input }: CliOutput): Promise<Call> {
  const read = async (name: string): Promise<string> => {
    const line = await input.line(`${name}: `);
    if (line === undefined) throw new CodedError('invalid-params', `"${name}" was to come from the standard input, which has ended.`);
    return line;
  };
  if (!stdin) {
    const call = taken(callOf(typed.map(asTyped), named));
    const secrets = missingSecrets(call, stdinpassphrase);
    if (stdinpassphrase && !secrets.includes('passphrase')) throw new CodedError('invalid-params', `${call.method} takes no other passphrase.`);
    const params: Record<string, unknown> = { ...call.params };
    for (const name of secrets) params[name] = await read(name);
    return { ...call, params };
  }
  const passphrase = stdinpassphrase ? { passphrase: await read('passphrase') } : {};
  const call = taken(callOf([...typed, ...(await input.rest())].map(asTyped), named));
  return { ...call, params: { ...call.params, ...passphrase } };
}

function taken<T>(reply: Reply<T>): T {
  if (!reply.ok) throw new CodedError(reply.error.code, reply.error.message);
  return reply.value;
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
