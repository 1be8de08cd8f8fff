import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { parse } from 'smol-toml';
import type { GenesisFile } from '../../src-main/core/codec/genesis-file.ts';
import { tiers } from '../../src-main/core/tiers.ts';
import { dataFiles, networkDirectory } from '../../src-main/node/data-directory.ts';
import type { Response } from '../../src-shared/api/contract.ts';
import { formatTime, parseTime, unitsPerTime } from '../../src-shared/domain/amount.ts';
import type { TestNode } from './node.ts';
import { until } from './processes.ts';

/** Protocol section 12, of the devnet. */
export const slotMs = 10_000;
const rewardUnits = 100n * unitsPerTime;

export type BlockchainInfo = Response<'getblockchaininfo'>;
export type TransactionInfo = Response<'gettransaction'>;

/** In time for a block that is due, and for one that its first proposer does not make. */
export const blockMs = slotMs + 5_000;

/** A payment that is final can never be otherwise; a block may have it too. */
export const isFinal = (info: TransactionInfo | undefined): boolean => info?.state === 'final' || info?.state === 'confirmed';

export async function atHeight(nodes: readonly TestNode[], height: number, timeoutMs: number): Promise<void> {
  await until(`every node has block ${height}`, timeoutMs, async () => {
    const infos = await Promise.all(nodes.map((node) => node.call('getblockchaininfo')));
    return infos.every((info) => info.blocks >= height);
  });
}

/** The block that takes what is sent now, one that is late, and two whole slots in which it can be looked at. */
const roomBlocks = 4;

/** Waits until an epoch has so many blocks to go that what is registered now is in a block, and waits for the next epoch to be seen waiting. */
export const roomInEpoch = (node: TestNode): Promise<unknown> =>
  until('the epoch has blocks to go', (roomBlocks + 1) * blockMs, async () => (await node.call('getparticipation')).blocksleft >= roomBlocks);

/** One chain: waits until all are at one height, at least `height`, and answers what they say of it, which is the same. */
export async function agreement(nodes: readonly TestNode[], height: number, timeoutMs: number): Promise<BlockchainInfo> {
  const infos = await until(`every node is at one height, ${height} or more`, timeoutMs, async () => {
    const read = await Promise.all(nodes.map((node) => node.call('getblockchaininfo')));
    return read.every((info) => info.blocks === read[0]?.blocks && info.blocks >= height) && read;
  });
  const said = infos.map(({ bestblockhash, utxosethash }) => ({ bestblockhash, utxosethash }));
  expect(said).toEqual(infos.map(() => said[0]));
  return infos[0]!;
}

/** Every coin of every node, counted and hashed anew from its table: exactly what was issued, and what the tip's header says. */
export async function expectExactSupply(nodes: readonly TestNode[], timeoutMs: number): Promise<void> {
  const audits = await until('every node counts its coins at one height', timeoutMs, async () => {
    const read = await Promise.all(nodes.map((node) => node.call('gettxoutsetinfo')));
    return read.every((audit) => audit.height === read[0]?.height) && read;
  });
  const [first] = audits;
  expect(audits).toEqual(audits.map(() => first));
  const headers = await headersThrough(nodes[0]!, first!.height);
  expect(first!.muhash).toBe(headers.at(-1)?.utxosethash);
  const issued = genesisUnits(nodes[0]!) + rewardUnits * slotBlocks(headers);
  expect(first!.total_amount).toBe(formatTime(issued));
}

/** Collaterals and allocations of the file that the node was started with. */
function genesisUnits({ addresses }: TestNode): bigint {
  const { genesis_file: file } = parse(readFileSync(dataFiles(networkDirectory(addresses.datadir, 'devnet')).config, 'utf8')) as {
    readonly genesis_file: string;
  };
  const { masternodes, allocations } = JSON.parse(readFileSync(file, 'utf8')) as GenesisFile;
  const all = [...masternodes.map(({ tier }) => tiers[tier].collateralUnits), ...allocations.map(({ amount }) => BigInt(amount))];
  return all.reduce((sum, amount) => sum + amount, 0n);
}

export type Header = Exclude<Response<'getblock'>, string>;

export async function headersThrough(node: TestNode, height: number): Promise<Header[]> {
  const hashes = await node.batch(
    'getblockhash',
    Array.from({ length: height + 1 }, (_, at) => ({ height: at })),
  );
  const blocks = await node.batch(
    'getblock',
    hashes.map((blockhash) => ({ blockhash: blockhash! })),
  );
  return blocks as Header[];
}

/** Those that are the first of their slot (protocol section 7). */
function slotBlocks(headers: readonly Header[]): bigint {
  const genesisTime = headers[0]!.time;
  const slots = new Set(headers.slice(1).map(({ time }) => Math.floor((time - genesisTime) / slotMs)));
  return BigInt(slots.size);
}

/** How many alarms of two contradicting votes a node has counted. */
export const evidenceSeen = (node: TestNode): Promise<number> => node.metric('time_events_total', '{kind="evidence"}');

export const units = (text: string): bigint => {
  const parsed = parseTime(text);
  if (parsed === undefined) throw new Error(`"${text}" is no amount`);
  return parsed;
};
