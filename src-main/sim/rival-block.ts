import { type HashedBlock, hashBlock, hashCertificate, type LatePrecommit } from '../core/codec/block.ts';
import { encodeSetElement } from '../core/codec/coin.ts';
import type { HashedTransaction } from '../core/codec/transaction.ts';
import { combineMuHash, decodeMuHash, deltaOf, finalizeMuHash } from '../core/crypto/muhash.ts';
import { applyContextOf, type ChainPoint, registryAfter } from '../core/engine/block-rules.ts';
import { BlockTransition } from '../core/ledger/apply-block.ts';
import { transactionsRootOf } from '../core/ledger/check-block.ts';
import type { PlacedCoin } from '../core/ledger/coin-view.ts';
import { decodeRegistryState } from '../core/masternodes/registry-state.ts';
import { paramsOf } from '../core/params.ts';
import type { SimHost } from './host.ts';

/**
 * Another valid block for the same place, which spends the same coins otherwise where the proposer knows rivals, and leaves the rest out:
 * whatever is final and missing from it, a block like this would undo. Undefined if it comes to the same block.
 */
export function rivalBlock(host: SimHost, block: HashedBlock): HashedBlock | undefined {
  const included = new Set(block.transactions.map(({ txid }) => txid));
  const rivals = host.views.pendingTransactions().filter(({ txid }) => !included.has(txid));
  return blockInstead(host, block, { candidates: rivals, latePrecommits: block.latePrecommits });
}

/** In the same place with other contents; what cannot be applied is left out. Undefined if it comes to the same block, or this node is elsewhere. */
export function blockInstead(
  { genesis, tables }: SimHost,
  block: HashedBlock,
  { candidates, latePrecommits }: { readonly candidates: readonly HashedTransaction[]; readonly latePrecommits: readonly LatePrecommit[] },
): HashedBlock | undefined {
  const parent = tables.blocks.at(-1);
  const before = parent && decodeMuHash(parent.setHashState);
  if (parent === undefined || before === undefined || block.header.previousHash !== parent.hash) return undefined;
  const { height, time, proposer } = block.header;
  const point: ChainPoint = { tip: { height: height - 1, hash: parent.hash, timeMs: parent.time }, registry: decodeRegistryState(parent.registry) };
  const rules = { genesis, params: paramsOf.devnet };
  const context = applyContextOf(point, rules, tables);
  const transition = new BlockTransition(context, height);
  for (const one of candidates) transition.add(one);
  const coinbase = transition.coinbase(time, proposer);
  const { added, removed } = transition.finish(coinbase).changes;
  const body = [coinbase, ...transition.transactions];
  const encode = (coins: readonly PlacedCoin[]): Uint8Array[] => coins.map(({ outpoint, coin }) => encodeSetElement(outpoint, coin));
  const registry = registryAfter(point, rules, { ...block, latePrecommits }, context.terms.operations);
  const header = {
    ...block.header,
    transactionsRoot: transactionsRootOf(body),
    utxoSetHash: finalizeMuHash(combineMuHash(before, deltaOf(encode(added), encode(removed)))),
    registryHash: registry.hash,
    previousCertificateHash: hashCertificate(block.previousCertificate, latePrecommits),
  };
  const instead = hashBlock(header, block.previousCertificate, body, latePrecommits);
  return instead.hash === block.hash ? undefined : instead;
}
