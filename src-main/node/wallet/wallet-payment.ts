import { formatTime } from '../../../src-shared/domain/amount.ts';
import type { Lock, OutpointKey } from '../../../src-shared/domain/ids.ts';
import { type TransactionOutput, transactionBytes } from '../../core/codec/transaction.ts';
import { dustUnits, minFeeUnits } from '../../core/constants.ts';
import { requiredFee } from '../../core/ledger/fee.ts';
import {
  type FeeRule,
  planFee,
  planMaximum,
  planPayment,
  planWithAll,
  type SpendableCoin,
  type SpendError,
  type SpendPlan,
  type SpendResult,
} from '../../core/wallet/coin-selection.ts';
import { CodedError } from '../coded-error.ts';

export interface PaymentPlanRequest {
  readonly candidates: readonly SpendableCoin[];
  /** Coins of payments under way. */
  readonly excluded: ReadonlySet<OutpointKey>;
  readonly to: Lock;
  /** Units; undefined: everything. */
  readonly amount: bigint | undefined;
  /** The payee gets the amount less the fee. */
  readonly subtractFee: boolean;
  /** All candidates pay: a person chose them. */
  readonly useAll: boolean;
}

const feeRule: FeeRule = ({ sizeBytes, paidToOthers }) => requiredFee(sizeBytes, paidToOthers);
/** The fee depends on the coins and the coins on the fee; each turn comes nearer, and a few are enough. */
const maxFeeTurns = 32;

/** Throws CodedError: `insufficient-funds`, `invalid-parameter` or `wallet-error`. */
export function planOf(request: PaymentPlanRequest): SpendPlan {
  const { amount, subtractFee, to, candidates, excluded, useAll } = request;
  const spend = { candidates, excluded, feeRule };
  const plan = useAll ? planWithAll : planPayment;
  const result =
    amount === undefined
      ? planMaximum({ ...spend, to })
      : subtractFee
        ? planWithFeeInside((payments) => plan({ ...spend, payments }), to, amount)
        : plan({ ...spend, payments: [{ amount, lock: to }] });
  if (result.ok) return result.plan;
  throw codedSpendError(result.error);
}

/** What a masternode transaction's payload and its signers beside the payers' keys add to its bytes. */
export interface ExtraBytes {
  readonly payloadBytes: number;
  readonly witnesses: number;
}

/**
 * The coins of a transaction that pays nobody, and their change: any that may be spent, or the one that it releases. Throws CodedError
 * `insufficient-funds` or `wallet-error`.
 */
export function planOfFee(from: { readonly candidates: readonly SpendableCoin[]; readonly excluded: ReadonlySet<OutpointKey> }, extra: ExtraBytes): SpendPlan {
  const extraBytes = transactionBytes({ inputs: 0, outputs: 0, ...extra }) - transactionBytes({ inputs: 0, outputs: 0, payloadBytes: 0, witnesses: 0 });
  const result = planFee({ ...from, feeRule: ({ sizeBytes, paidToOthers }) => requiredFee(sizeBytes + extraBytes, paidToOthers) });
  if (result.ok) return result.plan;
  throw codedSpendError(result.error);
}

/** What leaves the wallet is the amount, give or take what is less than dust: change that is no coin, or the last unit of a fee that no fee fits exactly. */
function planWithFeeInside(plan: (payments: readonly TransactionOutput[]) => SpendResult, to: Lock, amount: bigint): SpendResult {
  const tried = new Set<bigint>();
  let fee: bigint = minFeeUnits;
  let enough: SpendResult | undefined;
  while (!tried.has(fee) && tried.size < maxFeeTurns) {
    tried.add(fee);
    if (amount - fee < dustUnits) return { ok: false, error: { code: 'dust', amount: amount > fee ? amount - fee : 0n, minimum: dustUnits } };
    const result = plan([{ amount: amount - fee, lock: to }]);
    if (result.ok) {
      const { fee: needed, change } = result.plan;
      if (needed === fee || (change === 0n && needed > fee && needed - fee < dustUnits)) return result;
      if (needed < fee) enough = result;
      fee = needed;
      continue;
    }
    // Where the coins hold the amount, the fee inside it is what is short: that much less is paid.
    if (result.error.code !== 'insufficient-funds' || result.error.available < amount) return result;
    fee += result.error.needed - result.error.available;
  }
  return enough ?? plan([{ amount: amount - fee, lock: to }]);
}

function codedSpendError(error: SpendError): CodedError {
  switch (error.code) {
    case 'insufficient-funds':
      return new CodedError('insufficient-funds', `${formatTime(error.needed)} TIME are needed, and ${formatTime(error.available)} can be spent now.`, {
        needed: formatTime(error.needed),
        available: formatTime(error.available),
      });
    case 'dust':
      return new CodedError('invalid-parameter', `The least that can be paid is ${formatTime(error.minimum)} TIME.`, { minimum: formatTime(error.minimum) });
    case 'too-many-inputs':
      return new CodedError(
        'wallet-error',
        `The coins are too small to pay this at once: gather them first, ${error.maxInputs} at a time, by paying yourself.`,
        {
          maxinputs: error.maxInputs,
        },
      );
    case 'too-many-outputs':
      return new CodedError('invalid-parameter', `At most ${error.maxPayments} payees.`);
    case 'invalid-amount':
      return new CodedError('invalid-parameter', 'The amount must be above zero.');
    default:
      return error satisfies never;
  }
}
