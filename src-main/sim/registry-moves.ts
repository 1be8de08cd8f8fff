import { lockOf } from '../../src-shared/domain/address.ts';
import { type NodeId, type Outpoint, type OutpointKey, outpointKey } from '../../src-shared/domain/ids.ts';
import { encodeMasternodePayload, type MasternodePayload } from '../core/codec/masternode-payload.ts';
import { type HashedTransaction, hashTransaction, transactionBytes } from '../core/codec/transaction.ts';
import { requiredFee } from '../core/ledger/fee.ts';
import { tiers as tierRules } from '../core/tiers.ts';
import { buildMasternode, type SigningKey, signTransaction } from '../core/wallet/builder.ts';
import { signWith } from '../node/keys/ed25519.ts';
import { holds } from './broken-invariant.ts';
import type { DiskTables } from './disk-tables.ts';
import type { OwnedCoin, SimGenesis, SimKey, SimOwner } from './sim-genesis.ts';
import type { TransactionLog } from './transaction-log.ts';

const signingKey = ({ publicKey, pair }: SimKey): SigningKey => ({ publicKey, sign: (message) => signWith(pair.secretKey64, message) });

/** One owner's purse: signs masternode transactions, right ones and wrong ones, and knows the coins that come of them. */
export class OwnersPurse {
  readonly owner: SimKey;
  readonly #genesis: SimGenesis;
  readonly #log: TransactionLog;
  /** All that ever were; which of them are there is the chain's to say. */
  readonly #coins: OwnedCoin[];

  constructor({ key, collaterals, feeCoins }: SimOwner, genesis: SimGenesis, log: TransactionLog) {
    this.owner = key;
    this.#genesis = genesis;
    this.#log = log;
    this.#coins = [...collaterals, ...feeCoins];
  }

  /** Those of exactly this amount that are in the table, in the order in which they came to be. */
  coinsOf(units: bigint, tables: DiskTables): { readonly key: OutpointKey; readonly coin: OwnedCoin }[] {
    return this.#coins.flatMap((coin) => {
      const key = outpointKey(coin.outpoint);
      return coin.amount === units && tables.coin(key) !== undefined ? [{ key, coin }] : [];
    });
  }
  /** Those in the table that are no collateral of any tier. */
  feeCoins(tables: DiskTables): OwnedCoin[] {
    return this.#coins.filter(({ amount, outpoint }) => amount < tierRules.bronze.collateralUnits && tables.coin(outpointKey(outpoint)) !== undefined);
  }
  coinAt({ txid, vout }: Outpoint, tables: DiskTables): OwnedCoin | undefined {
    const coin = this.#coins.find(({ outpoint }) => outpoint.txid === txid && outpoint.vout === vout);
    return coin !== undefined && tables.coin(outpointKey(coin.outpoint)) !== undefined ? coin : undefined;
  }

  /**
   * Pays the fee with `fee`; what `releases` holds comes back as it was. `signers`: beside the owner, who signs as the one that pays whatever the payload says.
   */
  sign(
    payload: MasternodePayload,
    { fee, releases, signers }: { readonly fee: OwnedCoin; readonly releases?: OwnedCoin | undefined; readonly signers: readonly SimKey[] },
    timeMs: number,
  ): HashedTransaction {
    const coins = releases === undefined ? [fee] : [releases, fee];
    const payloadBytes = encodeMasternodePayload(payload).length;
    const size = transactionBytes({ inputs: coins.length, outputs: coins.length, payloadBytes, witnesses: 1 + signers.length });
    const outputs = [
      ...(releases === undefined ? [] : [{ amount: releases.amount, lock: this.owner.lock }]),
      { amount: fee.amount - requiredFee(size, 0n), lock: this.owner.lock },
    ];
    const unsigned = buildMasternode(payload, { coins, outputs } as never, timeMs);
    const keys = new Map([this.owner, ...signers].map((key) => [key.lock, signingKey(key)]));
    const locks = coins.map(() => this.owner.lock);
    const { transaction, missing } = signTransaction(unsigned, locks, this.#genesis.genesis.hash, (lock) => keys.get(lock), [...keys.keys()]);
    holds(missing.length === 0, () => 'a purse has the keys that it signs with');
    const hashed = hashTransaction(transaction);
    this.#log.add(hashed);
    for (const [vout, { amount }] of outputs.entries()) this.#coins.push({ outpoint: { txid: hashed.txid, vout }, amount, owner: this.owner });
    return hashed;
  }
}

export interface Registrable {
  readonly key: SimKey;
  readonly serviceAddress: string;
}
export const nodeIdOf = ({ publicKey }: SimKey): NodeId => publicKey as string as NodeId;

export const registration = (
  node: Registrable,
  owner: SimKey,
  of: { readonly tier: 'free' } | { readonly tier: 'bronze' | 'silver' | 'gold'; readonly collateral: Outpoint },
): MasternodePayload => ({
  kind: 'masternode-register',
  nodeId: nodeIdOf(node.key),
  tier: of.tier,
  collateral: of.tier === 'free' ? undefined : of.collateral,
  ownerLock: owner.lock,
  rewardLock: lockOf(owner.publicKey),
  serviceAddress: node.serviceAddress,
});
