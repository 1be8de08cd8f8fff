import type { Response } from '../../../src-shared/api/contract.ts';
import { encodeAddress } from '../../../src-shared/domain/address.ts';
import { formatTime } from '../../../src-shared/domain/amount.ts';
import { type Lock, type Outpoint, outpointKey, type Txid } from '../../../src-shared/domain/ids.ts';
import type { Coin } from '../../core/codec/coin.ts';
import { decodeMasternodePayload, isMasternodeKind } from '../../core/codec/masternode-payload.ts';
import { decodeTransaction, type HashedTransaction, type Transaction, type TransactionOutput } from '../../core/codec/transaction.ts';
import type { PendingTransaction } from '../../core/engine/views.ts';
import { paramsOf } from '../../core/params.ts';
import type { TransactionFacts } from '../../node/storage/explorer-answers.ts';
import type { NodeServices } from './node-services.ts';
import { transactionInfoOf } from './transaction-handlers.ts';

type Answer = Response<'gettransactiondetails'>;
type Details = NonNullable<Answer['details']>;
type Output = Details['outputs'][number];
/** Where an output stands, and what spends it. */
export type OutputStanding = Pick<Output, 'state' | 'spentby'>;

/** `vout`: whose spender is looked for; undefined: each output's. */
export async function transactionDetailsOf(services: NodeServices, txid: Txid, vout: number | undefined): Promise<Answer> {
  const { hex: _, decoded: __, ...info } = await transactionInfoOf(services, txid);
  const pending = services.views.pending(txid);
  if (info.state !== 'confirmed' && pending !== undefined) return { ...info, details: await pendingDetails(services, pending) };
  const facts = await services.storage.query('transactionFacts', { txid, output: vout });
  if (facts === undefined) return info;
  const hashed = decodeTransaction(facts.encoded);
  const fee = feeOf(hashed.transaction, facts.spent);
  return {
    ...info,
    ...(fee === undefined ? {} : { fee: formatTime(fee) }),
    blocktime: facts.blockTimeMs,
    details: { ...detailsOf(services, hashed, facts.spent, (n) => standingInBlock(services, facts, hashed, n)), n: facts.position },
  };
}

async function pendingDetails(services: NodeServices, { hashed, status }: PendingTransaction): Promise<Details> {
  const { views, storage } = services;
  const known = hashed.transaction.inputs.map((input): TransactionOutput | undefined => views.coin(outpointKey(input)) ?? outputOfPending(services, input));
  const missing = hashed.transaction.inputs.filter((_, i) => known[i] === undefined);
  const stored = missing.length === 0 ? [] : await storage.query('outputsAt', { outpoints: missing });
  const found = new Map(missing.map((outpoint, i) => [outpointKey(outpoint), stored[i]]));
  const spent = hashed.transaction.inputs.map((input, i) => known[i] ?? found.get(outpointKey(input)));
  // Nobody may spend what is not final yet.
  const standing = (n: number): OutputStanding => (status === 'final' ? standingOf(services, { txid: hashed.txid, vout: n }, undefined) : { state: 'pending' });
  return detailsOf(services, hashed, spent, standing);
}

const outputOfPending = ({ views }: NodeServices, { txid, vout }: Outpoint): TransactionOutput | undefined =>
  views.pending(txid)?.hashed.transaction.outputs[vout];

function detailsOf(
  { info }: NodeServices,
  { transaction, encoded }: HashedTransaction,
  spent: readonly (TransactionOutput | undefined)[],
  standing: (vout: number) => OutputStanding,
): Details {
  const addressOf = (lock: Lock): string => encodeAddress(lock, info.network.name);
  const payload = payloadOf(transaction, addressOf);
  return {
    version: transaction.version,
    kind: transaction.kind,
    size: encoded.length,
    timestamp: transaction.timestamp,
    signatures: transaction.witnesses.length,
    inputs: transaction.inputs.map((input, i) => {
      const coin = spent[i];
      return { ...input, ...(coin && { address: addressOf(coin.lock), value: formatTime(coin.amount) }) };
    }),
    outputs: transaction.outputs.map(({ amount, lock }, n) => ({ address: addressOf(lock), value: formatTime(amount), ...standing(n) })),
    ...(payload && { payload }),
  };
}

/** What a block has taken is right: a payload that does not decode is in none, and one that waits was checked. */
function payloadOf({ kind, payload }: Transaction, addressOf: (lock: Lock) => string): Details['payload'] {
  if (!isMasternodeKind(kind)) return undefined;
  const said = decodeMasternodePayload(kind, payload);
  switch (said.kind) {
    case 'masternode-register':
      return {
        kind: said.kind,
        nodeid: said.nodeId,
        tier: said.tier,
        ...(said.collateral && { collateral: { ...said.collateral } }),
        owneraddress: addressOf(said.ownerLock),
        rewardaddress: addressOf(said.rewardLock),
        serviceaddress: said.serviceAddress,
      };
    case 'masternode-update':
      return { kind: said.kind, nodeid: said.nodeId, rewardaddress: addressOf(said.rewardLock), serviceaddress: said.serviceAddress };
    case 'masternode-revive':
      return { kind: said.kind, nodeid: said.nodeId, epoch: said.epoch };
    case 'masternode-exit':
      return { kind: said.kind, nodeid: said.nodeId };
  }
}

/** Nothing is paid for what spends nothing; undefined where a coin could not be looked up. */
function feeOf({ inputs, outputs }: Transaction, spent: readonly (TransactionOutput | undefined)[]): bigint | undefined {
  if (inputs.length === 0 || spent.includes(undefined)) return undefined;
  const sum = (amounts: readonly (TransactionOutput | undefined)[]): bigint => amounts.reduce((total, one) => total + (one?.amount ?? 0n), 0n);
  return sum(spent) - sum(outputs);
}

function standingInBlock(services: NodeServices, facts: TransactionFacts, { transaction, txid }: HashedTransaction, vout: number): OutputStanding {
  if (facts.unspent[vout] === true) {
    return standingOf(services, { txid, vout }, { height: facts.height, coinbase: transaction.kind === 'coinbase' });
  }
  const spender = facts.spenders.find((one) => one.vout === vout);
  return { state: 'spent', ...(spender && { spentby: { txid: spender.txid, height: spender.height } }) };
}

/** Of an output that no block has spent. `coin`: undefined while it is in no block itself. */
export function standingOf({ views, info }: NodeServices, outpoint: Outpoint, coin: Pick<Coin, 'height' | 'coinbase'> | undefined): OutputStanding {
  const key = outpointKey(outpoint);
  const state = views.utxoState(key);
  switch (state.kind) {
    case 'confirmed':
      return { state: 'spent', spentby: { txid: state.txid, height: state.height } };
    case 'locked':
    case 'spentPending':
    case 'spentFinalized':
      return { state: state.kind, spentby: { txid: state.txid } };
    case 'unspent':
      if (views.isCollateral(key)) return { state: 'collateral' };
      return { state: coin?.coinbase === true && coin.height > matureThrough(views.tip().height, info.network.name) ? 'immature' : 'unspent' };
  }
}

/** The height up to which a coinbase may be spent in the next block: the ledger's rule. */
export const matureThrough = (tipHeight: number, network: NodeServices['info']['network']['name']): number =>
  tipHeight + 1 - paramsOf[network].coinbaseMaturity;
