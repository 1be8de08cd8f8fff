import type { explorerMethods } from '../../../src-shared/api/methods/explorer.ts';
import { formatTime } from '../../../src-shared/domain/amount.ts';
import type { BlockHash, Txid } from '../../../src-shared/domain/ids.ts';
import { CodedError } from '../../node/coded-error.ts';
import { addressBalanceOf, addressCoinsOf, addressTransactionsOf } from './explorer-address.ts';
import { transactionDetailsOf } from './explorer-transaction.ts';
import type { HandlersOf } from './handler.ts';
import type { NodeServices } from './node-services.ts';
import { lockOfAddress } from './parse-fields.ts';
import { blockHeaderOf } from './present-block.ts';

/** What people look up. Long reads are the reader's; here they are joined with what is in no block yet. */
export function explorerHandlers(services: NodeServices): HandlersOf<typeof explorerMethods> {
  const { info, storage, views } = services;
  const lockOf = (address: string) => lockOfAddress(address, info.network.name);
  const noBlock = (of: string | number): CodedError => new CodedError('not-found', `There is no block ${of}.`);
  return {
    getblockheader: async ({ blockhash: of }) => {
      const facts = await storage.query('blockFacts', typeof of === 'number' ? { height: of } : { hash: of as BlockHash });
      if (facts === undefined) throw noBlock(of);
      const { hash, nextHash, header, sizeBytes, transactions, coinbase, certificate, snapshot } = facts;
      const signers = certificate?.precommits.map(({ nodeId }) => ({ nodeId, weight: snapshot?.weights.get(nodeId) }));
      return {
        ...blockHeaderOf({ hash, header, sizeBytes, transactions, tipHeight: views.tip().height }),
        ...(nextHash === undefined ? {} : { nextblockhash: nextHash }),
        ...(certificate &&
          signers && {
            certificate: {
              round: certificate.round,
              signers: signers.map(({ nodeId, weight }) => ({ nodeid: nodeId, ...(weight === undefined ? {} : { weight }) })),
              ...(snapshot && { weight: signers.reduce((sum, { weight }) => sum + (weight ?? 0), 0), totalweight: snapshot.totalWeight }),
            },
          }),
        ...(coinbase && {
          coinbase: {
            txid: coinbase.txid,
            amount: formatTime(coinbase.outputs.reduce((sum, { amount }) => sum + amount, 0n)),
            outputs: coinbase.outputs.length,
          },
        }),
      };
    },
    getblocktransactions: async ({ blockhash, count, skip }) => {
      const transactions = await storage.query('blockTransactions', { hash: blockhash as BlockHash, count, skip });
      if (transactions === undefined) throw noBlock(blockhash);
      return transactions.map(({ position, txid, kind, inputs, outputs, amount, sizeBytes }) => ({
        n: position,
        txid,
        kind,
        inputs,
        outputs,
        amount: formatTime(amount),
        size: sizeBytes,
      }));
    },
    gettransactiondetails: ({ txid, n }) => transactionDetailsOf(services, txid as Txid, n),
    getaddressbalance: ({ address }) => addressBalanceOf(services, lockOf(address)),
    getaddresstransactions: ({ address, count, before }) =>
      addressTransactionsOf(services, lockOf(address), count, before && { height: before.height, position: before.n }),
    getaddressutxos: ({ address, count, after }) => addressCoinsOf(services, lockOf(address), count, after && { txid: after.txid as Txid, vout: after.vout }),
  };
}
