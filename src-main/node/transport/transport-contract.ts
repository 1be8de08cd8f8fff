import { afterEach, describe, expect, test } from 'vitest';
import { InvariantError } from '../../core/invariant.ts';
import { eventually, host, numbered, numberOf, Party, type TransportFactory } from './test-party.fixture.ts';
import type { TransportLimits } from './transport-limits.ts';

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** What holds for every transport. `newNetwork` is called before each test. */
export function testTransport(name: string, newNetwork: () => TransportFactory): void {
  describe(name, { timeout: 20_000 }, () => {
    const parties: Party[] = [];
    let create: TransportFactory | undefined;
    const party = (limits?: Partial<TransportLimits>, secretKey?: Uint8Array): Party => {
      create ??= newNetwork();
      const made = new Party(create, limits, secretKey);
      parties.push(made);
      return made;
    };
    /** Two parties and one connection between them; `a` dialled. */
    const pair = async (limitsOfA?: Partial<TransportLimits>, limitsOfB?: Partial<TransportLimits>) => {
      const a = party(limitsOfA);
      const b = party(limitsOfB);
      const address = await b.listen();
      a.call((t) => t.dial(address, 1));
      await eventually(() => a.opened.length + b.opened.length).toBe(2);
      const [ofA, ofB] = [a.opened[0], b.opened[0]];
      if (ofA === undefined || ofB === undefined) throw new Error('both sides open');
      return { a, b, address, ofA, ofB, idOfA: ofA.id, idOfB: ofB.id };
    };
    afterEach(async () => {
      await Promise.all(parties.map((p) => p.transport.stop()));
      for (const p of parties) {
        // After the end: as many closes as opens, each once, and nothing said in the middle of a call.
        expect(p.closed.map((c) => c.id).sort((x, y) => x - y)).toEqual(p.opened.map((o) => o.id).sort((x, y) => x - y));
        expect(p.reentrant).toBe(0);
      }
      parties.length = 0;
      create = undefined;
    });

    test('both sides open with the key that the other proved', async () => {
      const { a, b, address, ofA, ofB } = await pair();
      expect(ofA).toEqual({
        id: ofA.id,
        direction: 'outbound',
        remoteKey: b.key,
        remoteAddress: address,
        tookMs: expect.any(Number),
        dialed: address,
        token: 1,
      });
      expect(ofB).toEqual({
        id: ofB.id,
        direction: 'inbound',
        remoteKey: a.key,
        remoteAddress: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
        tookMs: expect.any(Number),
      });
      expect(ofB.remoteAddress).not.toBe(address);
      expect(a.failed).toEqual([]);
    });

    test('messages arrive whole, once and in order, both ways, from the moment of opening', async () => {
      const [a, b] = [party(), party()];
      for (const p of [a, b]) {
        p.onOpen = ({ id }) => p.call((t) => range(500).forEach((n) => void t.send([id], numbered(n, 4 + (n % 300)))));
      }
      a.transport.dial(await b.listen(), 1);
      for (const p of [a, b]) {
        await eventually(() => p.opened[0] && p.received(p.opened[0].id).length).toBe(500);
        const received = [...p.messages.values()].flat();
        expect(received.map(numberOf)).toEqual(range(500));
        expect(received.map((m) => m.length)).toEqual(range(500).map((n) => 4 + (n % 300)));
      }
    });

    test('messages of one tick come together', async () => {
      const { a, b, idOfA } = await pair();
      a.call((t) => range(100).forEach((n) => void t.send([idOfA], numbered(n))));
      await eventually(() => [...b.messages.values()].flat().length).toBe(100);
      expect(b.batches.length).toBeLessThanOrEqual(2);
    });

    test('one message to many', async () => {
      const a = party();
      const others = range(5).map(() => party());
      for (const other of others) a.transport.dial(await other.listen(), 1);
      await eventually(() => a.opened.length).toBe(5);
      a.call((t) =>
        t.send(
          a.opened.map((o) => o.id),
          numbered(7),
        ),
      );
      for (const other of others) await eventually(() => [...other.messages.values()].flat().map(numberOf)).toEqual([7]);
    });

    test('what was received stays as it was, and holds no more memory than itself', async () => {
      const { a, b, idOfA, idOfB } = await pair();
      const sent = numbered(1, 1_000);
      a.transport.send([idOfA], sent);
      await eventually(() => b.received(idOfB).length).toBe(1);
      const first = b.received(idOfB)[0];
      const copy = first?.slice();
      for (const n of range(200)) a.transport.send([idOfA], numbered(n, 1_000));
      await eventually(() => b.received(idOfB).length).toBe(201);
      expect(first).toEqual(copy);
      expect(first?.buffer).not.toBe(sent.buffer);
      for (const message of b.received(idOfB)) expect(message.buffer.byteLength).toBeLessThan(1_100);
    });

    test('the largest message passes', async () => {
      const { a, b, idOfA, idOfB } = await pair();
      const message = new Uint8Array(2_100_000).map((_, i) => i * 7);
      a.call((t) => t.send([idOfA], message));
      await eventually(() => b.received(idOfB).length).toBe(1);
      expect(Buffer.compare(b.received(idOfB)[0] ?? new Uint8Array(), message)).toBe(0);
    });

    test('a message over the receiver’s limit closes', async () => {
      const { a, b, idOfA, idOfB } = await pair({}, { maxMessageBytes: 1_000 });
      a.call((t) => t.send([idOfA], new Uint8Array(1_000)));
      await eventually(() => b.received(idOfB).length).toBe(1);
      a.call((t) => t.send([idOfA], new Uint8Array(1_001)));
      await eventually(() => b.closed.map((c) => [c.id, c.reason.code])).toEqual([[idOfB, 'frame-size']]);
      await eventually(() => a.closed.length).toBe(1);
      expect(['closed-by-peer', 'connection-reset']).toContain(a.closed[0]?.reason.code);
      expect(b.received(idOfB).length).toBe(1);
    });

    test.each([0, 1_001])('sending a message of %i bytes is a bug', async (size) => {
      const { a, idOfA } = await pair({ maxMessageBytes: 1_000 });
      expect(() => a.transport.send([idOfA], new Uint8Array(size))).toThrow(InvariantError);
    });

    test('closing reaches both sides, and what was sent before still arrives', async () => {
      const { a, b, idOfA, idOfB } = await pair();
      a.call((t) => {
        range(300).forEach((n) => void t.send([idOfA], numbered(n, 3_000)));
        t.close(idOfA, 'no longer needed');
        t.send([idOfA], numbered(999));
        t.close(idOfA, 'again');
      });
      await eventually(() => [a.closed.length, b.closed.length]).toEqual([1, 1]);
      expect(a.closed).toEqual([{ id: idOfA, reason: { code: 'closed-locally', detail: 'no longer needed' } }]);
      expect(b.closed).toEqual([{ id: idOfB, reason: { code: 'closed-by-peer', detail: '' } }]);
      expect(b.received(idOfB).map(numberOf)).toEqual(range(300));
      a.call((t) => t.send([idOfA], numbered(1)));
      expect(a.transport.stats(idOfA)).toBeUndefined();
    });

    test('after close nothing is delivered any more', async () => {
      const { a, b, idOfA, idOfB } = await pair();
      b.onMessages = (id) => b.call((t) => t.close(id, 'enough'));
      a.call((t) => t.send([idOfA], numbered(0)));
      await eventually(() => b.received(idOfB).length).toBe(1);
      a.call((t) => t.send([idOfA], numbered(1)));
      await eventually(() => [a.closed.length, b.closed.length]).toEqual([1, 1]);
      expect(b.received(idOfB).length).toBe(1);
    });

    test('both sides close at once', async () => {
      const { a, b, idOfA, idOfB } = await pair();
      a.call((t) => t.close(idOfA, 'a'));
      b.call((t) => t.close(idOfB, 'b'));
      await eventually(() => [a.closed.length, b.closed.length]).toEqual([1, 1]);
      expect(a.closed[0]?.reason).toEqual({ code: 'closed-locally', detail: 'a' });
    });

    test('dials that fail say why, once', async () => {
      const [a, b] = [party(), party()];
      const gone = await b.listen();
      await b.transport.stop();
      a.call((t) => {
        t.dial(gone, 5);
        t.dial('nonsense', 6);
        t.dial('[::1]', 7);
        t.dial('127.0.0.1:0', 8);
      });
      await eventually(() => a.failed.length).toBe(4);
      expect(new Map(a.failed.map((f) => [f.token, f.reason.code]))).toEqual(
        new Map([
          [5, 'refused'],
          [6, 'bad-address'],
          [7, 'bad-address'],
          [8, 'bad-address'],
        ]),
      );
      expect(a.failed.find((f) => f.token === 5)?.address).toBe(gone);
      expect(a.opened).toEqual([]);
    });

    test('a dial to our own key never opens', async () => {
      const a = party();
      const again = party({}, a.secretKey);
      const [own, other] = [await a.listen(), await again.listen()];
      a.call((t) => t.dial(own, 1));
      a.call((t) => t.dial(other, 2));
      await eventually(() => a.failed.map((f) => f.reason.code)).toEqual(['self', 'self']);
      await Promise.all([a.transport.stop(), again.transport.stop()]);
      expect([...a.opened, ...again.opened]).toEqual([]);
    });

    test('a hundred dials each way at once all open, and each works', async () => {
      const limits = { maxInbound: 100, maxOutbound: 100 };
      const [a, b] = [party(limits), party(limits)];
      const [addressOfA, addressOfB] = [await a.listen(), await b.listen()];
      for (const p of [a, b]) p.onOpen = ({ id }) => p.call((t) => t.send([id], numbered(id)));
      for (const token of range(100)) {
        a.call((t) => t.dial(addressOfB, token));
        b.call((t) => t.dial(addressOfA, token));
      }
      for (const p of [a, b]) {
        await eventually(() => p.opened.length).toBe(200);
        await eventually(() => [...p.messages.values()].filter((m) => m.length === 1).length).toBe(200);
        expect(p.failed).toEqual([]);
        expect(new Set(p.opened.map((o) => o.id)).size).toBe(200);
        const outbound = p.opened.filter((o) => o.direction === 'outbound');
        expect(outbound.map((o) => o.token).sort((x, y) => x - y)).toEqual(range(100));
      }
    }, 20_000);

    test('limits of connections hold, and room is found again', async () => {
      const a = party({ maxOutbound: 3 });
      const b = party({ maxInbound: 2 });
      const address = await b.listen();
      const settled = () => a.opened.length + a.failed.length;
      for (const token of range(2)) a.call((t) => t.dial(address, token));
      await eventually(() => b.opened.length).toBe(2);
      a.call((t) => t.dial(address, 2));
      a.call((t) => t.dial(address, 3));
      await eventually(settled).toBe(4);
      expect(a.failed.map((f) => [f.token, f.reason.code]).sort()).toEqual([
        [2, 'closed-by-peer'],
        [3, 'too-many-connections'],
      ]);
      const [first] = b.opened;
      if (first !== undefined) b.call((t) => t.close(first.id, 'making room'));
      await eventually(() => [a.closed.length, b.closed.length]).toEqual([1, 1]);
      a.call((t) => t.dial(address, 4));
      await eventually(() => [a.opened.length, b.opened.length]).toEqual([3, 3]);
    });

    test('a peer that does not read is cut off', async () => {
      const { a, b, idOfA, idOfB } = await pair({ maxSendQueueBytes: 3_000_000 });
      b.call((t) => t.pause(idOfB));
      const message = new Uint8Array(100_000);
      // The system's own buffers come first on a real network; 64 MB is more than they hold.
      for (let sent = 0; sent < 640 && a.closed.length === 0; sent++) {
        a.call((t) => t.send([idOfA], message));
        const { queuedBytes } = a.transport.stats(idOfA) ?? { queuedBytes: 0 };
        expect(queuedBytes).toBeLessThanOrEqual(3_000_000);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await eventually(() => a.closed.map((c) => c.reason.code)).toEqual(['send-queue-full']);
      b.call((t) => t.resume(idOfB));
      await eventually(() => b.closed.length).toBe(1);
    });

    test('what a slow peer can do without is left out first, and the rest still arrives', async () => {
      const { a, b, idOfA, idOfB } = await pair({ maxSendQueueBytes: 64_000_000, dispensableQueueBytes: 1_000_000 });
      b.call((t) => t.pause(idOfB));
      const message = Uint8Array.of(41, ...new Uint8Array(99_999));
      let sent = 0;
      // The system's own buffers come first on a real network.
      for (; (a.transport.stats(idOfA)?.queuedBytes ?? 0) <= 1_000_000; sent++) {
        a.call((t) => t.send([idOfA], message));
        await new Promise((resolve) => setImmediate(resolve));
      }
      const before = a.traffic.of(idOfA);
      expect(before?.leftOut.total.messages).toBe(0);
      a.call((t) => range(5).forEach(() => void t.send([idOfA], Uint8Array.of(41, 1), true)));
      a.call((t) => t.send([idOfA], Uint8Array.of(2, 2)));
      const after = a.traffic.of(idOfA);
      expect(after?.leftOut.byType).toEqual({ TransactionAnnouncement: { messages: 5, bytes: after?.leftOut.total.bytes } });
      expect(after?.sent.total.messages).toBe(sent + 1);
      b.call((t) => t.resume(idOfB));
      await eventually(() => b.received(idOfB).length).toBe(sent + 1);
      expect(b.received(idOfB).at(-1)).toEqual(Uint8Array.of(2, 2));
      await eventually(() => a.transport.stats(idOfA)?.queuedBytes).toBe(0);
      a.call((t) => t.send([idOfA], Uint8Array.of(41, 1), true));
      await eventually(() => b.received(idOfB).at(-1)).toEqual(Uint8Array.of(41, 1));
      expect(a.closed).toEqual([]);
    });

    test('what one side counts as sent the other counts as received, by type', async () => {
      const { a, b, idOfA, idOfB } = await pair();
      a.call((t) => {
        t.send([idOfA], Uint8Array.of(2, 9));
        t.send([idOfA], Uint8Array.of(250, 9, 9));
        t.send([idOfA], Uint8Array.of(2, 8));
      });
      b.call((t) => t.send([idOfB], Uint8Array.of(3)));
      await eventually(() => [a.received(idOfA).length, b.received(idOfB).length]).toEqual([1, 3]);
      const [ofA, ofB] = [a.traffic.of(idOfA), b.traffic.of(idOfB)];
      expect(ofA?.sent).toEqual(ofB?.received);
      expect(ofA?.received).toEqual(ofB?.sent);
      expect(ofA?.sent).toMatchObject({ total: { messages: 3 }, byType: { Ping: { messages: 2 }, unknown: { messages: 1 } } });
      expect([a.traffic.totals(), b.traffic.totals()]).toEqual([ofA, ofB]);
      a.call((t) => t.close(idOfA, 'counted'));
      await eventually(() => [a.closed.length, b.closed.length]).toEqual([1, 1]);
      expect([a.traffic.of(idOfA), a.traffic.totals().sent]).toEqual([undefined, ofA?.sent]);
    });

    test('a probe finds out who answers, and is no connection', async () => {
      const [a, b, gone] = [party(), party({ maxInbound: 1 }), party()];
      const [address, nobody] = [await b.listen(), await gone.listen()];
      await gone.transport.stop();
      const asked = [
        a.transport.probe(address, b.key),
        a.transport.probe(address, a.key),
        a.transport.probe(nobody, gone.key),
        a.transport.probe('nonsense', b.key),
      ];
      expect(await Promise.all(asked)).toEqual([true, false, false, false]);
      a.call((t) => t.dial(address, 1));
      await eventually(() => [a.opened.length, b.opened.length]).toEqual([1, 1]);
      expect([a.failed, a.closed, b.closed]).toEqual([[], [], []]);
    });

    test('pausing holds a flood back, and resuming loses nothing', async () => {
      const { a, b, idOfA, idOfB } = await pair({ maxSendQueueBytes: 100_000_000 });
      b.onMessages = (id) => b.call((t) => t.pause(id));
      const total = 5_000;
      a.call((t) => t.send([idOfA], numbered(0, 4_000)));
      await eventually(() => b.batches.length).toBe(1);
      a.call((t) => range(total - 1).forEach((n) => void t.send([idOfA], numbered(n + 1, 4_000))));
      await eventually(() => a.transport.stats(idOfA)?.queuedBytes).toBeGreaterThan(0);
      while (b.received(idOfB).length < total) {
        const before = b.batches.length;
        b.call((t) => t.resume(idOfB));
        await eventually(() => b.batches.length).toBeGreaterThan(before);
      }
      expect(b.received(idOfB).map(numberOf)).toEqual(range(total));
    }, 30_000);

    test('what was sent before a close arrives also at a peer that paused', async () => {
      const { a, b, idOfA, idOfB } = await pair();
      b.call((t) => t.pause(idOfB));
      a.call((t) => {
        range(10).forEach((n) => void t.send([idOfA], numbered(n)));
        t.close(idOfA, 'bye');
      });
      expect(a.transport.stats(idOfA)).toBeUndefined();
      b.call((t) => t.resume(idOfB));
      await eventually(() => b.closed.map((c) => c.reason.code)).toEqual(['closed-by-peer']);
      expect(b.received(idOfB).map(numberOf)).toEqual(range(10));
    });

    test('a paused connection can be closed', async () => {
      const { a, b, idOfA, idOfB } = await pair();
      b.call((t) => t.pause(idOfB));
      a.call((t) => t.send([idOfA], numbered(1)));
      b.call((t) => t.close(idOfB, 'enough'));
      await eventually(() => [a.closed.length, b.closed.length]).toEqual([1, 1]);
      expect(b.closed[0]?.reason).toEqual({ code: 'closed-locally', detail: 'enough' });
    });

    test('statistics count what went through', async () => {
      const { a, b, idOfA, idOfB } = await pair();
      // What a handshake leaves for the first message is through then.
      b.call((t) => t.send([idOfB], numbered(1)));
      await eventually(() => a.received(idOfA).length).toBe(1);
      const [before, beforeB] = [a.transport.stats(idOfA), b.transport.stats(idOfB)];
      a.call((t) => t.send([idOfA], new Uint8Array(10_000)));
      await eventually(() => b.received(idOfB).length).toBe(1);
      expect((a.transport.stats(idOfA)?.bytesSent ?? 0) - (before?.bytesSent ?? 0)).toBeGreaterThanOrEqual(10_000);
      expect((b.transport.stats(idOfB)?.bytesReceived ?? 0) - (beforeB?.bytesReceived ?? 0)).toBeGreaterThanOrEqual(10_000);
      expect(a.transport.stats(idOfA)?.queuedBytes).toBe(0);
      expect(a.transport.stats(idOfA)?.bytesReceived).toBe(before?.bytesReceived);
    });

    test('stopping closes everything on both sides and says nothing afterwards', async () => {
      const { a, b, address, idOfA, idOfB } = await pair();
      a.call((t) => t.send([idOfA], numbered(3)));
      a.call((t) => t.dial(address, 2));
      const stopped = a.transport.stop();
      expect(a.transport.stop()).toBe(stopped);
      await stopped;
      expect(a.closed.find((c) => c.id === idOfA)?.reason.code).toBe('stopped');
      expect(a.opened.length + a.failed.length).toBe(2);
      const said = [a.opened.length, a.closed.length, a.failed.length];
      a.call((t) => t.dial(address, 3));
      await eventually(() => b.closed.some((c) => c.id === idOfB)).toBe(true);
      expect(b.received(idOfB).map(numberOf)).toEqual([3]);
      expect([a.opened.length, a.closed.length, a.failed.length]).toEqual(said);
    });

    test('an address that is in use is refused with a code', async () => {
      const [a, b] = [party(), party()];
      const port = Number((await a.listen()).split(':')[1]);
      await expect(b.transport.listen(host, port)).rejects.toMatchObject({ name: 'OperationalError', code: 'address-in-use' });
      await expect(b.transport.listen(host, 0)).resolves.toMatchObject({ host });
    });
  });
}
