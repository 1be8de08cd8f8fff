import { readFileSync } from 'node:fs';
import mainnetFile from '../../assets/genesis/mainnet.json' with { type: 'json' };
import testnetFile from '../../assets/genesis/testnet.json' with { type: 'json' };
import type { Hash } from '../../src-shared/domain/ids.ts';
import type { NetworkName } from '../../src-shared/domain/networks.ts';
import { checkGenesisFile, type GenesisFileError, type ReadGenesis, readGenesisFile } from '../core/codec/genesis-file.ts';
import { createGenesis, type Genesis } from '../core/genesis.ts';

/** Pinned, so that a file changed by mistake or by somebody else refuses to start instead of being another network (protocol section 12). */
const builtIn: Readonly<Partial<Record<NetworkName, { readonly file: unknown; readonly hash: Hash }>>> = {
  mainnet: { file: mainnetFile, hash: 'a9b74d6887da014bb1461baacc561ed315ed1ae3c6d663f02cc8749a397b5110' as Hash },
  testnet: { file: testnetFile, hash: '45a20d70cd7c846b8a10345a42200dc82502ab757d27a7ee29caa1f17cfcd449' as Hash },
};

/** The network cannot be told from what there is; `message` says what to do. */
export class GenesisError extends Error {
  override readonly name = 'GenesisError';
}

/**
 * The built-in genesis of a network, or that of a file (`genesis_file`), which must have the hash that the operators agreed on where one is given
 * (`genesis_hash`). Throws GenesisError.
 */
export function networkGenesis(network: NetworkName, genesisFile: string | undefined, pinned?: Hash): Genesis {
  const genesis = genesisFile === undefined ? builtInGenesis(network) : genesisOfFile(network, genesisFile);
  if (pinned !== undefined && genesis.hash !== pinned)
    throw new GenesisError(
      `${genesisFile ?? `The built-in genesis of ${network}`} hashes to ${genesis.hash}, and genesis_hash is ${pinned}: get the file that was agreed on, or correct the setting.`,
    );
  return genesis;
}

function builtInGenesis(network: NetworkName): Genesis {
  const pinned = builtIn[network];
  if (pinned === undefined)
    throw new GenesisError(`${network} has no genesis of its own: name one with genesis_file, or start a local network with "npm run devnet".`);
  const genesis = genesisOf(checkGenesisFile(pinned.file), `the built-in genesis of ${network}`);
  if (genesis.hash !== pinned.hash)
    throw new GenesisError(`The built-in genesis of ${network} hashes to ${genesis.hash}, and not to ${pinned.hash}: install this release again.`);
  return genesis;
}

function genesisOfFile(network: NetworkName, path: string): Genesis {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new GenesisError(`genesis_file ${path} cannot be read: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
  const genesis = genesisOf(readGenesisFile(text), path);
  if (genesis.network !== network) throw new GenesisError(`${path} is a genesis of ${genesis.network}, and this node is to join ${network}.`);
  return genesis;
}

function genesisOf(read: ReadGenesis, name: string): Genesis {
  if (!read.ok) throw new GenesisError(`${name}: ${wordsOfGenesisFileError(read.error)}`);
  return createGenesis(read.contents);
}

/** Code, place and detail. */
export const wordsOfGenesisFileError = ({ code, path, detail }: GenesisFileError): string => [code, path, detail].filter((part) => part !== '').join(': ');
