import { type Hash, zeroHash } from '../../src-shared/domain/ids.ts';
import { type HashedBlock, hashBlock } from '../core/codec/block.ts';
import { encodeSetElement } from '../core/codec/coin.ts';
import type { HashedTransaction } from '../core/codec/transaction.ts';
import { combineMuHash, decodeMuHash, deltaOf, finalizeMuHash } from '../core/crypto/muhash.ts';
import { type ApplyContext, applyBlock } from '../core/ledger/apply-block.ts';
import { isSlotBlock, transactionsRootOf } from '../core/ledger/check-block.ts';
import { checkInputs } from '../core/ledger/check-inputs.ts';
import { CoinView, type PlacedCoin } from '../core/ledger/coin-view.ts';
import { coinbaseOutputs, makeCoinbase } from '../core/ledger/reward.ts';
import { decodeRegistryState } from '../core/masternodes/registry-state.ts';
import { RegistryTransition } from '../core/masternodes/registry-transition.ts';
import { paramsOf } from '../core/params.ts';
import type { SimHost } from './host.ts';

/**
 * Another valid block for the same place, which spends the same coins otherwise where the proposer knows rivals, and leaves the rest out:
 * whatever is final and missing from it, a block like this would undo. Undefined if it comes to the same block.
 */
export function rivalBlock(host: SimHost, block: HashedBlock): HashedBlock | undefined {
  const { genesis, tables } = host;
  const parent = tables.blocks.at(-1);
  const before = parent && decodeMuHash(parent.setHashState);
  if (parent === undefined || before === undefined || block.header.previousHash !== parent.hash) return undefined;
  const registry = decodeRegistryState(parent.registry);
  const { snapshot } = registry;
  const terms = (): RegistryTransition => new RegistryTransition(registry, block.header.height);
  const context: ApplyContext = {
    coins: tables,
    snapshot,
    eligible: (member) => registry.isEligible(member),
    params: paramsOf.devnet,
    genesisTime: genesis.time,
    parentTime: parent.time,
    terms: terms(),
  };
  const { height, time, proposer } = block.header;
  const { transactions, fees } = rivalsIn(host, block, context);
  const outputs = coinbaseOutputs({ snapshot, eligible: context.eligible, fees, proposer, isSlotBlock: isSlotBlock(context, parent.time, time) });
  const body = [makeCoinbase(height, time, outputs), ...transactions];
  const header = { ...block.header, transactionsRoot: transactionsRootOf(body), utxoSetHash: zeroHash as Hash };
  const applied = applyBlock(hashBlock(header, block.previousCertificate, body, block.latePrecommits), { ...context, terms: terms() });
  if (!applied.ok) return undefined;
  const { added, removed } = applied.value.changes;
  const encode = (coins: readonly PlacedCoin[]): Uint8Array[] => coins.map(({ outpoint, coin }) => encodeSetElement(outpoint, coin));
  const utxoSetHash = finalizeMuHash(combineMuHash(before, deltaOf(encode(added), encode(removed))));
  const rival = hashBlock({ ...header, utxoSetHash }, block.previousCertificate, body, block.latePrecommits);
  return rival.hash === block.hash ? undefined : rival;
}

function rivalsIn(host: SimHost, block: HashedBlock, context: ApplyContext): { readonly transactions: HashedTransaction[]; readonly fees: bigint } {
  const included = new Set(block.transactions.map(({ txid }) => txid));
  const view = new CoinView(context.coins);
  const inputContext = { coins: view, height: block.header.height, coinbaseMaturity: paramsOf.devnet.coinbaseMaturity, terms: context.terms };
  const transactions: HashedTransaction[] = [];
  let fees = 0n;
  for (const one of host.views.pendingTransactions()) {
    const checked = included.has(one.txid) ? undefined : checkInputs(one, inputContext);
    if (checked?.ok !== true) continue;
    for (const input of one.transaction.inputs) view.spend(input);
    transactions.push(one);
    fees += checked.value.fee;
  }
  return { transactions, fees };
}
