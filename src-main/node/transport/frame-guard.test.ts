import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyFrameBytes, FrameGuard } from './frame-guard.ts';

const handshake = [32, 64, 56];
const maxFrameBytes = 500;

const frame = (size: number, body = size): Uint8Array => {
  const bytes = new Uint8Array(3 + body).fill(0xff);
  bytes.set([size & 255, (size >> 8) & 255, size >> 16]);
  return bytes;
};

/** Feeds the bytes in pieces that end at the given places. */
function scanInPieces(bytes: Uint8Array, cuts: readonly number[]): { refused: number | undefined; guard: FrameGuard } {
  const guard = new FrameGuard(handshake, maxFrameBytes);
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1))), bytes.length].sort((a, b) => a - b);
  let from = 0;
  for (const end of ends) {
    const refused = guard.scan(bytes.subarray(from, end));
    if (refused !== undefined) return { refused, guard };
    from = end;
  }
  return { refused: undefined, guard };
}

const sizes = fc.array(fc.integer({ min: emptyFrameBytes + 1, max: maxFrameBytes }), { maxLength: 10 });
const cuts = fc.array(fc.nat(), { maxLength: 30 });

test('allowed frames pass, wherever the reads are cut', () => {
  fc.assert(
    fc.property(sizes, cuts, (after, places) => {
      const { refused, guard } = scanInPieces(Buffer.concat([...handshake, ...after].map((size) => frame(size))), places);
      expect([refused, guard.begun, guard.midFrame]).toEqual([undefined, handshake.length + after.length, false]);
    }),
  );
});

test('the first size that is not allowed is told, wherever the reads are cut', () => {
  const wrong = fc.oneof(fc.integer({ min: 0, max: emptyFrameBytes }), fc.integer({ min: maxFrameBytes + 1, max: 0xffffff }));
  fc.assert(
    fc.property(sizes, wrong, cuts, (before, size, places) => {
      const bytes = Buffer.concat([...[...handshake, ...before].map((allowed) => frame(allowed)), frame(size, 20)]);
      expect(scanInPieces(bytes, places).refused).toBe(size);
    }),
  );
});

test.each([0, 1, 2])('handshake frame %i has an exact size', (index) => {
  const size = handshake[index] ?? 0;
  for (const wrong of [size - 1, size + 1]) {
    const bytes = Buffer.concat([...handshake.slice(0, index).map((exact) => frame(exact)), frame(wrong)]);
    expect(scanInPieces(bytes, []).refused).toBe(wrong);
  }
});

test('a frame is begun with its first byte and whole with its last', () => {
  const guard = new FrameGuard([], maxFrameBytes);
  const bytes = frame(100);
  expect(guard.midFrame).toBe(false);
  for (const [i, byte] of bytes.entries()) {
    expect(guard.scan(Uint8Array.of(byte))).toBeUndefined();
    expect(guard.midFrame).toBe(i < bytes.length - 1);
  }
});
