import type * as z from 'zod';
import type { Response } from '../../../src-shared/api/contract.ts';
import type { balances, walletTransaction } from '../../../src-shared/api/methods/wallet.ts';
import type { walletInfo } from '../../../src-shared/api/methods/wallet-keys.ts';
import { encodeAddress } from '../../../src-shared/domain/address.ts';
import { formatTime } from '../../../src-shared/domain/amount.ts';
import { type Lock, outpointKey, type Txid } from '../../../src-shared/domain/ids.ts';
import type { HistoryKind } from '../../core/wallet/history.ts';
import { CodedError } from '../../node/coded-error.ts';
import type { WalletHistoryEntry } from '../../node/wallet/wallet-history.ts';
import type { ListedCoin, ListRequest } from '../../node/wallet/wallet-service.ts';
import type { NodeServices, WalletApi } from './node-services.ts';

type Balances = z.output<typeof balances>;
type WalletTransaction = z.output<typeof walletTransaction>;

export function walletOf({ wallet, info }: NodeServices): WalletApi {
  if (wallet === undefined)
    throw new CodedError('wallet-not-found', `This node has no wallet on ${info.network.name}: there is no wallet.vault in ${info.dataDirectory}.`);
  return wallet;
}

export function walletInfoOf(wallet: WalletApi): z.output<typeof walletInfo> {
  const info = wallet.info();
  return {
    walletname: info.name,
    words: info.words,
    passphraserequired: info.passphraseRequired,
    unlocked: info.unlocked,
    ...(info.unlockedUntilMs === undefined ? {} : { unlockeduntil: info.unlockedUntilMs }),
    accounts: info.accounts,
    keysahead: info.keysAhead,
    scanning: info.scanning ?? null,
    wrongpassphrases: info.wrongPassphrases,
    retryafterms: info.retryAfterMs,
  };
}

/** Of a node without a wallet: nothing. */
export async function balancesOf({ wallet, views }: NodeServices, account?: number): Promise<Balances> {
  const balance = (await wallet?.balance(account)) ?? { spendable: 0n, pending: 0n, immature: 0n, locked: 0n };
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

export async function walletTransactionsOf(services: NodeServices, wallet: WalletApi, request: ListRequest): Promise<WalletTransaction[]> {
  const entries = await wallet.list(request);
  const ended = entries.filter(({ stage }) => stage === 'rejected' || stage === 'dropped').map(({ entry }) => entry.txid);
  const respendable = await wallet.respendable(ended);
  return entries.map((entry) => walletTransactionOf(services, wallet, entry, respendable));
}

const categories: Record<HistoryKind, WalletTransaction['category']> = {
  sent: 'send',
  received: 'receive',
  self: 'self',
  reward: 'reward',
  masternode: 'masternode',
};

export const categoryOf = ({ entry, height }: WalletHistoryEntry): WalletTransaction['category'] => (height === 0 ? 'genesis' : categories[entry.kind]);

/** The addresses that an entry is about: paid ones of others when sending, own ones when receiving. */
export const shownLocks = ({ entry, received }: WalletHistoryEntry): readonly Lock[] => (entry.kind === 'sent' ? entry.counterparties : [...received.keys()]);

function walletTransactionOf({ info }: NodeServices, wallet: WalletApi, listed: WalletHistoryEntry, respendable: ReadonlySet<Txid>): WalletTransaction {
  const { entry, stage, finalAfterMs, height, reason } = listed;
  const shown = shownLocks(listed);
  const paid = entry.kind === 'sent' || entry.kind === 'self';
  return {
    txid: entry.txid,
    category: categoryOf(listed),
    amount: formatTime(entry.net),
    ...(paid && entry.fee !== undefined ? { fee: formatTime(entry.fee) } : {}),
    addresses: shown.map((lock) => encodeAddress(lock, info.network.name)),
    label: shown.map((lock) => wallet.label(lock)).find((label) => label !== '') ?? '',
    state: stage,
    ...(finalAfterMs === undefined ? {} : { finalafterms: finalAfterMs }),
    ...(height === undefined ? {} : { blockheight: height }),
    time: entry.timestampMs,
    ...(reason === undefined ? {} : { reason }),
    ...(respendable.has(entry.txid) ? { respendable: true as const } : {}),
  };
}

type Unspent = Response<'listunspent'>[number];

export function unspentOf(listed: ListedCoin, { info, views }: NodeServices): Unspent {
  const { coin, category, label, account, setAside } = listed;
  return {
    txid: coin.outpoint.txid,
    vout: coin.outpoint.vout,
    address: encodeAddress(coin.lock, info.network.name),
    label,
    account,
    amount: formatTime(coin.amount),
    confirmations: coin.parent.kind === 'in-block' ? Math.max(0, views.tip().height - coin.parent.height + 1) : 0,
    coinbase: coin.coinbase,
    spendable: category === 'spendable' && !setAside,
    setaside: setAside,
    state: unspentState(listed, views),
  };
}

function unspentState({ coin, category }: ListedCoin, views: NodeServices['views']): Unspent['state'] {
  switch (category) {
    case 'immature':
      return 'immature';
    case 'locked':
      return 'collateral';
    case 'pending':
      return 'unconfirmed-pending';
    case 'spending': {
      const state = views.utxoState(outpointKey(coin.outpoint)).kind;
      // Otherwise it is spent by a transaction that no vote has come for yet.
      return state === 'spentPending' ? state : 'locked';
    }
    case 'spendable':
      return coin.parent.kind === 'final' ? 'unconfirmed-final' : 'unspent';
    default:
      return category satisfies never;
  }
}
