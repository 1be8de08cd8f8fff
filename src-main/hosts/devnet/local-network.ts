import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'smol-toml';
import { encodeAddress, lockOf } from '../../../src-shared/domain/address.ts';
import { unitsPerTime } from '../../../src-shared/domain/amount.ts';
import { networks } from '../../../src-shared/domain/networks.ts';
import type { GenesisFile } from '../../core/codec/genesis-file.ts';
import { branchPath, childKey, derive, masterKey } from '../../core/wallet/derivation.ts';
import { dataFiles, networkDirectory } from '../../node/data-directory.ts';
import { writeFileDurably } from '../../node/durable-file.ts';
import { keyPairOf } from '../../node/keys/ed25519.ts';
import { loadOrCreateNodeKey } from '../../node/keys/node-key.ts';
import { createVault } from '../../node/keys/wallet-vault.ts';
import { toHex } from '../../core/crypto/hex.ts';
import type { PublicKey } from '../../../src-shared/domain/ids.ts';
import { freePorts } from './free-ports.ts';

/** Every node of a local network is on this machine, and nothing else may reach it. */
const host = '127.0.0.1';
/** Between the first ports of two nodes, so that each set is easily told apart: 24200, 24210 … */
const portStride = 10;
export const maxLocalNodes = 50;
/** Several coins, so that several payments can be under way at once. */
const coinsPerWallet = 20;
const coinUnits = 1_000n * unitsPerTime;

export interface LocalNode {
  readonly index: number;
  /** What `--datadir` takes. */
  readonly datadir: string;
  readonly p2p: string;
  readonly rpc: string;
  readonly web: string;
}
export interface LocalNetwork {
  readonly nodes: readonly LocalNode[];
}

const layoutFile = (directory: string): string => join(directory, 'local-network.json');

/**
 * A network of masternodes on this machine. Made once: keys, wallets with an empty passphrase, a genesis that makes each node a Bronze
 * masternode and funds its wallet, and a configuration, so that every node is an ordinary one that `timed --datadir DIR` starts. The
 * layout is written last, so a directory without it was not finished, and is refused rather than mixed.
 */
export async function openLocalNetwork(directory: string, count: number, nowMs: number): Promise<LocalNetwork> {
  if (existsSync(layoutFile(directory))) {
    const layout = JSON.parse(readFileSync(layoutFile(directory), 'utf8')) as LocalNetwork;
    if (layout.nodes.length !== count) throw new Error(`${directory} holds a local network of ${layout.nodes.length} nodes, not ${count}`);
    return layout;
  }
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const nodes = await chooseAddresses(directory, count);
  const masternodes: GenesisFile['masternodes'][number][] = [];
  const allocations: GenesisFile['allocations'][number][] = [];
  for (const node of nodes) {
    const files = dataFiles(networkDirectory(node.datadir, 'devnet'));
    mkdirSync(files.directory, { recursive: true, mode: 0o700 });
    const { nodeId } = await loadOrCreateNodeKey(files.nodeKey);
    const address = await createWallet(files.vault);
    masternodes.push({ nodeKey: nodeId, tier: 'bronze', ownerAddress: address, rewardAddress: address, serviceAddress: node.p2p });
    for (let coin = 0; coin < coinsPerWallet; coin++) allocations.push({ address, amount: String(coinUnits), label: `wallet ${node.index}` });
  }
  const genesis: GenesisFile = { network: 'devnet', time: nowMs, masternodes, allocations };
  const genesisFile = join(directory, 'genesis.json');
  await write(genesisFile, JSON.stringify(genesis, undefined, 2));
  for (const node of nodes) {
    const config = {
      listen: node.p2p,
      rpc: node.rpc,
      web: node.web,
      masternode: true,
      genesis_file: genesisFile,
      // Each pair is dialled from one side only: the other has no need to.
      connect: nodes.filter(({ index }) => index < node.index).map(({ p2p }) => p2p),
    };
    await write(dataFiles(networkDirectory(node.datadir, 'devnet')).config, stringify(config));
  }
  await write(layoutFile(directory), JSON.stringify({ nodes }, undefined, 2));
  return { nodes };
}

async function chooseAddresses(directory: string, count: number): Promise<LocalNode[]> {
  const { p2pPort, rpcPort, webPort } = networks.devnet;
  const preferred = Array.from({ length: count }, (_, index) => [p2pPort, rpcPort, webPort].map((port) => port + index * portStride)).flat();
  const ports = await freePorts(host, preferred);
  return Array.from({ length: count }, (_, index) => {
    const [p2p, rpc, web] = ports.slice(index * 3, index * 3 + 3).map((port) => `${host}:${port}`);
    return { index, datadir: join(directory, `node-${index}`), p2p: p2p ?? '', rpc: rpc ?? '', web: web ?? '' };
  });
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
