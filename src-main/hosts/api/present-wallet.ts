import type * as z from 'zod';
import type { balances, walletInfo, walletTransaction } from '../../../src-shared/api/methods/wallet.ts';
import { encodeAddress } from '../../../src-shared/domain/address.ts';
import { formatTime } from '../../../src-shared/domain/amount.ts';
import type { Lock } from '../../../src-shared/domain/ids.ts';
import type { HistoryKind } from '../../core/wallet/history.ts';
import { CodedError } from '../../node/coded-error.ts';
import type { WalletHistoryEntry } from '../../node/wallet-history.ts';
import type { NodeServices, WalletApi } from './node-services.ts';

type Balances = z.output<typeof balances>;
type WalletTransaction = z.output<typeof walletTransaction>;

export function walletOf({ wallet, info }: NodeServices): WalletApi {
  if (wallet === undefined)
    throw new CodedError('wallet-error', `This node has no wallet on ${info.network.name}: there is no wallet.vault in ${info.dataDirectory}.`);
  return wallet;
}

export function walletInfoOf(wallet: WalletApi): z.output<typeof walletInfo> {
  const { name, passphraseRequired, unlocked } = wallet.info();
  return { walletname: name, passphraserequired: passphraseRequired, unlocked };
}

/** Of a node without a wallet: nothing. */
export async function balancesOf({ wallet, views }: NodeServices): Promise<Balances> {
  const balance = (await wallet?.balance()) ?? { spendable: 0n, pending: 0n, immature: 0n, locked: 0n };
  const { hash, height } = views.tip();
  return {
    mine: {
      trusted: formatTime(balance.spendable),
      untrusted_pending: formatTime(balance.pending),
      immature: formatTime(balance.immature),
      locked: formatTime(balance.locked),
    },
    lastprocessedblock: { hash, height },
  };
}

export async function walletTransactionsOf(services: NodeServices, wallet: WalletApi, count: number, skip: number): Promise<WalletTransaction[]> {
  return (await wallet.list(count, skip)).map((entry) => walletTransactionOf(services, wallet, entry));
}

const categories: Record<HistoryKind, WalletTransaction['category']> = { sent: 'send', received: 'receive', self: 'self', reward: 'reward' };

function walletTransactionOf(
  { info }: NodeServices,
  wallet: WalletApi,
  { entry, stage, finalAfterMs, height, reason, received }: WalletHistoryEntry,
): WalletTransaction {
  const shown: readonly Lock[] = entry.kind === 'sent' ? entry.counterparties : received;
  const paid = entry.kind === 'sent' || entry.kind === 'self';
  return {
    txid: entry.txid,
    category: height === 0 ? 'genesis' : categories[entry.kind],
    amount: formatTime(entry.net),
    ...(paid && entry.fee !== undefined ? { fee: formatTime(entry.fee) } : {}),
    addresses: shown.map((lock) => encodeAddress(lock, info.network.name)),
    label: shown.map((lock) => wallet.label(lock)).find((label) => label !== '') ?? '',
    state: stage,
    ...(finalAfterMs === undefined ? {} : { finalafterms: finalAfterMs }),
    ...(height === undefined ? {} : { blockheight: height }),
    time: entry.timestampMs,
    ...(reason === undefined ? {} : { reason }),
  };
}
