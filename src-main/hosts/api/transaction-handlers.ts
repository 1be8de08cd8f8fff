import type * as z from 'zod';
import type { ParsedRequest } from '../../../src-shared/api/contract.ts';
import type { transactionInfo, transactionMethods } from '../../../src-shared/api/methods/transactions.ts';
import { encodeAddress } from '../../../src-shared/domain/address.ts';
import { formatTime } from '../../../src-shared/domain/amount.ts';
import type { Txid } from '../../../src-shared/domain/ids.ts';
import { decodeTransaction, encodeTransaction, type HashedTransaction, hashTransaction } from '../../core/codec/transaction.ts';
import { maxMempoolBytes, maxMempoolTransactions, maxOutputs, minFeeUnits, transactionVersion } from '../../core/constants.ts';
import { toHex } from '../../core/crypto/hex.ts';
import { CodedError } from '../../node/coded-error.ts';
import { rejectionError } from '../../node/rejection-error.ts';
import { stageOf } from '../../node/wallet/wallet-history.ts';
import type { HandlersOf } from './handler.ts';
import type { NodeServices } from './node-services.ts';
import { amountOf, lockOfAddress, transactionOfHex } from './parse-fields.ts';
import { mempoolEntriesOf } from './present-mempool.ts';
import { walletOf } from './present-wallet.ts';

type TransactionInfo = z.output<typeof transactionInfo>;
type Weights = Pick<TransactionInfo, 'acceptweight' | 'commitweight' | 'rejectweight' | 'totalweight'>;

export function transactionHandlers(services: NodeServices): HandlersOf<typeof transactionMethods> {
  const { info, views } = services;
  const network = info.network.name;
  return {
    createrawtransaction: ({ inputs, outputs }) => {
      const paid = paidBy(outputs);
      if (paid.length === 0 || paid.length > maxOutputs) throw new CodedError('invalid-parameter', `A transaction has 1 to ${maxOutputs} outputs.`);
      const transaction = {
        version: transactionVersion,
        kind: 'transfer' as const,
        inputs: inputs.map(({ txid, vout }) => ({ txid: txid as Txid, vout })),
        outputs: paid.map(([address, amount]) => ({ lock: lockOfAddress(address, network), amount: amountOf(amount) })),
        timestamp: services.nowMs(),
        payload: new Uint8Array(0),
        witnesses: [],
      };
      if (inputs.some(({ vout }) => vout > 0xffff_ffff)) throw new CodedError('invalid-parameter', 'An output’s number is at most 4294967295.');
      return toHex(encodeTransaction(transaction));
    },
    signrawtransactionwithwallet: async ({ hexstring, passphrase }) => {
      const { transaction, complete } = await walletOf(services).sign(transactionOfHex(hexstring).transaction, passphrase);
      return { hex: toHex(hashTransaction(transaction).encoded), complete };
    },
    decoderawtransaction: ({ hexstring }) => decodedOf(transactionOfHex(hexstring), services),
    sendrawtransaction: async ({ hexstring }) => {
      const result = await services.submit(transactionOfHex(hexstring).encoded);
      if ('code' in result) throw rejectionError(result);
      return result.txid;
    },
    gettransaction: async ({ txid }) => transactionInfoOf(services, txid as Txid),
    getmempoolinfo: () => {
      const { size, bytes, certified, final } = views.mempool();
      return { size, bytes, maxsize: maxMempoolTransactions, maxbytes: maxMempoolBytes, certified, final, minfee: formatTime(minFeeUnits) };
    },
    getrawmempool: ({ verbose }) => (verbose ? mempoolEntriesOf(views) : views.pendingTransactions().map(({ txid }) => txid)),
  };
}

/** Each address with its amount, in whichever form they were given. */
const paidBy = (outputs: ParsedRequest<'createrawtransaction'>['outputs']): (readonly [address: string, amount: string])[] =>
  [outputs].flat().flatMap((one) => (isOutput(one) ? [[one.address, one.amount] as const] : Object.entries(one)));

const isOutput = (one: object): one is { readonly address: string; readonly amount: string } => Object.hasOwn(one, 'address');

const decodedOf = ({ txid, transaction, encoded }: HashedTransaction, { info }: NodeServices): NonNullable<TransactionInfo['decoded']> => ({
  txid,
  version: transaction.version,
  kind: transaction.kind,
  size: encoded.length,
  timestamp: transaction.timestamp,
  vin: transaction.inputs.map((input) => ({ ...input })),
  vout: transaction.outputs.map(({ amount, lock }, n) => ({ value: formatTime(amount), n, address: encodeAddress(lock, info.network.name) })),
  signatures: transaction.witnesses.length,
});

/** Pending first: a transaction is in one place at a time, and goes from the mempool to the chain. */
export async function transactionInfoOf(services: NodeServices, txid: Txid): Promise<TransactionInfo> {
  const found = pendingInfo(services, txid) ?? (await storedInfo(services, txid)) ?? pendingInfo(services, txid);
  if (found !== undefined) return found;
  const departed = services.views.departed(txid);
  if (departed === undefined) throw new CodedError('not-found', `No transaction ${txid} is known here.`);
  const { state, reason, detail } = departed;
  return { txid, state, ...lastWeights(services, txid), confirmations: 0, reason, ...(detail === '' ? {} : { reasondetail: detail }) };
}

function pendingInfo(services: NodeServices, txid: Txid): TransactionInfo | undefined {
  const pending = services.views.pending(txid);
  if (pending === undefined) return undefined;
  const { hashed, status, fee, receivedMs, finalAfterMs, tally } = pending;
  return {
    txid,
    state: stageOf[status],
    acceptweight: tally.acceptWeight,
    commitweight: tally.commitWeight,
    rejectweight: tally.rejectWeight,
    totalweight: tally.totalWeight,
    ...(finalAfterMs === undefined ? {} : { finalafterms: finalAfterMs }),
    confirmations: 0,
    ...(status === 'rejected' ? { reason: 'voted-down' as const } : {}),
    timereceived: receivedMs,
    fee: formatTime(fee),
    hex: toHex(hashed.encoded),
    decoded: decodedOf(hashed, services),
  };
}

async function storedInfo(services: NodeServices, txid: Txid): Promise<TransactionInfo | undefined> {
  const stored = await services.storage.query('transaction', { txid });
  if (stored === undefined) return undefined;
  const { finalAfterMs, height, blockHash, encoded } = stored;
  return {
    txid,
    state: 'confirmed',
    ...lastWeights(services, txid),
    ...(finalAfterMs === undefined ? {} : { finalafterms: finalAfterMs }),
    blockheight: height,
    blockhash: blockHash,
    confirmations: Math.max(0, services.views.tip().height - height + 1),
    hex: toHex(encoded),
    decoded: decodedOf(decodeTransaction(encoded), services),
  };
}

/** Votes are dropped at settlement (protocol section 6); what was seen of them last is shown for a while. */
function lastWeights({ history, views }: NodeServices, txid: Txid): Weights {
  const seen = history.lastSeen(txid);
  return {
    acceptweight: seen?.acceptWeight ?? 0,
    commitweight: seen?.commitWeight ?? 0,
    rejectweight: seen?.rejectWeight ?? 0,
    totalweight: seen?.totalWeight ?? views.snapshot().totalWeight,
  };
}
