import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'smol-toml';
import { freePortSets } from '../../src-main/hosts/devnet/free-ports.ts';
import { dataFiles, networkDirectory } from '../../src-main/node/data-directory.ts';
import { type DevnetOptions, firstPort, genesisFile } from './devnet.ts';
import { TestNode } from './node.ts';

interface NewcomerOptions {
  /** Of the network. */
  readonly directory: string;
  /** Unlike that of any other node. */
  readonly index: number;
  /** Addresses to begin with. */
  readonly connect: readonly string[];
  /** More of its config.toml. */
  readonly settings?: DevnetOptions['settings'];
}

/** One more node of a network, with no chain yet and a wallet that holds nothing. Resolves when it runs; `stop` is for whoever asked for it. */
export async function startNewcomer({ directory, index, connect, settings = {} }: NewcomerOptions): Promise<TestNode> {
  const datadir = join(directory, `newcomer-${index}`);
  const files = dataFiles(networkDirectory(datadir, 'devnet'));
  mkdirSync(files.directory, { recursive: true, mode: 0o700 });
  const [ports = []] = await freePortSets('127.0.0.1', 1, { first: firstPort, stride: 10, width: 3 });
  const [listen, rpc, web] = ports.map((port) => `127.0.0.1:${port}`);
  writeFileSync(files.config, stringify({ listen, rpc, web, genesis_file: genesisFile(directory), connect: [...connect], ...settings }));
  const node = new TestNode(index, { pid: 0, datadir, cookieFile: files.cookie, p2p: listen ?? '', rpc: rpc ?? '', web: '' });
  await node.start();
  return node;
}
