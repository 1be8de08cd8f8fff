import { type Amount, isAmount, sumOf } from '../../../src-shared/domain/amount.ts';
import { type Lock, type Outpoint, type OutpointKey, outpointKey } from '../../../src-shared/domain/ids.ts';
import { type TransactionOutput, transactionBytes } from '../codec/transaction.ts';
import { dustUnits, maxInputs, maxOutputs, minFeeUnits } from '../constants.ts';
import { invariant } from '../invariant.ts';

/**
 * Which coins pay, what fee, what comes back.
 *
 * The smallest single coin that is enough; else the largest coins, as few as will do. Both leave at most one coin of change, and the second keeps
 * the change below every coin it spends, so that change to the richest paying key never exceeds what that key pays and costs no 0.1 %.
 * There is no search for a combination without change: a change output costs 112 units, less than any search is worth.
 */

export interface SpendableCoin {
  readonly outpoint: Outpoint;
  /** Units. */
  readonly amount: bigint;
  readonly lock: Lock;
}

/**
 * The consensus fee in units for a transaction of that shape (protocol section 4). Selection relies on two properties of it: it never falls when
 * an argument rises, and another input costs less than dust (546 units buy 136 bytes; an input with its witness has 132).
 */
export type FeeRule = (shape: { readonly sizeBytes: number; readonly paidToOthers: bigint }) => bigint;

export interface SpendRequest {
  /** Only coins that may be spent now (see balance.ts). Their order does not matter, and a coin listed twice counts once. */
  readonly candidates: readonly SpendableCoin[];
  readonly excluded?: ReadonlySet<OutpointKey>;
  readonly feeRule: FeeRule;
}
export interface PaymentRequest extends SpendRequest {
  readonly payments: readonly TransactionOutput[];
  /** Where change goes; by default to the paying key that pays most. A lock that pays nothing makes the change count as paid to others. */
  readonly changeLock?: Lock;
}

export interface SpendPlan {
  /** Largest first. */
  readonly coins: readonly SpendableCoin[];
  /** The payments in their order, then the change if there is any. */
  readonly outputs: readonly TransactionOutput[];
  /** Inputs minus outputs, exactly. */
  readonly fee: Amount;
  /** Zero if there is no change output: less than dust goes to the fee. */
  readonly change: Amount;
  readonly paidToOthers: Amount;
}

export type SpendError =
  /** `needed` is the payments and the fee with every coin there is. */
  | { readonly code: 'insufficient-funds'; readonly available: bigint; readonly needed: bigint }
  | { readonly code: 'dust'; readonly amount: bigint; readonly minimum: bigint }
  /** There is enough, but not in the largest `maxInputs` coins. */
  | { readonly code: 'too-many-inputs'; readonly maxInputs: number; readonly available: bigint; readonly needed: bigint }
  | { readonly code: 'too-many-outputs'; readonly maxPayments: number }
  | { readonly code: 'invalid-amount' };

export type SpendResult = { readonly ok: true; readonly plan: SpendPlan } | { readonly ok: false; readonly error: SpendError };

const failed = (error: SpendError): SpendResult => ({ ok: false, error });
/** One output is kept for change: without it what is left over would all go to the fee. */
const maxPayments = maxOutputs - 1;

/** Coins that pay together. */
interface Purse {
  readonly coins: readonly SpendableCoin[];
  readonly total: bigint;
  readonly byLock: ReadonlyMap<Lock, bigint>;
}

export function planPayment(request: PaymentRequest): SpendResult {
  const { payments, feeRule } = request;
  const wrong = wrongPayments(payments);
  if (wrong !== undefined) return failed(wrong);
  const paid = sumOf(payments.map((payment) => payment.amount));
  const usable = usableCoins(request);
  // Paying from a key that is none of the payees is the dearest way for one coin, so a coin of this size is always enough.
  const enough = paid + feeRule({ sizeBytes: sizeOf(1, payments.length, 1), paidToOthers: paid });
  const single = smallestOf(usable, enough);
  if (single !== undefined) return planned(purseOf([single]), request);

  const coins = largestFirst(usable);
  const largest = coins.slice(0, maxInputs);
  const everything = purseOf(largest);
  const needed = paid + feeFor(everything, payments, feeRule);
  if (everything.total < needed) return failed(shortage(coins, needed));
  // Every further coin is worth more than it costs, so being enough is monotone in the number of coins.
  let count = largest.length;
  for (let tooFew = 0; count - tooFew > 1; ) {
    const middle = (count + tooFew) >> 1;
    const purse = purseOf(largest.slice(0, middle));
    if (purse.total >= paid + feeFor(purse, payments, feeRule)) count = middle;
    else tooFew = middle;
  }
  return planned(purseOf(largest.slice(0, count)), request);
}

