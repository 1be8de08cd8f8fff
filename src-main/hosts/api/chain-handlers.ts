import type { chainMethods } from '../../../src-shared/api/methods/chain.ts';
import { encodeAddress } from '../../../src-shared/domain/address.ts';
import { formatTime } from '../../../src-shared/domain/amount.ts';
import { type BlockHash, outpointKey, type Txid } from '../../../src-shared/domain/ids.ts';
import { certificateCodec, decodeBlockParts } from '../../core/codec/block.ts';
import { decodeTransaction } from '../../core/codec/transaction.ts';
import { toHex } from '../../core/crypto/hex.ts';
import type { UtxoState } from '../../core/ledger/utxo-state.ts';
import { CodedError } from '../../node/coded-error.ts';
import type { StoredBlockDetail } from '../../node/storage/queries.ts';
import { chainWarnings } from './branch-handlers.ts';
import type { HandlersOf } from './handler.ts';
import type { NodeServices } from './node-services.ts';
import { blockHeaderOf } from './present-block.ts';

export function chainHandlers(services: NodeServices): HandlersOf<typeof chainMethods> {
  const { info, views, storage } = services;
  return {
    getblockchaininfo: () => {
      const tip = views.tip();
      const behind = views.behindBy();
      return {
        chain: info.network.name,
        blocks: tip.height,
        bestblockhash: tip.hash,
        utxosethash: tip.utxoSetHash,
        genesishash: info.genesisHash,
        time: tip.timeMs,
        bestknownheight: tip.height + behind,
        initialblockdownload: behind > 0,
        warnings: chainWarnings(services),
        launched: views.snapshot().members.length > 0,
      };
    },
    getblockcount: () => views.tip().height,
    getbestblockhash: () => views.tip().hash,
    getblockhash: ({ height }) => {
      const tip = views.tip();
      const block = height > tip.height ? undefined : storage.reader.block(height);
      if (block === undefined) throw new CodedError('invalid-parameter', `There is no block ${height}: the last one is ${tip.height}.`, { height: tip.height });
      return block.hash;
    },
    getblock: async ({ blockhash, verbosity }) => {
      const block = await storage.query('block', { hash: blockhash as BlockHash });
      if (block === undefined) throw new CodedError('not-found', `There is no block ${blockhash}.`);
      return verbosity === 0 ? toHex(block.encoded) : blockOf(block, views.tip().height);
    },
    gettxout: ({ txid, n, include_mempool }) => {
      const key = outpointKey({ txid: txid as Txid, vout: n });
      const inChain = storage.reader.coin(key);
      const coin = inChain ?? (include_mempool ? views.coin(key) : undefined);
      if (coin === undefined) return null;
      const tip = views.tip();
      const state: UtxoState = include_mempool ? views.utxoState(key) : { kind: 'unspent' };
      // Spent in a block between two reads: gone.
      if (state.kind === 'confirmed') return null;
      return {
        bestblock: tip.hash,
        confirmations: inChain === undefined ? 0 : tip.height - inChain.height + 1,
        value: formatTime(coin.amount),
        address: encodeAddress(coin.lock, info.network.name),
        coinbase: coin.coinbase,
        height: coin.height,
        state: state.kind,
        ...(state.kind === 'unspent' ? {} : { spentby: state.txid }),
      };
    },
  };
}

function blockOf(block: StoredBlockDetail, tipHeight: number) {
  const { header, transactions } = decodeBlockParts(block.encoded);
  const certificate = block.certificate && certificateCodec.decode(block.certificate);
  return {
    ...blockHeaderOf({ hash: block.hash, header, sizeBytes: block.encoded.length, transactions: transactions.length, tipHeight }),
    ...(certificate && { certificate: { round: certificate.round, signers: certificate.precommits.map(({ nodeId }) => nodeId) } }),
    tx: transactions.map((encoded) => decodeTransaction(encoded).txid),
  };
}
