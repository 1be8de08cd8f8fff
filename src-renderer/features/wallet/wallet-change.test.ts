import { expect, test } from 'vitest';
import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { changeOf } from './wallet-change.ts';

const wallet = (part: Partial<TopicValue<'wallet'>> = {}, trusted = '1.00000000', hash = 'aa'): TopicValue<'wallet'> => ({
  info: null,
  balances: {
    mine: { trusted, untrusted_pending: '0', immature: '0', locked: '0' },
    lastprocessedblock: { hash, height: 1 },
  } as TopicValue<'wallet'>['balances'],
  transactions: [],
  nowms: 1,
  ...part,
});

test('the clock changes nothing; a block, a balance or a state does', () => {
  const transactions = [{ txid: 'x', state: 'voting', label: '' }] as unknown as TopicValue<'wallet'>['transactions'];
  const final = [{ txid: 'x', state: 'final', label: '' }] as unknown as TopicValue<'wallet'>['transactions'];
  expect(changeOf(wallet({ nowms: 2 }))).toBe(changeOf(wallet()));
  const all = [wallet(), wallet({}, '2.00000000'), wallet({}, '1.00000000', 'bb'), wallet({ transactions }), wallet({ transactions: final })].map(changeOf);
  expect(new Set(all).size).toBe(all.length);
});
