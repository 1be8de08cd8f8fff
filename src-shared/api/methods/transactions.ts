import * as z from 'zod';
import { blockHash, count, height, hexBytes, noParams, time, timeInput, timestampMs, transactionReason, txid } from '../fields.ts';
import { method } from '../method.ts';
import { passphrase } from './wallet-fields.ts';

/** voting: votes come in; final: cannot be undone; confirmed: final and in a block; rejected and dropped say why in `reason`. */
export const transactionState = z.enum(['voting', 'certified', 'final', 'confirmed', 'rejected', 'dropped']);

export const transactionKind = z.enum(['transfer', 'coinbase', 'masternode-register', 'masternode-update', 'masternode-revive', 'masternode-exit']);

const vin = z.object({ txid, vout: z.number().int().min(0) });
const output = z.strictObject({ address: z.string().max(200), amount: timeInput });
/** Amounts by address. */
const paid = z.record(z.string().max(200), timeInput);
const decoded = z.object({
  txid,
  version: z.number().int(),
  kind: transactionKind,
  size: count,
  timestamp: timestampMs,
  vin: z.array(vin),
  vout: z.array(z.object({ value: time, n: count, address: z.string() })),
  signatures: count,
});

export const transactionInfo = z.object({
  txid,
  state: transactionState,
  acceptweight: count,
  commitweight: count,
  rejectweight: count,
  totalweight: count,
  finalafterms: z.number().min(0).optional().describe('from when this node first saw it; absent where this node did not see it become final'),
  blockheight: height.optional(),
  blockhash: blockHash.optional(),
  confirmations: count,
  reason: transactionReason.optional(),
  reasondetail: z.string().optional().describe('the numbers or ids that show it'),
  timereceived: timestampMs.optional(),
  fee: time.optional(),
  hex: hexBytes.optional().describe('absent once it was rejected or dropped, like what is decoded from it'),
  decoded: decoded.optional(),
});

/** In the mempool, with its relatives there. */
export const mempoolEntry = z.object({
  size: count.describe('bytes'),
  time: timestampMs.describe('when it came here'),
  state: transactionState,
  fees: z.object({ base: time }),
  depends: z.array(txid).describe('pending ones whose outputs it spends or registers'),
  spentby: z.array(txid).describe('pending ones that spend or register its outputs'),
});

export const transactionMethods = {
  createrawtransaction: method({
    group: 'transactions',
    summary: 'Makes an unsigned transfer; what inputs exceed outputs is the fee.',
    request: z.strictObject({
      inputs: z.array(vin).min(1).max(1_000),
      outputs: z
        .union([
          z
            .array(z.union([output, paid]))
            .min(1)
            .max(1_000),
          paid,
        ])
        .describe('also as Bitcoin Core takes them: {"ADDRESS": amount} for each, or one such object with all'),
    }),
    response: hexBytes,
    errors: ['invalid-address', 'invalid-parameter'],
  }),
  signrawtransactionwithwallet: method({
    group: 'transactions',
    summary: 'Signs the inputs that this wallet has the keys of.',
    request: z.strictObject({ hexstring: hexBytes, passphrase: passphrase.default('') }),
    response: z.object({ hex: hexBytes, complete: z.boolean() }),
    errors: ['deserialization-error', 'wallet-passphrase-incorrect', 'not-found', 'wallet-error'],
  }),
  decoderawtransaction: method({
    group: 'transactions',
    summary: 'Shows what a transaction’s bytes say.',
    request: z.strictObject({ hexstring: hexBytes }),
    response: decoded,
    errors: ['deserialization-error'],
  }),
  sendrawtransaction: method({
    group: 'transactions',
    summary: 'Checks a signed transaction and sends it to the network.',
    request: z.strictObject({ hexstring: hexBytes }),
    response: txid,
    errors: ['deserialization-error', 'transaction-rejected', 'transaction-already-settled'],
  }),
  gettransaction: method({
    group: 'transactions',
    summary: 'A transaction with the state of its votes, from the mempool or the chain, or what became of it.',
    request: z.strictObject({ txid }),
    response: transactionInfo,
    errors: ['not-found'],
  }),
  getmempoolinfo: method({
    group: 'transactions',
    summary: 'How much is pending, and the limits.',
    request: noParams,
    response: z.object({
      size: count,
      bytes: count,
      maxsize: count,
      maxbytes: count,
      certified: count,
      final: count,
      minfee: time,
    }),
    errors: [],
  }),
  getrawmempool: method({
    group: 'transactions',
    summary: 'The ids of all that is pending, parents before children; with verbose each with what is known of it.',
    request: z.strictObject({ verbose: z.boolean().default(false) }),
    response: z.union([z.array(txid), z.record(txid, mempoolEntry)]),
    errors: [],
  }),
};
