import { InvariantError } from '../../core/invariant.ts';
import { ConfigError } from '../../node/config/config-keys.ts';
import { dataFiles } from '../../node/data-directory.ts';
import { type Logger, makeNodeLog } from '../../node/logging/logger.ts';
import { OperationalError } from '../../node/operational-error.ts';
import { countryFile, pagesDirectory, workerFiles } from '../entry-paths.ts';
import { privateFiles } from '../private-files.ts';
import { type RunningNode, runNode } from '../run-node.ts';
import { untilSignal } from '../until-signal.ts';
import { runGenesis } from './genesis-command.ts';
import { parseTimedOptions, type TimedOptions, UsageError } from './timed-options.ts';

/** What service managers and scripts can tell an end by. 70 is sysexits.h's EX_SOFTWARE: a bug, to be reported. */
const exitCodes = { stopped: 0, failed: 1, usage: 2, bug: 70 } as const;
/** A stop that takes longer hangs; the data does not need it, since everything that was sent is on the disk. */
const stopMs = 5_000;

const sayError = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

function optionsOrExit(): TimedOptions {
  try {
    return parseTimedOptions(process.argv.slice(2));
  } catch (error) {
    if (error instanceof UsageError && error.asked) {
      process.stdout.write(`${error.message}\n`);
      process.exit(exitCodes.stopped);
    }
    if (!(error instanceof UsageError || error instanceof ConfigError)) throw error;
    sayError(error.message);
    process.exit(exitCodes.usage);
  }
}

/** Resolves when whoever started this process has gone, or has closed the pipe. */
const stdinEnd = (): Promise<void> =>
  new Promise((resolve) => {
    process.stdin.resume();
    for (const event of ['end', 'close', 'error']) process.stdin.once(event, () => resolve());
  });

/** In words for people, with what to do where it is known. */
function tell(error: Error, log: Logger): number {
  const words = error instanceof OperationalError ? `${error.message}. ${error.whatToDo}` : error.message;
  if (error instanceof InvariantError) log.error('a fault of the program', { error: error.stack ?? error.message });
  else log.error(words);
  return error instanceof InvariantError ? exitCodes.bug : exitCodes.failed;
}

function sayReady(running: RunningNode, { logFormat, config }: TimedOptions): void {
  const { p2pAddress: p2p = '', rpcAddress: rpc = '', webUrl: web = '', cookieFile } = running;
  const ready = { ready: true, p2p, rpc, web, datadir: config.root, cookieFile, pid: process.pid };
  const text = [`TIME node on ${config.network}, data in ${config.directory}.`, ...(web === '' ? [] : [`Window: ${web}`])].join('\n');
  process.stdout.write(`${logFormat === 'json' ? JSON.stringify(ready) : text}\n`);
}

async function main(): Promise<number> {
  // Whoever read the output may be gone, killed: the file has the lines, and a node stops in order all the same.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {});
  const [command, ...rest] = process.argv.slice(2);
  if (command === 'genesis') return runGenesis(rest, { out: (text) => process.stdout.write(text), error: (text) => process.stderr.write(text) });
  const options = optionsOrExit();
  privateFiles();
  const { config, sources, logFormat } = options;
  const nodeLog = makeNodeLog({ directory: dataFiles(config.directory).logs, level: config.logLevel, format: logFormat, writeLine: sayError });
  const log = nodeLog.of('node');
  const asked = Promise.withResolvers<void>();
  const fatal = Promise.withResolvers<Error>();
  void untilSignal().then(() => asked.resolve());
  if (options.stopWithStdin) void stdinEnd().then(() => asked.resolve());

  let running: RunningNode;
  try {
    running = await runNode({
      config,
      sources,
      log: nodeLog,
      workers: workerFiles(import.meta.url),
      countryFile: countryFile(import.meta.url),
      pages: pagesDirectory(import.meta.url),
      repair: options.repair,
      onStopRequest: () => asked.resolve(),
      onFatal: (error) => fatal.resolve(error),
    });
  } catch (error) {
    const code = tell(error instanceof Error ? error : new Error(String(error)), log);
    await nodeLog.written();
    return code;
  }
  log.info('started', { network: config.network, nodeId: running.services.info.nodeId, p2p: running.p2pAddress ?? 'none', rpc: running.rpcAddress ?? 'none' });
  sayReady(running, options);

  const failure = await Promise.race([asked.promise, fatal.promise]);
  const code = failure === undefined ? exitCodes.stopped : tell(failure, log);
  const hung = setTimeout(() => {
    sayError('The node did not stop in time.');
    process.exit(exitCodes.failed);
  }, stopMs);
  const unstopped = await running.stop().then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
  clearTimeout(hung);
  const ended = unstopped === undefined ? code : tell(unstopped, log);
  log.info('stopped');
  await nodeLog.written();
  return ended;
}

process.exit(await main());
