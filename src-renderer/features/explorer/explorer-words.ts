import type { Response } from '../../../src-shared/api/contract.ts';
import { text } from '../../text/text.ts';
import type { Tone } from '../../ui/status-word.tsx';
import type { Why } from './read-input.ts';

export type TransactionDetails = Response<'gettransactiondetails'>;
export type Details = NonNullable<TransactionDetails['details']>;
export type OutputState = Details['outputs'][number]['state'];

/** Why something typed is nothing. */
export function whyWords(why: Why): string {
  const words = text.explorer.search.why;
  switch (why.kind) {
    case 'address':
      return text.recipientErrors[why.error];
    case 'hash-length':
      return words['hash-length'](why.digits);
    case 'unknown':
    case 'wallet-words':
    case 'number-too-large':
    case 'output-number':
      return words[why.kind];
  }
}

export const outputTones: Record<OutputState, Tone> = {
  pending: 'muted',
  unspent: 'good',
  immature: 'muted',
  collateral: 'muted',
  locked: 'warning',
  spentPending: 'warning',
  spentFinalized: 'muted',
  spent: 'muted',
};

export const stateTones: Record<TransactionDetails['state'], Tone> = {
  voting: 'muted',
  certified: 'muted',
  final: 'good',
  confirmed: 'good',
  rejected: 'bad',
  dropped: 'warning',
};

/** Payments are voted on; blocks alone decide the others, which have no votes to wait for. */
export function stateWords({ state, reason }: Pick<TransactionDetails, 'state' | 'reason'>, kind: Details['kind'] | undefined): string {
  const words = text.explorer.transaction.states;
  switch (state) {
    case 'rejected':
    case 'dropped':
      return words[state](text.reason(reason));
    case 'voting':
    case 'certified':
      return kind === undefined || kind === 'transfer' ? words[state] : words.waiting;
    case 'final':
    case 'confirmed':
      return words[state];
  }
}

/** The coins that the network began with are nobody’s reward. */
export const kindWords = (kind: Details['kind'], height: number | undefined): string =>
  kind === 'coinbase' && height === 0 ? text.explorer.firstCoins : text.explorer.kinds[kind];

const units = (time: string): bigint => BigInt(time.replace('.', ''));

/** Amounts of the contract added up, as the contract writes them. */
export function sumOf(times: readonly string[]): string {
  const digits = times
    .reduce((sum, time) => sum + units(time), 0n)
    .toString()
    .padStart(9, '0');
  return `${digits.slice(0, -8)}.${digits.slice(-8)}`;
}
