import type { Response } from '../../../src-shared/api/contract.ts';
import { formatTime } from '../../../src-shared/domain/amount.ts';
import { type Lock, type Outpoint, type OutpointKey, outpointKey } from '../../../src-shared/domain/ids.ts';
import type { HashedTransaction } from '../../core/codec/transaction.ts';
import type { PendingTransaction } from '../../core/engine/views.ts';
import type { ChainPosition } from '../../node/storage/chain-answers.ts';
import type { LockTransaction } from '../../node/storage/explorer-answers.ts';
import { stageOf } from '../../node/wallet/wallet-history.ts';
import { matureThrough, standingOf } from './explorer-transaction.ts';
import type { NodeServices } from './node-services.ts';

type HistoryRow = Response<'getaddresstransactions'>['transactions'][number];

/** Added up for one balance: some tens of milliseconds of the reader's thread. More are rewards of months that nobody has touched. */
const maxCountedCoins = 20_000;
/** The newest of those that are in no block yet; more come to nobody but an exchange under load. */
const maxPendingShown = 100;

/** What is pending and has to do with a lock, newest first. A key's lock is hashed once for each transaction. */
function pendingOf({ views }: NodeServices, lock: Lock): readonly PendingTransaction[] {
  const concerns = ({ transaction, witnessLocks }: HashedTransaction): boolean =>
    transaction.outputs.some((output) => output.lock === lock) || witnessLocks.includes(lock);
  return views
    .pendingTransactions()
    .filter(concerns)
    .flatMap(({ txid }) => views.pending(txid) ?? [])
    .reverse();
}

export async function addressBalanceOf(services: NodeServices, lock: Lock): Promise<Response<'getaddressbalance'>> {
  const { storage, views, info } = services;
  const sum = await storage.query('sumOfLock', { lock, limit: maxCountedCoins, matureThrough: matureThrough(views.tip().height, info.network.name) });
  const [used] = await storage.query('usedLocks', { locks: [lock] });
  const pending = pendingOf(services, lock).filter(({ status }) => status !== 'rejected');
  const spent = new Set(pending.flatMap(({ hashed }) => hashed.inputKeys));
  const locked = lockedBy(services, lock, spent);
  const left = sumOf(
    [...spent].flatMap((key) => {
      const coin = storage.reader.coin(key);
      return coin?.lock === lock ? coin.amount : [];
    }),
  );
  const toLock = pending.flatMap(({ hashed, status }) =>
    hashed.transaction.outputs.flatMap((output, vout) =>
      output.lock === lock && !spent.has(outpointKey({ txid: hashed.txid, vout })) ? [{ amount: output.amount, isFinal: status === 'final' }] : [],
    ),
  );
  const coming = sumOf(toLock.filter(({ isFinal }) => !isFinal).map(({ amount }) => amount));
  const final = sumOf(toLock.filter(({ isFinal }) => isFinal).map(({ amount }) => amount));
  const spendable = sum.mature - locked - left + final;
  return {
    // Of an address with more coins than were counted, those that are held or leaving may be among the others.
    spendable: formatTime(spendable < 0n ? 0n : spendable),
    pending: formatTime(coming),
    immature: formatTime(sum.immature),
    locked: formatTime(locked),
    coins: sum.coins,
    complete: sum.isWhole,
    used: used !== undefined || pending.length > 0,
  };
}

const sumOf = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);

/** Collateral of masternodes that the lock owns, but what an exit that waits gives back. */
function lockedBy({ views, storage }: NodeServices, lock: Lock, leaving: ReadonlySet<OutpointKey>): bigint {
  const keys = views
    .registry()
    .members.flatMap(({ ownerLock, collateral }) => (ownerLock === lock && collateral !== undefined ? [outpointKey(collateral)] : []));
  return sumOf(keys.filter((key) => !leaving.has(key)).map((key) => storage.reader.coin(key)?.amount ?? 0n));
}

export async function addressTransactionsOf(
  services: NodeServices,
  lock: Lock,
  count: number,
  before: ChainPosition | undefined,
): Promise<Response<'getaddresstransactions'>> {
  // One more than is shown says whether there is a next page.
  const stored = await services.storage.query('transactionsOfLock', { lock, limit: count + 1, ...(before && { before }) });
  const shown = stored.slice(0, count);
  const inBlock = new Set(shown.map(({ txid }) => txid));
  const pending = before === undefined ? pendingOf(services, lock).filter(({ hashed }) => !inBlock.has(hashed.txid)) : [];
  const last = shown.at(-1);
  return {
    transactions: [...pending.slice(0, maxPendingShown).map((one) => pendingRow(services, lock, one)), ...shown.map(blockRow)],
    ...(stored.length > count && last !== undefined ? { next: { height: last.height, n: last.position } } : {}),
  };
}

function pendingRow({ views }: NodeServices, lock: Lock, { hashed, status, receivedMs }: PendingTransaction): HistoryRow {
  const received = sumOf(hashed.transaction.outputs.filter((output) => output.lock === lock).map(({ amount }) => amount));
  const coins = hashed.transaction.inputs.map((input) => views.coin(outpointKey(input)) ?? views.pending(input.txid)?.hashed.transaction.outputs[input.vout]);
  const paid = hashed.witnessLocks.includes(lock) ? sumOf(coins.map((coin) => (coin?.lock === lock ? coin.amount : 0n))) : 0n;
  return {
    txid: hashed.txid,
    state: stageOf[status],
    kind: hashed.transaction.kind,
    time: receivedMs,
    received: formatTime(received),
    ...(coins.includes(undefined) ? {} : { change: formatTime(received - paid) }),
  };
}

const blockRow = ({ txid, height, blockTimeMs, kind, received, paid }: LockTransaction): HistoryRow => ({
  txid,
  state: 'confirmed',
  time: blockTimeMs,
  blockheight: height,
  ...(kind === undefined ? {} : { kind }),
  ...(received === undefined ? {} : { received: formatTime(received) }),
  ...(received === undefined || paid === undefined ? {} : { change: formatTime(received - paid) }),
});

export async function addressCoinsOf(services: NodeServices, lock: Lock, count: number, after: Outpoint | undefined): Promise<Response<'getaddressutxos'>> {
  const stored = await services.storage.query('coinsOfLock', { lock, limit: count + 1, ...(after && { after }) });
  return {
    coins: stored.slice(0, count).map(({ outpoint, coin }) => ({
      ...outpoint,
      value: formatTime(coin.amount),
      height: coin.height,
      coinbase: coin.coinbase,
      ...standingOf(services, outpoint, coin),
    })),
    complete: stored.length <= count,
  };
}
