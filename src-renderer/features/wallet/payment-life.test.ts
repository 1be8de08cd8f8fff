import { expect, test } from 'vitest';
import { isSettled, lifeOf, lifeSummary, type PaymentInfo } from './payment-life.ts';

const info = (part: Partial<PaymentInfo>): PaymentInfo => ({ state: 'voting', acceptweight: 0, commitweight: 0, totalweight: 40, ...part });
const shape = (payment: PaymentInfo | undefined): string =>
  lifeOf(payment)
    .map(({ key, state }) => `${key}:${state}`)
    .join(' ');

test.each([
  [undefined, 'sent:done accept:now final:ahead block:ahead'],
  [info({ acceptweight: 20 }), 'sent:done accept:now final:ahead block:ahead'],
  [info({ state: 'certified', acceptweight: 40 }), 'sent:done accept:done final:now block:ahead'],
  [info({ state: 'final', acceptweight: 40, commitweight: 40, finalafterms: 38 }), 'sent:done accept:done final:done block:now'],
  [info({ state: 'confirmed', acceptweight: 40, commitweight: 40, finalafterms: 38, blockheight: 7 }), 'sent:done accept:done final:done block:done'],
  // Settled by a block before any quorum: nothing is claimed that did not happen.
  [info({ state: 'confirmed', acceptweight: 20, blockheight: 7 }), 'sent:done block:done'],
  [info({ state: 'rejected', reason: 'missing-input' }), 'sent:done end:failed'],
  [info({ state: 'dropped', reason: 'expired' }), 'sent:done end:failed'],
])('steps of %j', (payment, steps) => expect(shape(payment)).toBe(steps));

test('the summary says it in words', () => {
  expect(lifeSummary(info({ state: 'confirmed', finalafterms: 412, blockheight: 1_204 }))).toBe('Final after 412\u00a0ms, in block 1,204');
  expect(lifeSummary(info({ state: 'confirmed', blockheight: 1_204 }))).toBe('Final, in block 1,204');
  expect(lifeSummary(info({ state: 'rejected', reason: 'conflict-certified' }))).toBe('Rejected: it spends a coin that another payment has already spent');
  expect(lifeSummary(info({ state: 'dropped', reason: 'expired' }))).toContain('no quorum voted for it in time. Your coins are spendable again.');
  expect(lifeSummary(info({ state: 'dropped', reason: 'inapplicable' }))).toBe('Not done: a block spent its coins otherwise.');
});

test('votes are shown with their weight once the total is known', () => {
  expect(lifeOf(info({ acceptweight: 30 }))[1]?.votes).toEqual({ name: 'Accept', weight: 30, totalWeight: 40 });
  expect(lifeOf(info({ totalweight: 0 }))[1]?.votes).toBeUndefined();
});

test.each([
  ['voting', false],
  ['certified', false],
  ['final', false],
  ['confirmed', true],
  ['rejected', true],
  ['dropped', true],
] as const)('%s is settled: %s', (state, settled) => expect(isSettled(info({ state }))).toBe(settled));