/** All of the candidates pay, however little would do: somebody chose them. */
export function planWithAll(request: PaymentRequest): SpendResult {
  const { payments, feeRule } = request;
  const wrong = wrongPayments(payments);
  if (wrong !== undefined) return failed(wrong);
  const coins = largestFirst(usableCoins(request));
  const purse = purseOf(coins);
  const needed = sumOf(payments.map((payment) => payment.amount)) + feeFor(purse, payments, feeRule);
  if (coins.length > maxInputs) return failed({ code: 'too-many-inputs', maxInputs, available: purse.total, needed });
  if (purse.total < needed) return failed({ code: 'insufficient-funds', available: purse.total, needed });
  return planned(purse, request);
}

function wrongPayments(payments: readonly TransactionOutput[]): SpendError | undefined {
  if (payments.length === 0) return { code: 'invalid-amount' };
  if (payments.length > maxPayments) return { code: 'too-many-outputs', maxPayments };
  const paid = sumOf(payments.map((payment) => payment.amount));
  if (!isAmount(paid) || payments.some((payment) => payment.amount <= 0n)) return { code: 'invalid-amount' };
  const dust = payments.find((payment) => payment.amount < dustUnits);
  return dust === undefined ? undefined : { code: 'dust', amount: dust.amount, minimum: dustUnits };
}

/** The most that one transaction can pay to `to`: all candidates, or the largest thousand of them. */
export function planMaximum(request: SpendRequest & { readonly to: Lock }): SpendResult {
  const { feeRule, to } = request;
  const coins = largestFirst(usableCoins(request));
  const purse = purseOf(coins.slice(0, maxInputs));
  const payment = (fee: bigint): TransactionOutput[] => [{ amount: purse.total > fee ? purse.total - fee : 0n, lock: to }];
  const fee = leastFee((tried) => feeFor(purse, payment(tried), feeRule));
  if (purse.total - fee < dustUnits) return failed(shortage(coins, dustUnits + fee));
  return result(purse, payment(fee), 0n);
}

/**
 * For a transaction that pays nobody: the smallest coin that holds the fee and a change that is no dust; else all of them, gathered at the lock that pays
 * most.
 */
export function planFee(request: SpendRequest): SpendResult {
  const usable = usableCoins(request);
  const single = smallestOf(usable, dustUnits + request.feeRule({ sizeBytes: sizeOf(1, 1, 1), paidToOthers: 0n }));
  if (single !== undefined) return planMaximum({ ...request, candidates: [single], to: single.lock });
  const purse = purseOf(largestFirst(usable).slice(0, maxInputs));
  if (purse.coins.length === 0) return failed({ code: 'insufficient-funds', available: 0n, needed: dustUnits + minFeeUnits });
  return planMaximum({ ...request, candidates: purse.coins, to: richestLock(purse) });
}

function planned(purse: Purse, { payments, feeRule, changeLock = richestLock(purse) }: PaymentRequest): SpendResult {
  const rest = purse.total - sumOf(payments.map((payment) => payment.amount));
  const withChange = (fee: bigint): TransactionOutput[] => [...payments, { amount: rest > fee ? rest - fee : 0n, lock: changeLock }];
  const fee = leastFee((tried) => feeFor(purse, withChange(tried), feeRule));
  return rest - fee >= dustUnits ? result(purse, withChange(fee), rest - fee) : result(purse, payments, 0n);
}

function result(purse: Purse, outputs: readonly TransactionOutput[], change: bigint): SpendResult {
  const fee = purse.total - sumOf(outputs.map((output) => output.amount));
  const paid = paidToOthers(purse.byLock, outputs);
  // Only a wallet holding more than 2^64 units could fail here, and such inputs would be refused as an overflow.
  if (!isAmount(purse.total) || !isAmount(fee) || !isAmount(change) || !isAmount(paid)) return failed({ code: 'invalid-amount' });
  return { ok: true, plan: { coins: purse.coins, outputs, fee, change, paidToOthers: paid } };
}

