// Runs in a namespace of its own, between the others: a switch whose cables are long. Each frame takes `delayMs` ± `jitterMs`, or gets lost. It does what
// `tc netem` does, which not every kernel has, on macvtap devices, which are read and written like files. A frame keeps its header of virtio, so that what one
// end leaves to the network card (checksums) stays to be done by the other.
import { constants, open, read, writeSync } from 'node:fs';

export interface FarCable {
  /** Devices to open. */
  readonly ports: readonly { readonly device: string /** `02:00:…` */; readonly mac: string }[];
  readonly delayMs: number;
  readonly jitterMs: number;
  /** 0..1 */
  readonly loss: number;
  readonly seed: number;
}
export interface FarCableReport {
  readonly frames: number;
  readonly lost: number;
  readonly meanDelayMs: number;
  /** What was drawn for the frames that arrived: each may have taken longer, and none less. */
  readonly shortestMs: number;
  readonly longestMs: number;
}

const virtioHeaderBytes = 10;
const macBytes = 6;
/** A frame with its header; larger ones are not made where segments are cut by the sender. */
const maxFrameBytes = 70_000;

interface Waiting {
  readonly dueMs: number;
  readonly sentMs: number;
  readonly to: number;
  readonly frame: Buffer;
}

function main({ ports, delayMs, jitterMs, loss, seed }: FarCable): void {
  const files: number[] = [];
  const queue: Waiting[] = [];
  const portOf = new Map(ports.map(({ mac }, index) => [mac, index]));
  let state = seed;
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  let frames = 0;
  let lost = 0;
  let delaySumMs = 0;
  let [shortestMs, longestMs] = [Number.POSITIVE_INFINITY, 0];
  let timer: NodeJS.Timeout | undefined;

  const deliver = (): void => {
    timer = undefined;
    for (let next = queue[0]; next !== undefined && next.dueMs <= performance.now(); next = queue[0]) {
      queue.shift();
      delaySumMs += performance.now() - next.sentMs;
      writeSync(files[next.to]!, next.frame);
    }
    if (queue[0] !== undefined) timer = setTimeout(deliver, Math.max(0, queue[0].dueMs - performance.now()));
  };
  const carry = (to: number, frame: Buffer): void => {
    if (random() < loss) {
      lost++;
      return;
    }
    frames++;
    const sentMs = performance.now();
    const drawnMs = delayMs + (2 * random() - 1) * jitterMs;
    [shortestMs, longestMs] = [Math.min(shortestMs, drawnMs), Math.max(longestMs, drawnMs)];
    const dueMs = sentMs + drawnMs;
    let at = queue.length;
    while (at > 0 && queue[at - 1]!.dueMs > dueMs) at--;
    queue.splice(at, 0, { dueMs, sentMs, to, frame });
    if (at > 0) return;
    clearTimeout(timer);
    timer = setTimeout(deliver, dueMs - performance.now());
  };
  const received = (from: number, frame: Buffer): void => {
    const mac = frame.subarray(virtioHeaderBytes, virtioHeaderBytes + macBytes);
    const to = portOf.get([...mac].map((byte) => byte.toString(16).padStart(2, '0')).join(':'));
    if (to !== undefined) carry(to, frame);
    // To everybody: who has this address?
    else if ((mac[0]! & 1) === 1) for (const port of files.keys()) if (port !== from) carry(port, frame);
  };
  const listen = (from: number): void => {
    const buffer = Buffer.alloc(maxFrameBytes);
    const again = (): void =>
      read(files[from]!, buffer, 0, buffer.length, null, (error, bytes) => {
        if (error !== null) throw error;
        received(from, Buffer.from(buffer.subarray(0, bytes)));
        again();
      });
    again();
  };

  let opened = 0;
  for (const [index, { device }] of ports.entries())
    open(device, constants.O_RDWR, (error, file) => {
      if (error !== null) throw error;
      files[index] = file;
      if (++opened < ports.length) return;
      for (const port of files.keys()) listen(port);
      process.stdout.write('ready\n');
    });
  process.stdin.resume().on('end', () => {
    const report: FarCableReport = { frames, lost, meanDelayMs: delaySumMs / Math.max(1, frames - queue.length), shortestMs, longestMs };
    // A thread that waits for a frame ends no other way.
    process.stdout.write(`${JSON.stringify(report)}\n`, () => process.kill(process.pid, 'SIGKILL'));
  });
}

if (process.argv[1] === import.meta.filename) main(JSON.parse(process.argv[2] ?? '') as FarCable);
