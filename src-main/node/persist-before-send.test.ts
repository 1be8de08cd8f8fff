import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { decodeMessage } from '../core/codec/message.ts';
import type { Effect, TimerName } from '../core/effects.ts';
import type { ConnectionId } from '../core/net/connection-id.ts';
import type { Clock } from './clock.ts';
import { EffectRunner } from './effects.ts';
import { EventLoop } from './event-loop.ts';
import { NamedTimers } from './named-timers.ts';
import { Storage } from './storage/storage.ts';
import { hex, inFolder, storageWorkers } from './storage/test-chain.ts';

const clock: Clock = { nowMs: () => Math.floor(performance.now()), monotonicMs: () => performance.now() };
const peer = 1 as ConnectionId;
const unused = (): never => {
  throw new Error('not in this test');
};

test('on a disk that takes 30 ms to sync, a vote leaves only once another process can read it, pings leave at once, and no turn waits', () =>
  inFolder(async (folder) => {
    const file = `${folder}/chain.sqlite`;
    let finish: () => void = unused;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const sent: { type: string; number: number; afterMs: number; stored: number }[] = [];
    let storedCount: () => number = () => 0;
    const storage = await Storage.open({
      file,
      workers: storageWorkers,
      onDurable: (through) => runner.durable(through),
      onFailure: unused,
      monotonicMs: () => performance.now(),
      syncDelayMs: 30,
    });
    const other = new Database(file, { readonly: true });
    const count = other.prepare<[], number>('select count(*) from vote_bundle').pluck();
    storedCount = () => count.get() ?? 0;

    const votes = 40;
    let next = 0;
    let askedMs: number[] = [];
    /** Each tick of a timer persists a vote and sends it, with a ping beside it. */
    const step = (): readonly Effect[] => {
      const number = ++next;
      askedMs = [...askedMs, performance.now()];
      return [
        { kind: 'persist', operations: [{ kind: 'put-bundle', hash: hex(number) as never, encoded: Uint8Array.of(number) }] },
        { kind: 'send', to: [peer], message: { type: 'TransactionVotes', body: { bundles: [Uint8Array.of(number)] } } },
        { kind: 'send', to: [peer], message: { type: 'Ping', body: { nonce: BigInt(number) } } },
        { kind: 'set-timer', timer: 'vote-flush', atMs: number < votes ? clock.nowMs() + 2 : undefined },
      ];
    };
    const timers: NamedTimers = new NamedTimers(clock, () => loop.wake());
    const runner: EffectRunner = new EffectRunner({
      storage,
      verifier: { verify: unused, muHash: unused },
      transport: {
        dial: unused,
        close: unused,
        settled: unused,
        send: (_, bytes) => {
          const message = decodeMessage(bytes);
          const number = message.type === 'Ping' ? Number(message.body.nonce) : message.type === 'TransactionVotes' ? (message.body.bundles[0]?.[0] ?? 0) : 0;
          sent.push({ type: message.type, number, afterMs: performance.now() - (askedMs[number - 1] ?? 0), stored: storedCount() });
          if (message.type === 'TransactionVotes' && number === votes) finish();
        },
      },
      timers,
      input: unused,
      answer: unused,
      answerBranch: unused,
      discover: unused,
      probe: unused,
      publish: unused,
      onFatal: unused,
    });
    const loop: EventLoop = new EventLoop({
      engine: { step },
      clock,
      run: (effects) => runner.run(effects),
      timers: { takeDue: (): TimerName | undefined => timers.takeDue() },
      transport: { pause: unused, resume: unused },
      isCongested: () => false,
      onFatal: unused,
    });
    loop.push({ kind: 'start' });
    await finished;
    loop.stop();
    timers.stop();
    other.close();
    await storage.close();

    const [pings, bundles] = ['Ping', 'TransactionVotes'].map((type) => sent.filter((one) => one.type === type));
    expect(pings?.map(({ number }) => number)).toEqual(Array.from({ length: votes }, (_, i) => i + 1));
    expect(bundles?.map(({ number }) => number)).toEqual(Array.from({ length: votes }, (_, i) => i + 1));
    for (const { number, stored } of bundles ?? []) expect(stored).toBeGreaterThanOrEqual(number);
    for (const { afterMs } of bundles ?? []) expect(afterMs).toBeGreaterThan(20);
    // Sent in the same turn, whatever the disk does.
    const pingMs = (pings ?? []).map(({ afterMs }) => afterMs).sort((a, b) => a - b);
    expect(pingMs[votes / 2]).toBeLessThan(5);
    expect(sent.findIndex(({ type }) => type === 'TransactionVotes')).toBeGreaterThan(1);
  }));
