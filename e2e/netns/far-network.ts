import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'smol-toml';
import { openLocalNetwork } from '../../src-main/hosts/devnet/local-network.ts';
import { dataFiles, networkDirectory } from '../../src-main/node/data-directory.ts';

export interface FarNode {
  /** Where the node listens. */
  readonly host: string;
  /** Where others dial it, if that is another place. */
  readonly service?: string;
  /** More of config.toml. */
  readonly config?: Readonly<Record<string, string | boolean | number>>;
}

export const p2pPort = 24_200;

/**
 * Makes a local network's files in `directory`, and moves each node to a machine of its own: its peer-to-peer address is the one given, while its doors for
 * people stay on the loopback of that machine. Answers their data directories.
 */
export async function makeFarNetwork(directory: string, nodes: readonly FarNode[]): Promise<readonly string[]> {
  const network = await openLocalNetwork({ directory, count: nodes.length, firstPort: p2pPort, nowMs: Date.now() });
  network.release();
  const genesisFile = join(directory, 'genesis.json');
  const genesis = JSON.parse(readFileSync(genesisFile, 'utf8')) as { masternodes: { serviceAddress: string }[] };
  const serviceOf = ({ host, service = host }: FarNode): string => `${service}:${p2pPort}`;
  for (const [index, node] of nodes.entries()) genesis.masternodes[index]!.serviceAddress = serviceOf(node);
  writeFileSync(genesisFile, JSON.stringify(genesis));
  return network.nodes.map(({ datadir, index }) => {
    const file = dataFiles(networkDirectory(datadir, 'devnet')).config;
    const { host, config = {} } = nodes[index]!;
    const connect = nodes.slice(0, index).map(serviceOf);
    writeFileSync(file, stringify({ ...parse(readFileSync(file, 'utf8')), listen: `${host}:${p2pPort}`, connect, ...config }));
    return datadir;
  });
}
