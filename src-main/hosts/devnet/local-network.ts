import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'smol-toml';
import { encodeAddress, lockOf } from '../../../src-shared/domain/address.ts';
import { unitsPerTime } from '../../../src-shared/domain/amount.ts';
import type { PublicKey } from '../../../src-shared/domain/ids.ts';
import type { GenesisFile } from '../../core/codec/genesis-file.ts';
import { toHex } from '../../core/crypto/hex.ts';
import { branchPath, childKey, derive, masterKey } from '../../core/wallet/derivation.ts';
import { dataFiles, networkDirectory, openDataDirectory } from '../../node/data-directory.ts';
import { writeFileDurably } from '../../node/durable-file.ts';
import { keyPairOf } from '../../node/keys/ed25519.ts';
import { loadOrCreateNodeKey } from '../../node/keys/node-key.ts';
import { createVault } from '../../node/keys/wallet-vault.ts';
import { genesisText } from '../genesis/make-genesis.ts';
import { freePortSets } from './free-ports.ts';

/** Every node of a local network is on this machine, and nothing else may reach it. */
const host = '127.0.0.1';
/** P2P, RPC and web of each node, so that each set is easily told apart: 24200 to 24202, 24210 to 24212 … */
const portStride = 10;
const portsPerNode = 3;
/** Each is a process with a dozen threads. */
export const maxLocalNodes = 50;
/** Several coins, so that several payments can be under way at once. */
const coinsPerWallet = 20;
const coinUnits = 1_000n * unitsPerTime;

export interface LocalNode {
  readonly index: number;
  /** What `--datadir` takes. */
  readonly datadir: string;
}

/** This process holds it: no other one starts its nodes until it is released, or until this process ends, however it ends. */
export interface LocalNetwork {
  readonly nodes: readonly LocalNode[];
  release(): void;
}

export interface LocalNetworkOptions {
  readonly directory: string;
  /** How many nodes; of a network that is there, it must be as many. */
  readonly count: number;
  /** Where a new network looks for free ports. */
  readonly firstPort: number;
  /** Milliseconds since 1970: when a new network begins. */
  readonly nowMs: number;
}

/** The directory cannot be used as it is; `message` says what to do. */
export class LocalNetworkError extends Error {
  override readonly name = 'LocalNetworkError';
}

/**
 * A network of masternodes on this machine. Made once: keys, wallets with an empty passphrase, a genesis that makes each node a Bronze
 * masternode and funds its wallet, and a configuration, so that every node is an ordinary one that `timed --datadir DIR --network devnet`
 * starts. Rejects with LocalNetworkError, or with OperationalError if another process holds the directory.
 */
export async function openLocalNetwork(options: LocalNetworkOptions): Promise<LocalNetwork> {
  const { directory, count } = options;
  const lock = openDataDirectory(directory, process.pid);
  try {
    const nodes = Array.from({ length: count }, (_, index) => ({ index, datadir: join(directory, `node-${index}`) }));
    const there = readLayout(directory);
    if (there === undefined) await create(options, nodes);
    else if (there !== count)
      throw new LocalNetworkError(`${directory} holds a local network of ${there} nodes, not of ${count}: choose another directory, or ${there} nodes.`);
    return { nodes, release: () => lock.release() };
  } catch (error) {
    lock.release();
    throw error;
  }
}

const layoutFile = (directory: string): string => join(directory, 'local-network.json');

/** The number of nodes; undefined where no network was finished: the layout is written last. */
function readLayout(directory: string): number | undefined {
  const file = layoutFile(directory);
  if (!existsSync(file)) return undefined;
  try {
    const { nodes } = JSON.parse(readFileSync(file, 'utf8')) as { readonly nodes?: unknown };
    if (Number.isInteger(nodes)) return nodes as number;
  } catch {
    // Said below, for every kind of damage.
  }
  throw new LocalNetworkError(`${file} is damaged: remove ${directory} to begin a new local network.`);
}

async function create({ directory, firstPort, nowMs }: LocalNetworkOptions, nodes: readonly LocalNode[]): Promise<void> {
  removeUnfinished(directory);
  const portSets = await freePortSets(host, nodes.length, { first: firstPort, stride: portStride, width: portsPerNode });
  const addresses = portSets.map((ports) => ports.map((port) => `${host}:${port}`));
  const addressOf = (node: LocalNode, door: 0 | 1 | 2): string => addresses[node.index]?.[door] ?? '';
  const members = await Promise.all(nodes.map((node) => createKeys(node)));
  const genesis: GenesisFile = {
    network: 'devnet',
    time: nowMs,
    masternodes: nodes.map((node, index) => {
      const { nodeId = '', address = '' } = members[index] ?? {};
      return { nodeKey: nodeId, tier: 'bronze', ownerAddress: address, rewardAddress: address, serviceAddress: addressOf(node, 0) };
    }),
    allocations: members.flatMap(({ address }, index) =>
      Array.from({ length: coinsPerWallet }, () => ({ address, amount: String(coinUnits), label: `wallet ${index}` })),
    ),
  };
  const genesisFile = join(directory, 'genesis.json');
  await write(genesisFile, genesisText(genesis));
  for (const node of nodes) {
    const config = {
      listen: addressOf(node, 0),
      rpc: addressOf(node, 1),
      web: addressOf(node, 2),
      masternode: true,
      genesis_file: genesisFile,
      // Each pair is dialled from one side only: the other has no need to.
      connect: nodes.slice(0, node.index).map((earlier) => addressOf(earlier, 0)),
    };
    await write(dataFiles(networkDirectory(node.datadir, 'devnet')).config, stringify(config));
  }
  await write(layoutFile(directory), JSON.stringify({ nodes: nodes.length }));
}

/** What a start that was interrupted left. A node that has run has a chain, and is never removed. */
function removeUnfinished(directory: string): void {
  const names = readdirSync(directory).filter((name) => /^node-\d+$/.test(name));
  for (const name of names) {
    if (existsSync(dataFiles(networkDirectory(join(directory, name), 'devnet')).chain))
      throw new LocalNetworkError(
        `${directory} holds nodes of a local network, but ${layoutFile(directory)} is missing: restore it, or choose another directory.`,
      );
  }
  for (const name of names) rmSync(join(directory, name), { recursive: true });
}

async function createKeys(node: LocalNode): Promise<{ readonly nodeId: string; readonly address: string }> {
  const files = dataFiles(networkDirectory(node.datadir, 'devnet'));
  mkdirSync(files.directory, { recursive: true, mode: 0o700 });
  const { nodeId } = await loadOrCreateNodeKey(files.nodeKey);
  return { nodeId, address: await createWallet(files.vault) };
}

/** Answers the wallet's first receiving address. */
async function createWallet(vaultFile: string): Promise<string> {
  const vault = await createVault(vaultFile, { entropy: randomBytes(16), passphrase: '' });
  const { seed } = await vault.unlock('');
  const key = childKey(derive(masterKey(seed), branchPath(0, 'receive')), 0);
  vault.lock();
  return encodeAddress(lockOf(toHex(keyPairOf(key.key).publicKey) as PublicKey), 'devnet');
}

const write = (file: string, text: string): Promise<void> => writeFileDurably(file, Buffer.from(text), 0o600);
