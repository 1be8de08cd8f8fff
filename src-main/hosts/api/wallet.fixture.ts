import { outpointKey, type PublicKey } from '../../../src-shared/domain/ids.ts';
import type { WatchedKey } from '../../node/keys/wallet-store.ts';
import type { WalletHistoryEntry } from '../../node/wallet/wallet-history.ts';
import type { PaidRequest } from '../../node/wallet/wallet-requests.ts';
import type { ListedCoin } from '../../node/wallet/wallet-service.ts';
import { genesisTxid, nowMs, otherLock, ownAddress, ownLock, paying } from './known.fixture.ts';
import type { WalletApi, WalletsApi } from './node-services.ts';

const listedCoins: readonly ListedCoin[] = (['spendable', 'pending', 'locked', 'immature', 'spending'] as const).map((category, vout) => ({
  coin: {
    outpoint: { txid: genesisTxid, vout },
    amount: 1_000n,
    lock: ownLock,
    coinbase: false,
    parent: { kind: 'in-block', height: 0 } as const,
    collateral: false,
    spentBy: undefined,
  },
  category,
  label: '',
  account: 0,
  setAside: vout === 4,
}));
const listedPayment: WalletHistoryEntry = {
  entry: { txid: paying.txid, kind: 'sent', net: -4_000_000_000n, fee: 1_000n, counterparties: [otherLock], timestampMs: nowMs },
  stage: 'certified',
  finalAfterMs: undefined,
  height: undefined,
  reason: undefined,
  received: new Map(),
};
const ownKey: WatchedKey = { account: 0, branch: 'receive', index: 7, publicKey: 'aa'.repeat(32) as PublicKey, lock: ownLock };
const fakeRequest: PaidRequest = {
  request: { lock: ownLock, amount: 250_000_000n, label: 'rent', createdMs: nowMs },
  account: 0,
  state: 'partly',
  received: 50_000_000n,
  pending: 1n,
  txids: [paying.txid],
};

export const fakeWallet: WalletApi = {
  start: () => Promise.resolve(),
  begin: () => Promise.resolve(),
  info: () => ({
    name: 'wallet.vault',
    words: 24,
    passphraseRequired: false,
    unlocked: true,
    unlockedUntilMs: nowMs + 60_000,
    accounts: 1,
    keysAhead: 100,
    scanning: undefined,
    wrongPassphrases: 0,
    retryAfterMs: 0,
  }),
  isMine: (lock) => lock === ownLock,
  keyOf: (lock) => (lock === ownLock ? ownKey : undefined),
  label: () => 'rent',
  labels: () => new Map([[otherLock, 'rent']]),
  setLabel: () => Promise.resolve(),
  accounts: () => [{ account: 0, name: 'main', used: true }],
  createAccount: () => Promise.resolve(1),
  setAccountName: () => Promise.resolve(),
  balance: () => Promise.resolve({ spendable: 5_000_000_000n, pending: 0n, immature: 0n, locked: 200_000_000_000n }),
  listCoins: () => Promise.resolve(listedCoins),
  putAside: () => Promise.resolve(),
  giveBack: () => Promise.resolve(),
  setAside: () => new Set([outpointKey({ txid: genesisTxid, vout: 4 })]),
  list: ({ matches }) => Promise.resolve(matches === undefined || matches(listedPayment) ? [listedPayment] : []),
  respendable: () => Promise.resolve(new Set([paying.txid])),
  newAddress: () => Promise.resolve(ownAddress),
  givenOut: () => Promise.resolve([ownKey]),
  usedLocks: (locks) => Promise.resolve(new Set(locks)),
  estimate: () =>
    Promise.resolve({
      coins: [{ outpoint: { txid: genesisTxid, vout: 2 }, amount: 5_000_000_000n, lock: ownLock }],
      outputs: [{ amount: 4_000_000_000n, lock: otherLock }],
      fee: 1_000_000_000n as never,
      change: 0n as never,
      paidToOthers: 4_000_000_000n as never,
    }),
  send: () => Promise.resolve(paying.txid),
  respend: () => Promise.resolve(paying.txid),
  sendAsOwner: () => Promise.resolve(paying.txid),
  estimateAsOwner: () => Promise.resolve(1_000n),
  sign: (transaction) => Promise.resolve({ transaction, complete: false }),
  signMessage: () => Promise.resolve(new Uint8Array(96)),
  createRequest: () => Promise.resolve(fakeRequest),
  requests: () => Promise.resolve([fakeRequest]),
  removeRequest: () => Promise.resolve(true),
  unlock: () => Promise.resolve(),
  lock: () => undefined,
  changePassphrase: () => Promise.resolve(),
  checkPassphrase: () => Promise.resolve(),
  words: () => Promise.resolve('some words'),
  backup: () => Promise.resolve(Buffer.from('backup')),
  nodeKeyText: () => Promise.resolve('TIME NODE KEY 1'),
  onEvent: () => Promise.resolve(),
  close: () => undefined,
};

export const fakeWallets: WalletsApi = {
  draft: (count) => ({ id: 'ab'.repeat(16), words: `${count} words`, asked: [1, 2, 3], expiresMs: nowMs + 1 }),
  create: () => Promise.resolve(fakeWallet),
  restoreWords: () => Promise.resolve(fakeWallet),
  restoreBackup: () => Promise.resolve(fakeWallet),
};
