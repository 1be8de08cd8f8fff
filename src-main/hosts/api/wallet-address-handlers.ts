import type { Response } from '../../../src-shared/api/contract.ts';
import type { walletAddressMethods } from '../../../src-shared/api/methods/wallet-addresses.ts';
import { encodeAddress, parseAddress } from '../../../src-shared/domain/address.ts';
import { amount as checkedAmount, formatTime } from '../../../src-shared/domain/amount.ts';
import type { Lock } from '../../../src-shared/domain/ids.ts';
import { formatPaymentUri } from '../../../src-shared/domain/payment-uri.ts';
import { pathText } from '../../core/wallet/derivation.ts';
import { verifyMessage } from '../../core/wallet/message.ts';
import { CodedError } from '../../node/coded-error.ts';
import type { PaidRequest } from '../../node/wallet/wallet-requests.ts';
import type { HandlersOf } from './handler.ts';
import type { NodeServices, WalletApi } from './node-services.ts';
import { amountOf, lockOfAddress } from './parse-fields.ts';
import { walletOf } from './present-wallet.ts';

type AddressInfo = Response<'getaddressinfo'>;

/** Accounts, addresses and what people call them, payment requests, and messages. */
export function walletAddressHandlers(services: NodeServices): HandlersOf<typeof walletAddressMethods> {
  const { info } = services;
  const network = info.network.name;
  return {
    listaccounts: () => accountsOf(walletOf(services)),
    createaccount: async ({ name }) => ({ account: await walletOf(services).createAccount(name) }),
    setaccountname: async ({ account, name }) => {
      await walletOf(services).setAccountName(account, name);
      return null;
    },
    getnewaddress: ({ label, account }) => walletOf(services).newAddress(label, account),
    getaddressinfo: async ({ address }) => {
      const [found] = await addressesOf(services, [lockOfAddress(address, network)]);
      if (found === undefined) throw new CodedError('not-found', 'Nothing is known of it.');
      return found;
    },
    listaddresses: async ({ kind, count, skip, account, text }) => {
      const wallet = walletOf(services);
      const all = kind === 'mine' ? (await wallet.givenOut(account)).map(({ lock }) => lock) : bookOf(wallet);
      const wanted = text.toLowerCase();
      const has = (lock: Lock): boolean => [wallet.label(lock), encodeAddress(lock, network)].some((field) => field.toLowerCase().includes(wanted));
      return addressesOf(services, (text === '' ? all : all.filter(has)).slice(skip, skip + count));
    },
    setlabel: async ({ address, label }) => {
      await walletOf(services).setLabel(lockOfAddress(address, network), label);
      return null;
    },
    createpaymentrequest: async ({ amount, label, account }) => {
      const units = amount === undefined ? undefined : amountOf(amount);
      if (units === 0n) throw new CodedError('invalid-parameter', 'The amount must be above zero.');
      return requestOf(services, await walletOf(services).createRequest(units, label, account));
    },
    listpaymentrequests: async ({ count, skip }) => (await walletOf(services).requests(count, skip)).map((one) => requestOf(services, one)),
    deletepaymentrequest: async ({ address }) => {
      if (!(await walletOf(services).removeRequest(lockOfAddress(address, network))))
        throw new CodedError('not-found', 'Nothing was asked for at that address.');
      return null;
    },
    signmessage: async ({ address, message, passphrase }) => {
      const proof = await walletOf(services).signMessage(lockOfAddress(address, network), message, passphrase);
      return Buffer.from(proof).toString('base64');
    },
    verifymessage: ({ address, signature, message }) =>
      verifyMessage(Buffer.from(signature, 'base64'), Buffer.from(message, 'utf8'), info.genesisHash, lockOfAddress(address, network)),
    validateaddress: ({ address }) => {
      const parsed = parseAddress(address, network);
      if (!parsed.ok) return { isvalid: false, error: parsed.error };
      return { isvalid: true, address, ismine: services.wallet?.isMine(parsed.lock) ?? false };
    },
  };
}

async function accountsOf(wallet: WalletApi): Promise<Response<'listaccounts'>> {
  const listed: Response<'listaccounts'> = [];
  for (const { account, name, used } of wallet.accounts()) {
    const { spendable, pending, immature, locked } = await wallet.balance(account);
    listed.push({
      account,
      name,
      used,
      spendable: formatTime(spendable),
      untrusted_pending: formatTime(pending),
      immature: formatTime(immature),
      locked: formatTime(locked),
    });
  }
  return listed;
}

/** Of others, by label. */
function bookOf(wallet: WalletApi): Lock[] {
  return [...wallet.labels()]
    .filter(([lock]) => !wallet.isMine(lock))
    .sort(([, a], [, b]) => a.localeCompare(b))
    .map(([lock]) => lock);
}

async function addressesOf(services: NodeServices, locks: readonly Lock[]): Promise<AddressInfo[]> {
  const wallet = walletOf(services);
  const used = await wallet.usedLocks(locks.filter((lock) => wallet.isMine(lock)));
  const balances = new Map<Lock, bigint>();
  for (const { coin } of await wallet.listCoins()) balances.set(coin.lock, (balances.get(coin.lock) ?? 0n) + coin.amount);
  return locks.map((lock) => {
    const key = wallet.keyOf(lock);
    return {
      address: encodeAddress(lock, services.info.network.name),
      label: wallet.label(lock),
      ismine: key !== undefined,
      ...(key === undefined
        ? {}
        : {
            account: key.account,
            hdkeypath: pathText(key.account, key.branch, key.index),
            used: used.has(lock),
            balance: formatTime(balances.get(lock) ?? 0n),
          }),
    };
  });
}

function requestOf({ info }: NodeServices, { request, account, state, received, pending, txids }: PaidRequest): Response<'createpaymentrequest'> {
  const { amount, label, createdMs } = request;
  const address = encodeAddress(request.lock, info.network.name);
  return {
    address,
    account,
    ...(amount === undefined ? {} : { amount: formatTime(amount) }),
    label,
    uri: formatPaymentUri({ address, ...(amount === undefined ? {} : { amount: checkedAmount(amount) }), ...(label === '' ? {} : { label }) }),
    created: createdMs,
    state,
    received: formatTime(received),
    pending: formatTime(pending),
    txids: [...txids],
  };
}
