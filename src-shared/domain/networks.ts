/** The three networks and what differs between them (protocol section 12). Core's `params.ts` adds what only the node computes with. */
export type NetworkName = 'mainnet' | 'testnet' | 'devnet';

export interface Network {
  readonly name: NetworkName;
  /** The byte that says the network on the wire. */
  readonly id: number;
  /** The digit after "TIME" in an address. */
  readonly addressDigit: '0' | '1' | '2';
  readonly p2pPort: number;
  readonly rpcPort: number;
  readonly webPort: number;
  /** Where a node that knows nobody finds its first peers. */
  readonly seeds: {
    /** host:port */
    readonly bootstrap: readonly string[];
    /** Host names whose addresses are peers. */
    readonly dns: readonly string[];
    /** Of lists of peers. */
    readonly urls: readonly string[];
  };
}

/** None are known: mainnet and testnet have not launched, and a devnet is one's own. */
const noSeeds: Network['seeds'] = { bootstrap: [], dns: [], urls: [] };

export const networks: Record<NetworkName, Network> = {
  mainnet: { name: 'mainnet', id: 1, addressDigit: '1', p2pPort: 24_000, rpcPort: 24_001, webPort: 24_002, seeds: noSeeds },
  testnet: { name: 'testnet', id: 0, addressDigit: '0', p2pPort: 24_100, rpcPort: 24_101, webPort: 24_102, seeds: noSeeds },
  devnet: { name: 'devnet', id: 2, addressDigit: '2', p2pPort: 24_200, rpcPort: 24_201, webPort: 24_202, seeds: noSeeds },
};
