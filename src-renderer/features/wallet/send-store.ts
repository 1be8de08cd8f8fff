import { create } from 'zustand';
import type { Response } from '../../../src-shared/api/contract.ts';
import type { SendFields } from './send-fields.ts';

/** What a person has decided on, as the contract takes it. */
export interface Payment {
  readonly address: string;
  /** Decimal string of TIME. */
  readonly amount: string;
  readonly label: string;
}
export type Estimate = Response<'estimatefee'>;

export type SendStage =
  /** `returned`: from another stage, whose buttons are gone with whatever had the focus. */
  | { readonly kind: 'form'; readonly returned: boolean }
  | { readonly kind: 'review'; readonly payment: Payment; readonly estimate: Estimate }
  | { readonly kind: 'sent'; readonly payment: Payment; readonly txid: string };

export interface SendState extends SendFields {
  readonly stage: SendStage;
}

const empty: SendState = { to: '', amount: '', label: '', stage: { kind: 'form', returned: false } };

/** Outlives the page, so that a look at another one loses neither what was typed nor the payment being watched. Never the passphrase. */
export const useSend = create<SendState>()(() => empty);

export const editSend = (part: Partial<SendFields>): void => useSend.setState(part);
export const reviewPayment = (payment: Payment, estimate: Estimate): void => useSend.setState({ stage: { kind: 'review', payment, estimate } });
export const backToForm = (): void => useSend.setState({ stage: { kind: 'form', returned: true } });
export const paymentSent = (payment: Payment, txid: string): void => useSend.setState({ ...empty, stage: { kind: 'sent', payment, txid } });
/** From a link: a form of its own, which a person still reviews. */
export const startPayment = (fields: Partial<SendFields>): void => useSend.setState({ ...empty, ...fields });
export const newPayment = (): void => useSend.setState({ ...empty, stage: { kind: 'form', returned: true } });
