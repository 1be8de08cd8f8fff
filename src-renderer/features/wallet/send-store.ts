import { create } from 'zustand';
import type { Request, Response } from '../../../src-shared/api/contract.ts';
import { formatTime, parseTime, sumOf } from '../../../src-shared/domain/amount.ts';
import { ofAccount } from './account-store.ts';
import type { AmountUnit, SendFields } from './send-fields.ts';

/** A coin that was named to pay. */
export interface ChosenCoin {
  readonly txid: string;
  readonly vout: number;
  /** Decimal string of TIME. */
  readonly amount: string;
}
/** At most so many are named: the contract takes no more. */
export const maxChosenCoins = 1_000;

/** What a person has decided on, as the contract takes it. */
export interface Payment {
  readonly address: string;
  /** Decimal string of TIME. */
  readonly amount: string;
  readonly label: string;
  /** The payee gets the fee less. */
  readonly subtractFee: boolean;
  /** Undefined: any of the wallet's. */
  readonly account: number | undefined;
  /** Undefined: the wallet chooses. */
  readonly coins: readonly ChosenCoin[] | undefined;
}
export type Estimate = Response<'estimatefee'>;

export type SendStage =
  /** `returned`: from another stage, whose buttons are gone with whatever had the focus. */
  | { readonly kind: 'form'; readonly returned: boolean }
  | { readonly kind: 'review'; readonly payment: Payment; readonly estimate: Estimate }
  | { readonly kind: 'sent'; readonly payment: Payment; readonly txid: string };

/** What the form holds. */
export interface SendChoice extends SendFields {
  readonly unit: AmountUnit;
  readonly subtractFee: boolean;
  readonly coins: readonly ChosenCoin[] | undefined;
}
export interface SendState extends SendChoice {
  readonly stage: SendStage;
}

const empty: SendState = {
  to: '',
  amount: '',
  label: '',
  unit: 'time',
  subtractFee: false,
  coins: undefined,
  stage: { kind: 'form', returned: false },
};

/** Outlives the page, so that a look at another one loses neither what was typed nor the payment being watched. Never the passphrase. */
export const useSend = create<SendState>()(() => empty);

export const editSend = (part: Partial<SendChoice>): void => useSend.setState(part);
export const reviewPayment = (payment: Payment, estimate: Estimate): void => useSend.setState({ stage: { kind: 'review', payment, estimate } });
export const backToForm = (): void => useSend.setState({ stage: { kind: 'form', returned: true } });
/** `payment.amount`: what the payee gets. */
export const paymentSent = (payment: Payment, txid: string): void => useSend.setState({ ...empty, stage: { kind: 'sent', payment, txid } });
/** From a link: a form of its own, which a person still reviews. */
export const startPayment = (fields: Partial<SendFields>): void => useSend.setState({ ...empty, ...fields });
export const newPayment = (): void => useSend.setState({ ...empty, stage: { kind: 'form', returned: true } });

export const coinKey = ({ txid, vout }: Pick<ChosenCoin, 'txid' | 'vout'>): string => `${txid}:${vout}`;
/** Takes the coin, or gives it back where it was taken; none left is the same as letting the wallet choose. */
export function toggledCoins(coins: readonly ChosenCoin[] | undefined, coin: ChosenCoin): readonly ChosenCoin[] | undefined {
  const others = (coins ?? []).filter((one) => coinKey(one) !== coinKey(coin));
  if (others.length < (coins?.length ?? 0)) return others.length === 0 ? undefined : others;
  return others.length >= maxChosenCoins ? coins : [...others, { txid: coin.txid, vout: coin.vout, amount: coin.amount }];
}
/** Decimal string of TIME. */
export const sumOfCoins = (coins: readonly ChosenCoin[]): string => formatTime(sumOf(coins.map(({ amount }) => parseTime(amount) ?? 0n)));

/** What a payment pays with, as the contract takes it. */
export const sourceOf = ({ account, coins }: Pick<Payment, 'account' | 'coins'>): { account?: number; inputs?: { txid: string; vout: number }[] } => ({
  ...ofAccount(account),
  ...(coins === undefined ? {} : { inputs: coins.map(({ txid, vout }) => ({ txid, vout })) }),
});

/** `fee` that was reviewed is the most that it may cost. */
export const requestOf = (payment: Payment, passphrase: string, fee: string): Request<'sendtoaddress'> => ({
  address: payment.address,
  amount: payment.amount,
  label: payment.label,
  subtractfeefromamount: payment.subtractFee,
  passphrase,
  maxfee: fee,
  ...sourceOf(payment),
});