/**
 * The smallest fee f with f >= feeAt(f). A higher fee leaves less to pay out, so `feeAt` never rises: `feeAt(0)` is always enough, and where it
 * repeats itself it is the least; otherwise (the fee's own 0.1 %) the least is found by halving.
 */
function leastFee(feeAt: (fee: bigint) => bigint): bigint {
  let enough = feeAt(0n);
  if (feeAt(enough) === enough) return enough;
  for (let tooLittle = -1n; enough - tooLittle > 1n; ) {
    const middle = (enough + tooLittle) / 2n;
    if (middle >= feeAt(middle)) enough = middle;
    else tooLittle = middle;
  }
  return enough;
}

/** One witness serves all inputs of one key. */
const sizeOf = (inputs: number, outputs: number, keys: number): number => transactionBytes({ inputs, outputs, payloadBytes: 0, witnesses: keys });

const feeFor = (purse: Purse, outputs: readonly TransactionOutput[], feeRule: FeeRule): bigint =>
  feeRule({ sizeBytes: sizeOf(purse.coins.length, outputs.length, purse.byLock.size), paidToOthers: paidToOthers(purse.byLock, outputs) });

/** The sum over locks of max(0, out - in) (protocol section 4). */
function paidToOthers(paidIn: ReadonlyMap<Lock, bigint>, outputs: readonly TransactionOutput[]): bigint {
  const paidOut = new Map<Lock, bigint>();
  for (const { lock, amount } of outputs) paidOut.set(lock, (paidOut.get(lock) ?? 0n) + amount);
  let total = 0n;
  for (const [lock, out] of paidOut) {
    const own = paidIn.get(lock) ?? 0n;
    if (out > own) total += out - own;
  }
  return total;
}

function purseOf(coins: readonly SpendableCoin[]): Purse {
  const byLock = new Map<Lock, bigint>();
  for (const { lock, amount } of coins) byLock.set(lock, (byLock.get(lock) ?? 0n) + amount);
  return { coins, total: sumOf(byLock.values()), byLock };
}

function richestLock(purse: Purse): Lock {
  let richest: readonly [Lock, bigint] | undefined;
  for (const entry of purse.byLock) {
    if (richest === undefined || entry[1] > richest[1] || (entry[1] === richest[1] && entry[0] < richest[0])) richest = entry;
  }
  invariant(richest !== undefined, 'some coin pays');
  return richest[0];
}

const usableCoins = ({ candidates, excluded }: SpendRequest): readonly SpendableCoin[] =>
  excluded === undefined || excluded.size === 0 ? candidates : candidates.filter((coin) => !excluded.has(outpointKey(coin.outpoint)));

/** The usual case, so it does without sorting: a masternode's wallet gathers tens of thousands of coins in a year. */
function smallestOf(coins: readonly SpendableCoin[], atLeast: bigint): SpendableCoin | undefined {
  let smallest: SpendableCoin | undefined;
  for (const coin of coins) {
    if (coin.amount >= atLeast && (smallest === undefined || byAmountThenPlace(coin, smallest) < 0)) smallest = coin;
  }
  return smallest;
}

/** Each coin once, however often it was listed. */
function largestFirst(coins: readonly SpendableCoin[]): SpendableCoin[] {
  const sorted = coins.toSorted((a, b) => byAmountThenPlace(b, a));
  return sorted.filter((coin, at) => at === 0 || byAmountThenPlace(coin, sorted[at - 1] as SpendableCoin) !== 0);
}

/** A total order, so that the answer does not depend on how the candidates were listed. */
const byAmountThenPlace = (a: SpendableCoin, b: SpendableCoin): number =>
  compare(a.amount, b.amount) || compare(a.outpoint.txid, b.outpoint.txid) || a.outpoint.vout - b.outpoint.vout;

const compare = <T extends bigint | string>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

function shortage(coins: readonly SpendableCoin[], needed: bigint): SpendError {
  const available = sumOf(coins.map((coin) => coin.amount));
  return available < needed || coins.length <= maxInputs
    ? { code: 'insufficient-funds', available, needed }
    : { code: 'too-many-inputs', maxInputs, available, needed };
}
