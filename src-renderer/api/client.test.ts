import { describe, expect, test } from 'vitest';
import type { TopicEvent } from '../../src-shared/api/topics.ts';
import { Client } from './client.ts';
import { type ClientBridge, failed, type Outcome } from './client-error.ts';

const wallet = (trusted: string) => ({
  info: null,
  balances: {
    mine: { trusted, untrusted_pending: '0.00000000', immature: '0.00000000', locked: '0.00000000' },
    lastprocessedblock: { hash: 'a'.repeat(64), height: 1 },
  },
  transactions: [],
  nowms: 1,
});

/** Answers as told, and pushes what the test pushes. */
class FakeBridge implements ClientBridge {
  reply: () => Promise<Outcome<unknown>> = async () => failed('internal', 'not told');
  readonly listeners = new Map<string, (event: TopicEvent) => void>();
  readonly log: string[] = [];

  invoke(): Promise<Outcome<unknown>> {
    return this.reply();
  }
  subscribe(topic: string, listener: (event: TopicEvent) => void): () => void {
    this.log.push(`+${topic}`);
    this.listeners.set(topic, listener);
    return () => this.log.push(`-${topic}`);
  }
  push(sequence: number, value: unknown): void {
    this.listeners.get('wallet')?.({ topic: 'wallet', sequence, value } as TopicEvent);
  }
}

const start = () => {
  const bridge = new FakeBridge();
  const misunderstood: string[] = [];
  const client = new Client(bridge, (what) => misunderstood.push(what));
  const heard: string[] = [];
  const end = client.subscribe('wallet', (value) => heard.push(value.balances.mine.trusted));
  return { bridge, client, misunderstood, heard, end };
};

describe('calls', () => {
  test('give what the contract says', async () => {
    const { bridge, client } = start();
    bridge.reply = async () => ({ ok: true, value: 42 });
    expect(await client.call('uptime', {})).toEqual({ ok: true, value: 42 });
  });

  test('refuse what it does not say, and report it', async () => {
    const { bridge, client, misunderstood } = start();
    bridge.reply = async () => ({ ok: true, value: 'soon' });
    expect(await client.call('uptime', {})).toMatchObject({ ok: false, error: { code: 'not-understood' } });
    expect(misunderstood).toEqual(['uptime']);
  });

  test('pass coded errors on, with an unknown code made one that has words', async () => {
    const { bridge, client } = start();
    bridge.reply = async () => ({ ok: false, error: { code: 'insufficient-funds', message: 'short' } });
    expect(await client.call('uptime', {})).toMatchObject({ ok: false, error: { code: 'insufficient-funds' } });
    bridge.reply = async () => ({ ok: false, error: { code: 'from-the-future' as never, message: 'new' } });
    expect(await client.call('uptime', {})).toEqual({ ok: false, error: { code: 'misc-error', message: 'new' } });
  });

  test('turn a bridge that throws into a value', async () => {
    const { bridge, client } = start();
    bridge.reply = () => Promise.reject(new Error('gone'));
    expect(await client.call('uptime', {})).toMatchObject({ ok: false, error: { code: 'disconnected' } });
  });
});

describe('topics', () => {
  test('share one subscription, and give the newest to who joins', () => {
    const { bridge, client, heard, end } = start();
    bridge.push(1, wallet('1.00000000'));
    const second: string[] = [];
    const endSecond = client.subscribe('wallet', (value) => second.push(value.balances.mine.trusted));
    bridge.push(2, wallet('2.00000000'));
    expect(heard).toEqual(['1.00000000', '2.00000000']);
    expect(second).toEqual(['1.00000000', '2.00000000']);
    end();
    expect(bridge.log).toEqual(['+wallet']);
    endSecond();
    endSecond();
    expect(bridge.log).toEqual(['+wallet', '-wallet']);
  });

  test('are subscribed to anew after a gap, and take nothing until the fresh start', () => {
    const { bridge, heard } = start();
    bridge.push(1, wallet('1.00000000'));
    bridge.push(3, wallet('3.00000000'));
    expect(bridge.log).toEqual(['+wallet', '-wallet', '+wallet']);
    bridge.push(4, wallet('4.00000000'));
    bridge.push(1, wallet('5.00000000'));
    bridge.push(2, wallet('6.00000000'));
    expect(heard).toEqual(['1.00000000', '5.00000000', '6.00000000']);
    expect(bridge.log).toHaveLength(3);
  });

  test('drop a value that the contract does not allow, report it, and go on', () => {
    const { bridge, heard, misunderstood } = start();
    bridge.push(1, { balances: 'many' });
    bridge.push(2, wallet('2.00000000'));
    expect(misunderstood).toEqual(['wallet']);
    expect(heard).toEqual(['2.00000000']);
  });
});
