import { lockOf, parseAddress } from '../../src-shared/domain/address.ts';
import { formatTime } from '../../src-shared/domain/amount.ts';
import { type Hash, type Lock, type NodeId, type Outpoint, outpointKey, type Txid } from '../../src-shared/domain/ids.ts';
import type { NetworkName } from '../../src-shared/domain/networks.ts';
import type { RegistryMember } from '../core/codec/registry.ts';
import { isServiceAddress } from '../core/codec/service-address.ts';
import { signersOf } from '../core/masternodes/check-masternode.ts';
import type { Tier } from '../core/snapshot.ts';
import { tiers } from '../core/tiers.ts';
import { makeRevive, type SigningKey } from '../core/wallet/builder.ts';
import { CodedError } from './coded-error.ts';
import type { SubmitResult } from './pending-requests.ts';
import { rejectionError } from './rejection-error.ts';
import type { EngineView } from './views.ts';
import type { ListedCoin, WalletService } from './wallet/wallet-service.ts';
import type { OwnerShape } from './wallet/wallet-spender.ts';

export interface MasternodeServiceOptions {
  readonly network: NetworkName;
  readonly genesisHash: Hash;
  /** This node's. */
  readonly nodeKey: SigningKey;
  readonly views: Pick<EngineView, 'registry'>;
  readonly submit: (encoded: Uint8Array) => Promise<SubmitResult>;
  readonly nowMs: () => number;
}

type OwnersWallet = Pick<WalletService, 'listCoins' | 'newAddress' | 'sendAsOwner' | 'estimateAsOwner'>;

export interface Registration {
  readonly tier: Tier;
  /** None for Free. */
  readonly collateral: Outpoint | undefined;
  readonly serviceAddress: string;
  /** Undefined: a new address of the wallet. */
  readonly rewardLock: Lock | undefined;
  readonly passphrase: string;
  /** Units; undefined: whatever it costs. */
  readonly maxFee: bigint | undefined;
}
export interface Registered {
  readonly txid: Txid;
  readonly ownerLock: Lock;
  readonly rewardLock: Lock;
}
export interface MasternodeUpdate {
  readonly nodeId: NodeId;
  /** Undefined: as it is. */
  readonly serviceAddress: string | undefined;
  readonly rewardLock: Lock | undefined;
  readonly passphrase: string;
  readonly maxFee: bigint | undefined;
}
export interface MasternodeExit {
  readonly nodeId: NodeId;
  readonly passphrase: string;
  readonly maxFee: bigint | undefined;
}

const tierName: Record<Tier, string> = { free: 'Free', bronze: 'Bronze', silver: 'Silver', gold: 'Gold' };

/** The transactions by which people make this node a masternode, change what is said of one, and end it. Throws CodedError for what a person can do about. */
export class MasternodeService {
  readonly #options: MasternodeServiceOptions;

  constructor(options: MasternodeServiceOptions) {
    this.#options = options;
  }

