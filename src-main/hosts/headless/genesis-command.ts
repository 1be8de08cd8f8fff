import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { formatTime } from '../../../src-shared/domain/amount.ts';
import type { NetworkName } from '../../../src-shared/domain/networks.ts';
import type { Genesis } from '../../core/genesis.ts';
import { type CarriedOver, CarryOverError, readCarriedOver } from '../../node/audit/carried-over.ts';
import { auditGenesisOf } from '../../node/audit/chain-walk.ts';
import { resolveConfig } from '../../node/config/config.ts';
import { ConfigError } from '../../node/config/config-keys.ts';
import { dataFiles } from '../../node/data-directory.ts';
import { codeOf, createFileDurably } from '../../node/durable-file.ts';
import { OperationalError } from '../../node/operational-error.ts';
import { errorWords } from '../error-words.ts';
import { GenesisPlanError, readGenesisPlan } from '../genesis/genesis-plan.ts';
import { genesisText, makeGenesis } from '../genesis/make-genesis.ts';
import { GenesisError, networkGenesis } from '../network-genesis.ts';

export interface GenesisOutput {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

interface Given {
  readonly out?: string;
  readonly from?: string;
  readonly height?: number;
}

function height(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('Expected the height of a block.');
  return value;
}

const commandOf = (output: GenesisOutput): Command =>
  new Command('timed genesis')
    .description(
      'Makes the genesis file of a network from a plan (docs/recovery.md). The same plan, and the same block of the same chain, make the same file everywhere: compare the hash.',
    )
    .argument('<plan>', 'founding masternodes and allocations, in TOML or JSON')
    .option('--out <file>', 'where the genesis file is written; without it only the result is shown')
    .option('--from <datadir>', 'carries on a chain that has stopped: its balances, and what the plan leaves out of its registrations')
    .option('--height <n>', 'as of this block of that chain; its last one where left out', height)
    .allowExcessArguments(false)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeOut: (text) => output.out(text), writeErr: (text) => output.error(text) });

/** `timed genesis …`. `args`: what follows. Answers the exit code: 0, 1 where something is not as it must be, 2 for the command line. */
export async function runGenesis(args: readonly string[], output: GenesisOutput): Promise<number> {
  const command = commandOf(output);
  try {
    command.parse([...args], { from: 'user' });
    const [plan = ''] = command.args;
    await make(resolve(plan), command.opts<Given>(), output);
    return 0;
  } catch (error) {
    // It has been said already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const isExpected = [GenesisPlanError, GenesisError, CarryOverError, ConfigError, OperationalError].some((kind) => error instanceof kind);
    if (!isExpected) throw error;
    output.error(`${errorWords(error)}\n`);
    return 1;
  }
}

async function make(planFile: string, { out, from, height: wanted }: Given, output: GenesisOutput): Promise<void> {
  if (wanted !== undefined && from === undefined) throw new GenesisPlanError('--height is of the chain that --from names.');
  const plan = planOf(planFile);
  const carried = from === undefined ? undefined : carriedOverFrom(resolve(from), plan.network, wanted);
  const { file, genesis, leftBehind } = makeGenesis(plan, carried);
  const path = out === undefined ? undefined : resolve(out);
  if (path !== undefined) await write(path, genesisText(file));
  output.out(`${summaryOf(genesis, carried, leftBehind)}\n`);
  output.out(
    path === undefined
      ? 'Nothing was written: name a file with --out.\n'
      : `Written to ${path}. Each node names it in config.toml, with the hash that all agreed on:\n  genesis_file = ${JSON.stringify(path)}\n  genesis_hash = "${genesis.hash}"\n`,
  );
}

function planOf(file: string): ReturnType<typeof readGenesisPlan> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new GenesisPlanError(`${file} cannot be read: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
  try {
    return readGenesisPlan(text);
  } catch (error) {
    if (error instanceof GenesisPlanError) throw new GenesisPlanError(`${file}:\n${error.message}`, { cause: error });
    throw error;
  }
}

/** Of the network's chain in a data folder, whose configuration says with which genesis it began. */
function carriedOverFrom(root: string, network: NetworkName, wanted: number | undefined): CarriedOver {
  const { directory, genesisFile, genesisHash } = resolveConfig({ root, commandLine: { network }, configFile: undefined });
  return readCarriedOver(dataFiles(directory).chain, auditGenesisOf(networkGenesis(network, genesisFile, genesisHash)), wanted);
}

/** Never over a file that is there: it may be the one that others have agreed on. */
async function write(path: string, text: string): Promise<void> {
  try {
    await createFileDurably(path, Buffer.from(text), 0o644);
  } catch (error) {
    throw new GenesisPlanError(
      codeOf(error) === 'EEXIST'
        ? `${path} is there already, and is left as it is.`
        : `The genesis cannot be written: ${error instanceof OperationalError ? error.detail : error}`,
      { cause: error },
    );
  }
}

function summaryOf({ network, time, hash, registry, coins }: Genesis, carried: CarriedOver | undefined, leftBehind: bigint): string {
  const { members } = registry;
  const total = coins.reduce((sum, { coin }) => sum + coin.amount, 0n);
  const collaterals = members.filter(({ collateral }) => collateral !== undefined).length;
  return [
    `A genesis of ${network}, which begins ${new Date(time).toISOString()}.`,
    ...(carried === undefined ? [] : [`It carries on the chain after block ${carried.height} (${carried.blockHash}).`]),
    `${members.length} masternodes, ${registry.snapshot.totalWeight} of weight, ${collaterals} with collateral.`,
    `${coins.length - collaterals} allocations; ${formatTime(total)} TIME in all.`,
    ...(leftBehind > 0n ? [`${formatTime(leftBehind)} TIME are left behind, in balances too small for an output.`] : []),
    `Genesis hash: ${hash}`,
  ].join('\n');
}
