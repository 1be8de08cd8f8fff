import { expect, test } from 'vitest';
import { PendingRequests } from './pending-requests.ts';
import { hex } from './storage/test-chain.ts';

const mebibyte = 1024 * 1024;

test('requests are answered once, by number, and refused when the node stops', async () => {
  const requests = new PendingRequests();
  const numbers: number[] = [];
  const [first, second] = [requests.ask(1, (number) => numbers.push(number)), requests.ask(1, (number) => numbers.push(number))];
  requests.answer(numbers[1] ?? 0, { txid: hex(2) as never });
  requests.answer(numbers[1] ?? 0, { txid: hex(3) as never });
  expect(await second).toEqual({ txid: hex(2) });
  requests.stop();
  await expect(first).rejects.toMatchObject({ code: 'storage-stopped' });
  await expect(requests.ask(1, () => {})).rejects.toMatchObject({ code: 'storage-stopped' });
});

test.each([
  ['many', 10_000, 1],
  ['large', 64, mebibyte],
])('too %s are refused without reaching core, until one is answered', async (_, count, bytes) => {
  const requests = new PendingRequests();
  const numbers: number[] = [];
  const send = (number: number): void => void numbers.push(number);
  const asked = Array.from({ length: count }, () => requests.ask(bytes, send));
  await expect(requests.ask(bytes, send)).rejects.toMatchObject({ code: 'too-many-queries' });
  expect(numbers).toHaveLength(count);
  requests.answer(numbers[0] ?? 0, { txid: hex(1) as never });
  await asked[0];
  asked.push(requests.ask(bytes, send));
  expect(numbers).toHaveLength(count + 1);
  requests.stop();
  expect((await Promise.allSettled(asked)).filter(({ status }) => status === 'rejected')).toHaveLength(count);
});