  get #self(): NodeId {
    return this.#options.nodeKey.publicKey as string as NodeId;
  }

  /** Resolves once the node has taken it; a member it is from the next epoch on. */
  async register(wallet: OwnersWallet, registration: Registration): Promise<Registered> {
    const { tier, rewardLock, passphrase, maxFee } = registration;
    const coin = await this.#checked(wallet, registration);
    const reward = rewardLock ?? (await this.#newLock(wallet, `rewards of ${tierName[tier]}`));
    const owner = coin?.coin.lock ?? (await this.#newLock(wallet, `owner of ${tierName[tier]}`));
    const shape = this.#registrationShape(registration, coin, owner, reward);
    const txid = await wallet.sendAsOwner({ ...shape, owner, passphrase, maxFee });
    return { txid, ownerLock: owner, rewardLock: reward };
  }

  /** What it would cost now, in units; refused as `register` would be. */
  async registrationFee(wallet: OwnersWallet, registration: Pick<Registration, 'tier' | 'collateral' | 'serviceAddress'>): Promise<bigint> {
    const coin = await this.#checked(wallet, registration);
    // New addresses are made for the registration itself; all are of one length.
    const anybody = coin?.coin.lock ?? lockOf(this.#options.nodeKey.publicKey);
    return wallet.estimateAsOwner(this.#registrationShape(registration, coin, anybody, anybody));
  }

  async update(wallet: OwnersWallet, { passphrase, maxFee, ...update }: MasternodeUpdate): Promise<Txid> {
    return wallet.sendAsOwner({ ...this.#updateShape(update), owner: this.#member(update.nodeId).ownerLock, passphrase, maxFee });
  }
  /** Units. */
  async updateFee(wallet: OwnersWallet, update: Pick<MasternodeUpdate, 'nodeId' | 'serviceAddress' | 'rewardLock'>): Promise<bigint> {
    return wallet.estimateAsOwner(this.#updateShape(update));
  }

  /** It counts until the epoch ends. Its collateral comes back less the fee, to the same address. */
  async exit(wallet: OwnersWallet, { nodeId, passphrase, maxFee }: MasternodeExit): Promise<Txid> {
    return wallet.sendAsOwner({ ...this.#exitShape(nodeId), owner: this.#member(nodeId).ownerLock, passphrase, maxFee });
  }
  /** Units. */
  async exitFee(wallet: OwnersWallet, nodeId: NodeId): Promise<bigint> {
    return wallet.estimateAsOwner(this.#exitShape(nodeId));
  }

  /** This node's own, by its node key. */
  async revive(): Promise<Txid> {
    const { genesisHash, nodeKey, nowMs, submit, views } = this.#options;
    const { status } = this.#member(this.#self);
    if (status !== 'inactive') throw rejectionError({ code: 'not-inactive', detail: `it is ${status}` });
    const result = await submit(makeRevive(this.#self, views.registry().progress.epoch, nowMs(), genesisHash, nodeKey).encoded);
    if ('code' in result) throw rejectionError(result);
    return result.txid;
  }

  /** The coin that is to be the collateral, if the tier takes one. */
  async #checked(wallet: OwnersWallet, { tier, collateral, serviceAddress }: Pick<Registration, 'tier' | 'collateral' | 'serviceAddress'>) {
    if (this.#options.views.registry().member(this.#self) !== undefined) throw rejectionError({ code: 'already-registered', detail: `node key ${this.#self}` });
    checkServiceAddress(serviceAddress);
    return collateralOf(tier, collateral, await wallet.listCoins());
  }

  #registrationShape(
    { tier, serviceAddress }: Pick<Registration, 'tier' | 'serviceAddress'>,
    coin: ListedCoin | undefined,
    ownerLock: Lock,
    rewardLock: Lock,
  ): OwnerShape {
    const collateral = coin?.coin.outpoint;
    const payload = { kind: 'masternode-register', nodeId: this.#self, tier, collateral, ownerLock, rewardLock, serviceAddress } as const;
    return { payload, signers: signersOf(payload, this.#options.views.registry()), releases: undefined };
  }

  #updateShape({ nodeId, serviceAddress, rewardLock }: Pick<MasternodeUpdate, 'nodeId' | 'serviceAddress' | 'rewardLock'>): OwnerShape {
    const member = this.#member(nodeId);
    if (serviceAddress !== undefined) checkServiceAddress(serviceAddress);
    const payload = {
      kind: 'masternode-update',
      nodeId,
      rewardLock: rewardLock ?? member.rewardLock,
      serviceAddress: serviceAddress ?? member.serviceAddress,
    } as const;
    return { payload, signers: [member.ownerLock], releases: undefined };
  }

  #exitShape(nodeId: NodeId): OwnerShape {
    const { ownerLock, collateral } = this.#member(nodeId);
    return { payload: { kind: 'masternode-exit', nodeId }, signers: [ownerLock], releases: collateral && outpointKey(collateral) };
  }

  #member(nodeId: NodeId): RegistryMember {
    const member = this.#options.views.registry().member(nodeId);
    if (member === undefined) throw rejectionError({ code: 'not-registered', detail: `node key ${nodeId}` });
    return member;
  }

  async #newLock(wallet: OwnersWallet, label: string): Promise<Lock> {
    const parsed = parseAddress(await wallet.newAddress(label), this.#options.network);
    if (!parsed.ok) throw new Error(`the wallet made an address of another network: ${parsed.error}`);
    return parsed.lock;
  }
}

function checkServiceAddress(serviceAddress: string): void {
  if (!isServiceAddress(serviceAddress))
    throw new CodedError(
      'invalid-parameter',
      `"${serviceAddress}" is no address of a masternode: it is host:port, or empty for one that says nothing of where it is.`,
    );
}

/** The coin that the tier needs, of those of the wallet. Nothing is chosen or made for a person here: it is locked until the exit. */
function collateralOf(tier: Tier, named: Outpoint | undefined, coins: readonly ListedCoin[]): ListedCoin | undefined {
  const { collateralUnits } = tiers[tier];
  const amount = formatTime(collateralUnits);
  if (collateralUnits === 0n) {
    if (named !== undefined) throw new CodedError('invalid-parameter', 'Free names no collateral.');
    return undefined;
  }
  const exact = coins.filter(({ coin }) => coin.amount === collateralUnits);
  const fitting = exact.filter(isReady).map(({ coin }) => outpointKey(coin.outpoint));
  if (named === undefined) {
    if (fitting.length > 0)
      throw new CodedError('invalid-parameter', `Name the coin that is to be the collateral. These fit: ${fitting.join(', ')}.`, {
        fitting: fitting.join(','),
      });
    const coming = exact.some(({ category }) => category === 'pending' || category === 'spendable');
    throw new CodedError(
      'invalid-parameter',
      coming
        ? `A coin of ${amount} TIME is on its way: it can be named once it is in a block.`
        : `${tierName[tier]} needs a coin of exactly ${amount} TIME, and this wallet has none that may be spent. Make one: getnewaddress, then sendtoaddress ADDRESS ${amount}, and name it once it is in a block.`,
      { amount },
    );
  }
  const key = outpointKey(named);
  const found = coins.find(({ coin }) => outpointKey(coin.outpoint) === key);
  if (found === undefined) throw new CodedError('not-found', `This wallet has no coin ${key}.`);
  if (found.coin.amount !== collateralUnits)
    throw new CodedError('invalid-parameter', `${key} holds ${formatTime(found.coin.amount)} TIME, and ${tierName[tier]} needs exactly ${amount}.`, { amount });
  if (!isReady(found)) throw new CodedError('invalid-parameter', `${key} cannot be spent now: ${whyNot[found.category]}.`);
  return found;
}

const isReady = ({ coin, category }: ListedCoin): boolean => category === 'spendable' && coin.parent.kind === 'in-block';
const whyNot: Record<ListedCoin['category'], string> = {
  spendable: 'it is not in a block yet',
  pending: 'it is not final yet',
  locked: 'it is the collateral of a masternode already',
  immature: 'it is a reward that is too young',
  spending: 'a payment under way spends it',
};
