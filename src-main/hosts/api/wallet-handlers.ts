import type { ParsedRequest } from '../../../src-shared/api/contract.ts';
import type { walletMethods } from '../../../src-shared/api/methods/wallet.ts';
import type { walletAddressMethods } from '../../../src-shared/api/methods/wallet-addresses.ts';
import type { walletKeyMethods } from '../../../src-shared/api/methods/wallet-keys.ts';
import { encodeAddress } from '../../../src-shared/domain/address.ts';
import { formatTime, sumOf } from '../../../src-shared/domain/amount.ts';
import { type Outpoint, outpointKey, outpointOf, type Txid } from '../../../src-shared/domain/ids.ts';
import { transactionBytes } from '../../core/codec/transaction.ts';
import { CodedError } from '../../node/coded-error.ts';
import type { WalletHistoryEntry } from '../../node/wallet/wallet-history.ts';
import type { Payment } from '../../node/wallet/wallet-spender.ts';
import type { HandlersOf } from './handler.ts';
import type { NodeServices, WalletApi } from './node-services.ts';
import { amountOf, lockOfAddress, maxFeeOf } from './parse-fields.ts';
import { balancesOf, categoryOf, shownLocks, unspentOf, walletOf, walletTransactionsOf } from './present-wallet.ts';
import { walletAddressHandlers } from './wallet-address-handlers.ts';
import { csvPage } from './wallet-csv.ts';
import { walletKeyHandlers } from './wallet-key-handlers.ts';

type MoneyMethods = Omit<typeof walletMethods, keyof typeof walletKeyMethods | keyof typeof walletAddressMethods>;

export function walletHandlers(services: NodeServices): HandlersOf<typeof walletMethods> {
  return { ...moneyHandlers(services), ...walletKeyHandlers(services), ...walletAddressHandlers(services) };
}

/** What the wallet has, what it pays and what it paid. */
function moneyHandlers(services: NodeServices): HandlersOf<MoneyMethods> {
  const network = services.info.network.name;
  return {
    getbalances: ({ account }) => balancesOf(services, account),
    getbalance: async ({ account }) => formatTime((await walletOf(services).balance(account)).spendable),
    sendtoaddress: (request) => {
      const { amount, subtractfeefromamount } = request;
      return walletOf(services).send({ ...paymentOf(request, network), amount: positive(amountOf(amount)), subtractFee: subtractfeefromamount });
    },
    sendall: (request) => walletOf(services).send({ ...paymentOf(request, network), amount: undefined, subtractFee: true }),
    respendtransaction: ({ txid, passphrase, maxfee }) => walletOf(services).respend(txid as Txid, passphrase, maxFeeOf(maxfee)),
    estimatefee: async ({ address, amount, subtractfeefromamount, account, inputs }) => {
      const plan = await walletOf(services).estimate({
        to: lockOfAddress(address, network),
        amount: amount === undefined ? undefined : positive(amountOf(amount)),
        subtractFee: subtractfeefromamount,
        account,
        inputs: outpointsOf(inputs),
      });
      const spent = sumOf(plan.coins.map((coin) => coin.amount));
      const witnesses = new Set(plan.coins.map(({ lock }) => lock)).size;
      return {
        fee: formatTime(plan.fee),
        amount: formatTime(spent - plan.fee - plan.change),
        total: formatTime(spent - plan.change),
        change: formatTime(plan.change),
        size: transactionBytes({ inputs: plan.coins.length, outputs: plan.outputs.length, payloadBytes: 0, witnesses }),
        inputs: plan.coins.map(({ outpoint }) => ({ ...outpoint })),
      };
    },
    listtransactions: ({ count, skip, account, category, text }) => {
      const wallet = walletOf(services);
      const matches = matcherOf(services, wallet, category, text);
      return walletTransactionsOf(services, wallet, { count, skip, account, ...(matches === undefined ? {} : { matches }) });
    },
    exporttransactions: async ({ count, skip, account }) => {
      // One more tells whether there is a next page.
      const listed = await walletTransactionsOf(services, walletOf(services), { count: count + 1, skip, account });
      const rows = listed.slice(0, count);
      return { csv: csvPage(rows, skip === 0), rows: rows.length, more: listed.length > count };
    },
    // What a final transaction spends is gone, if not yet from the chain.
    listunspent: async ({ account }) =>
      (await walletOf(services).listCoins(account))
        .filter(({ coin }) => services.views.utxoState(outpointKey(coin.outpoint)).kind !== 'spentFinalized')
        .map((one) => unspentOf(one, services)),
    lockunspent: async ({ unlock, transactions }) => {
      const wallet = walletOf(services);
      const keys = transactions.map((one) => outpointKey(one as Outpoint));
      if (unlock) await wallet.giveBack(keys.length === 0 ? [...wallet.setAside()] : keys);
      else await wallet.putAside(keys);
      return true;
    },
    listlockunspent: () => [...walletOf(services).setAside()].map((key) => ({ ...outpointOf(key) })),
  };
}

const outpointsOf = (inputs: ParsedRequest<'sendall'>['inputs']): readonly Outpoint[] | undefined => inputs as readonly Outpoint[] | undefined;

function paymentOf(request: ParsedRequest<'sendall'>, network: NodeServices['info']['network']['name']): Omit<Payment, 'amount' | 'subtractFee'> {
  const { address, label, passphrase, maxfee, account, inputs } = request;
  return { to: lockOfAddress(address, network), label, passphrase, maxFee: maxFeeOf(maxfee), account, inputs: outpointsOf(inputs) };
}

function positive(amount: bigint): bigint {
  if (amount === 0n) throw new CodedError('invalid-parameter', 'The amount must be above zero.');
  return amount;
}

/** Undefined where everything is wanted, which needs no look at each. */
function matcherOf(
  { info }: NodeServices,
  wallet: WalletApi,
  category: ParsedRequest<'listtransactions'>['category'],
  text: string,
): ((entry: WalletHistoryEntry) => boolean) | undefined {
  if (category === 'all' && text === '') return undefined;
  const wanted = text.toLowerCase();
  const has = (field: string): boolean => field.toLowerCase().includes(wanted);
  return (entry) =>
    (category === 'all' || categoryOf(entry) === category) &&
    (text === '' || has(entry.entry.txid) || shownLocks(entry).some((lock) => has(wallet.label(lock)) || has(encodeAddress(lock, info.network.name))));
}
