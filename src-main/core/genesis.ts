import { type Hash, type NodeId, zeroHash } from '../../src-shared/domain/ids.ts';
import type { NetworkName } from '../../src-shared/domain/networks.ts';
import { type BlockHeader, type HashedBlock, hashBlock } from './codec/block.ts';
import { encodeSetElement } from './codec/coin.ts';
import { type GenesisContents, hashGenesis } from './codec/genesis.ts';
import type { HashedTransaction, TransactionOutput } from './codec/transaction.ts';
import { blockVersion } from './constants.ts';
import { deltaOf, emptyMuHash, encodeMuHash, finalizeMuHash } from './crypto/muhash.ts';
import { transactionsRootOf } from './ledger/check-block.ts';
import type { PlacedCoin } from './ledger/coin-view.ts';
import { makeCoinbase } from './ledger/reward.ts';
import { Registry } from './masternodes/registry.ts';
import { encodeRegistryState } from './masternodes/registry-state.ts';
import type { ApplyBlock } from './store-operation.ts';
import { tiers } from './tiers.ts';

/** Where a network begins: all of it follows from the genesis file (protocol section 12). */
export interface Genesis {
  readonly hash: Hash;
  readonly network: NetworkName;
  /** Milliseconds since 1970: the beginning of slot 0. */
  readonly time: number;
  /** Block 0. Nobody proposed or decided it; its one transaction makes the coins. */
  readonly block: HashedBlock;
  /** Of height 0, and not marked as coinbase: they may be spent at once. In the order of the outputs. */
  readonly coins: readonly PlacedCoin[];
  /** The encoded MuHash of the coins, whose hash is in the header. */
  readonly setHashState: Uint8Array;
  readonly registry: Registry;
}

/**
 * Of the files in assets/genesis (protocol section 12): a node that has another one refuses to start, rather than find itself alone. A devnet makes
 * its own.
 */
export const builtInGenesisHash: Record<Exclude<NetworkName, 'devnet'>, Hash> = {
  mainnet: 'a9b74d6887da014bb1461baacc561ed315ed1ae3c6d663f02cc8749a397b5110' as Hash,
  testnet: '45a20d70cd7c846b8a10345a42200dc82502ab757d27a7ee29caa1f17cfcd449' as Hash,
};

export function createGenesis(contents: GenesisContents): Genesis {
  const { network, time, masternodes, allocations } = contents;
  const outputs: TransactionOutput[] = [];
  const collateralVouts = masternodes.map(({ tier, ownerLock }) => {
    const { collateralUnits } = tiers[tier];
    return collateralUnits === 0n ? undefined : outputs.push({ amount: collateralUnits, lock: ownerLock }) - 1;
  });
  for (const { amount, lock } of allocations) outputs.push({ amount, lock });

  const transaction = makeCoinbase(0, time, outputs);
  const members = masternodes.map(({ nodeKey, tier, ownerLock, rewardLock, serviceAddress }, index) => {
    const vout = collateralVouts[index];
    const collateral = vout === undefined ? undefined : { txid: transaction.txid, vout };
    return { nodeId: nodeKey, tier, collateral, ownerLock, rewardLock, serviceAddress };
  });
  const registry = Registry.fromGenesis(members);
  const coins = outputs.map(({ amount, lock }, vout): PlacedCoin => {
    return { outpoint: { txid: transaction.txid, vout }, coin: { amount, lock, height: 0, coinbase: false } };
  });
  const set =
    coins.length === 0
      ? emptyMuHash
      : deltaOf(
          coins.map(({ outpoint, coin }) => encodeSetElement(outpoint, coin)),
          [],
        );
  const header = headerOf({ time, transaction, registry, utxoSetHash: finalizeMuHash(set) });
  return {
    hash: hashGenesis(contents),
    network,
    time,
    block: hashBlock(header, undefined, [transaction]),
    coins,
    setHashState: encodeMuHash(set),
    registry,
  };
}

/** What stores block 0 in an empty store. */
export function genesisOperation({ block, coins, setHashState, registry }: Genesis, decidedAtMs: number): ApplyBlock {
  const { header, hash, encoded, transactions } = block;
  return {
    kind: 'apply-block',
    height: 0,
    hash,
    time: header.time,
    round: 0,
    proposer: header.proposer,
    encoded,
    certificate: undefined,
    undo: new Uint8Array(),
    registryBefore: undefined,
    added: coins,
    removed: [],
    setHashState,
    registry: encodeRegistryState(registry),
    epoch: 0,
    closesEpoch: false,
    utxoSetHash: header.utxoSetHash,
    transactions: transactions.map(({ txid, transaction }) => ({ txid, locks: [...new Set(transaction.outputs.map(({ lock }) => lock))] })),
    decidedAtMs,
    clearsConsensusThrough: 0,
  };
}

/** No parent, no proposer, no snapshot that decides it: zeros. */
function headerOf(of: { time: number; transaction: HashedTransaction; registry: Registry; utxoSetHash: Hash }): BlockHeader {
  return {
    version: blockVersion,
    height: 0,
    previousHash: zeroHash as BlockHeader['previousHash'],
    time: of.time,
    round: 0,
    proposer: zeroHash as NodeId,
    closesEpoch: false,
    transactionsRoot: transactionsRootOf([of.transaction]),
    utxoSetHash: of.utxoSetHash,
    registryHash: of.registry.hash,
    snapshotHash: zeroHash as Hash,
    previousCertificateHash: zeroHash as Hash,
  };
}
