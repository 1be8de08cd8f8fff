import type { Response } from '../../../src-shared/api/contract.ts';
import type { walletMethods } from '../../../src-shared/api/methods/wallet.ts';
import { encodeAddress, parseAddress } from '../../../src-shared/domain/address.ts';
import { formatTime, sumOf } from '../../../src-shared/domain/amount.ts';
import { outpointKey } from '../../../src-shared/domain/ids.ts';
import { transactionBytes } from '../../core/codec/transaction.ts';
import { CodedError } from '../../node/coded-error.ts';
import type { ListedCoin } from '../../node/wallet-service.ts';
import type { HandlersOf } from './handler.ts';
import type { NodeServices } from './node-services.ts';
import { amountOf, lockOfAddress } from './parse-fields.ts';
import { balancesOf, walletInfoOf, walletOf, walletTransactionsOf } from './present-wallet.ts';

export function walletHandlers(services: NodeServices): HandlersOf<typeof walletMethods> {
  const network = services.info.network.name;
  return {
    getbalances: () => balancesOf(services),
    getwalletinfo: () => walletInfoOf(walletOf(services)),
    getnewaddress: ({ label }) => walletOf(services).newAddress(label),
    validateaddress: ({ address }) => {
      const parsed = parseAddress(address, network);
      if (!parsed.ok) return { isvalid: false, error: parsed.error };
      return { isvalid: true, address, ismine: services.wallet?.isMine(parsed.lock) ?? false };
    },
    sendtoaddress: ({ address, amount, label, subtractfeefromamount, passphrase, maxfee }) => {
      const wallet = walletOf(services);
      const payment = {
        to: lockOfAddress(address, network),
        amount: positive(amountOf(amount)),
        label,
        passphrase,
        maxFee: maxfee === undefined ? undefined : amountOf(maxfee),
      };
      return wallet.send({ ...payment, subtractFee: subtractfeefromamount });
    },
    estimatefee: async ({ address, amount }) => {
      const wallet = walletOf(services);
      const plan = await wallet.estimate(lockOfAddress(address, network), amount === undefined ? undefined : positive(amountOf(amount)));
      const spent = sumOf(plan.coins.map((coin) => coin.amount));
      const witnesses = new Set(plan.coins.map(({ lock }) => lock)).size;
      return {
        fee: formatTime(plan.fee),
        amount: formatTime(spent - plan.fee - plan.change),
        total: formatTime(spent - plan.change),
        change: formatTime(plan.change),
        size: transactionBytes({ inputs: plan.coins.length, outputs: plan.outputs.length, payloadBytes: 0, witnesses }),
      };
    },
    listtransactions: ({ count, skip }) => walletTransactionsOf(services, walletOf(services), count, skip),
    // What a final transaction spends is gone, if not yet from the chain.
    listunspent: async () =>
      (await walletOf(services).listCoins())
        .filter(({ coin }) => services.views.utxoState(outpointKey(coin.outpoint)).kind !== 'spentFinalized')
        .map((one) => unspentOf(one, services)),
  };
}

function positive(amount: bigint): bigint {
  if (amount === 0n) throw new CodedError('invalid-parameter', 'The amount must be above zero.');
  return amount;
}

type Unspent = Response<'listunspent'>[number];

function unspentOf(listed: ListedCoin, { info, views }: NodeServices): Unspent {
  const { coin, category, label } = listed;
  return {
    txid: coin.outpoint.txid,
    vout: coin.outpoint.vout,
    address: encodeAddress(coin.lock, info.network.name),
    label,
    amount: formatTime(coin.amount),
    confirmations: coin.parent.kind === 'in-block' ? Math.max(0, views.tip().height - coin.parent.height + 1) : 0,
    coinbase: coin.coinbase,
    spendable: category === 'spendable',
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
