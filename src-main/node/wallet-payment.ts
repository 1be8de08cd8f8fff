import { formatTime } from '../../src-shared/domain/amount.ts';
import type { Lock, OutpointKey } from '../../src-shared/domain/ids.ts';
import { dustUnits, minFeeUnits } from '../core/constants.ts';
import { requiredFee } from '../core/ledger/fee.ts';
import {
  type FeeRule,
  planMaximum,
  planPayment,
  type SpendableCoin,
  type SpendError,
  type SpendPlan,
  type SpendResult,
} from '../core/wallet/coin-selection.ts';
import { CodedError } from './coded-error.ts';

export interface PaymentPlanRequest {
  readonly candidates: readonly SpendableCoin[];
  /** Coins of payments under way. */
  readonly excluded: ReadonlySet<OutpointKey>;
  readonly to: Lock;
  /** Units; undefined: everything. */
  readonly amount: bigint | undefined;
  /** The payee gets the amount less the fee. */
  readonly subtractFee: boolean;
}

const feeRule: FeeRule = ({ sizeBytes, paidToOthers }) => requiredFee(sizeBytes, paidToOthers);
/** The fee depends on the coins and the coins on the fee; each turn comes nearer, and a few are enough. */
const maxFeeTurns = 32;

/** Throws CodedError: `insufficient-funds`, `invalid-parameter` or `wallet-error`. */
export function planOf(request: PaymentPlanRequest): SpendPlan {
  const { amount, subtractFee, to, candidates, excluded } = request;
  const spend = { candidates, excluded, feeRule };
  const result =
    amount === undefined
      ? planMaximum({ ...spend, to })
      : subtractFee
        ? planWithFeeInside(request, amount)
        : planPayment({ ...spend, payments: [{ amount, lock: to }] });
  if (result.ok) return result.plan;
  throw codedSpendError(result.error);
}

/** What leaves the wallet is the amount or, where a larger fee would be needed for less paid, a few units below it. */
function planWithFeeInside({ candidates, excluded, to }: PaymentPlanRequest, amount: bigint): SpendResult {
  let fee: bigint = minFeeUnits;
  let last: SpendResult = { ok: false, error: { code: 'dust', amount, minimum: dustUnits } };
  for (let turn = 0; turn < maxFeeTurns; turn++) {
    if (amount - fee < dustUnits) return { ok: false, error: { code: 'dust', amount: amount > fee ? amount - fee : 0n, minimum: dustUnits } };
    last = planPayment({ candidates, excluded, feeRule, payments: [{ amount: amount - fee, lock: to }] });
    if (last.ok) {
      if (last.plan.fee <= fee) return last;
      fee = last.plan.fee;
      continue;
    }
    // The fee inside the amount is what is short: pay that much less. More than the amount itself is truly short.
    if (last.error.code !== 'insufficient-funds' || last.error.available < amount) return last;
    fee += last.error.needed - last.error.available;
  }
  return last;
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
