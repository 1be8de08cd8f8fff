import { encodeMessage, type Message } from '../src-main/core/codec/message.ts';
import { rangeOf } from '../src-main/core/engine/branches.fixture.ts';
import { TestNode } from '../src-main/core/engine/test-node.fixture.ts';
import type { ConnectionId } from '../src-main/core/net/connection-id.ts';
import { changeValue } from './change-value.ts';
import { FuzzRandom } from './random.ts';
import { addressOf, connectMembers, genesis, members, observer, type Recording, recording, verify } from './recording.ts';
import { expect, type Target, withoutValues } from './target.ts';

/** Of an input: which message is changed as u16, and what chance makes of it as u32. */
interface Change {
  readonly place: number;
  readonly seed: number;
}
const changeBytes = 6;
/** More than these of one input would only be slow. */
export const maxChanges = 100;
/** The liars' keys and addresses come again, and so do their bans. */
const liars = 200;
const firstLiar = 1_000;

function readChanges(input: Uint8Array): readonly Change[] {
  const count = Math.min(maxChanges, Math.floor(input.length / changeBytes));
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  return Array.from({ length: count }, (_, index) => ({
    place: view.getUint16(index * changeBytes, true),
    seed: view.getUint32(index * changeBytes + 2, true),
  }));
}

export function writeChanges(changes: readonly Change[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(changes.length * changeBytes));
  for (const [index, { place, seed }] of changes.entries()) {
    view.setUint16(index * changeBytes, place, true);
    view.setUint32(index * changeBytes + 2, seed, true);
  }
  return new Uint8Array(view.buffer);
}

/** The bytes of the message with one value changed; undefined if nothing can be written that has the change. */
function changedBytes({ type, body }: Message, { values }: Recording, seed: number): Uint8Array | undefined {
  const changed = changeValue(body, values, new FuzzRandom(seed));
  try {
    return encodeMessage({ type, body: changed } as Message);
  } catch {
    return undefined;
  }
}

class Observer {
  readonly node: TestNode;
  readonly kinds = new Set<string>();
  readonly #recording: Recording;
  #liars = 0;
  #seen = 0;
  /** Words for what was shown last: an input of this change alone may do. */
  #last = 'nothing';

  constructor(from: Recording, verifyOne: TestNode['verify']) {
    this.#recording = from;
    this.node = new TestNode(genesis, observer);
    this.node.verify = verifyOne;
  }

  connectLiar(height = 0): ConnectionId {
    const number = this.#liars++;
    const tipHash = this.#recording.hashes[height] as never;
    return this.node.connect(firstLiar + number, firstLiar + (number % liars), height, { remoteAddress: addressOf(1 + (number % liars)), hello: { tipHash } });
  }
  close(connection: ConnectionId): void {
    if (!this.node.disconnected.includes(connection)) this.node.input({ kind: 'closed', connection, reason: 'closed', offence: false });
  }
  /** The message with the change, if it can be written. */
  show(from: ConnectionId, message: Message, change: Change): void {
    const bytes = changedBytes(message, this.#recording, change.seed);
    if (bytes === undefined) return;
    this.#last = `a changed ${message.type} (${Buffer.from(writeChanges([change])).toString('hex')})`;
    this.node.input({ kind: 'message', connection: from, bytes });
    this.check();
  }
  check(): void {
    const { events } = this.node;
    for (const event of events.slice(this.#seen)) {
      const isAccused = event.kind === 'evidence' || event.kind === 'restored-old-copy' || event.kind === 'own-key-elsewhere';
      expect(!isAccused, `${event.kind} after ${this.#last}`);
      expect(event.kind !== 'halted', `a halt after ${this.#last}`);
      this.kinds.add(event.kind === 'peer-violation' ? `${event.rejection.code} ${withoutValues(event.rejection.detail)}` : event.kind);
    }
    this.#seen = events.length;
  }
  /** Whether the chain is that of the members, of that many blocks at least. */
  checkChain(atLeast: number): void {
    const { hashes } = this.#recording;
    const { blocks } = this.node.chain;
    expect(
      blocks.every(({ hash }, height) => hash === hashes[height]),
      'another chain than the members have',
    );
    expect(blocks.length >= atLeast, `${blocks.length} of ${hashes.length} blocks`);
  }
}

/**
 * What honest members said in one epoch and the next, as a relay would have it that changes it first: each changed message is shown to an observer before the one that
 * was said. Throws Finding where a member is accused or turned away, where the observer halts, or comes to another chain, or to less of it.
 */
export function observeRelay(input: Uint8Array, verifyOne: TestNode['verify'] = verify): string {
  const from = recording();
  const watching = new Observer(from, verifyOne);
  const { node } = watching;
  connectMembers(node);
  const changesAt = Map.groupBy(readChanges(input), ({ place }) => place % from.said.length);
  for (const [index, { atMs, member, message }] of from.said.entries()) {
    if (atMs > node.nowMs) node.pass(atMs - node.nowMs);
    for (const change of changesAt.get(index) ?? []) {
      const liar = watching.connectLiar();
      watching.show(liar, message, change);
      watching.close(liar);
    }
    node.receive((member + 1) as ConnectionId, message.type, message.body);
    watching.check();
    expect(!node.disconnected.some((connection) => connection <= members), `a member turned away for its ${message.type}`);
  }
  node.pass(5_000);
  watching.check();
  // The last one may be under way where the recording ends.
  watching.checkChain(from.hashes.length - 1);
  return [...watching.kinds].sort().join();
}

/** Ranges of one liar; the next is another. */
const maxRangesOfLiar = 3;
const maxRanges = 36;
const maxTurns = 100;

/**
 * Blocks that are asked for by who catches up, served by liars with one value changed, and then as they are by an honest peer. Throws Finding as `observeRelay`
 * does; the whole chain is reached.
 */
export function catchUpFromRelay(input: Uint8Array, verifyOne: TestNode['verify'] = verify): string {
  const from = recording();
  const watching = new Observer(from, verifyOne);
  const { node } = watching;
  const top = from.hashes.length - 1;
  node.nowMs = from.source.nowMs;
  const changes = readChanges(input).slice(0, maxRanges);
  let asked = 0;
  for (let next = 0; next < changes.length; next += maxRangesOfLiar) {
    const liar = watching.connectLiar(top);
    const ofLiar = changes.slice(next, next + maxRangesOfLiar);
    for (; asked < node.sent.length && ofLiar.length > 0; asked++) {
      const { to, message } = node.sent[asked] as TestNode['sent'][number];
      if (message.type !== 'GetBlocks' || !to.includes(liar)) continue;
      const change = ofLiar.shift() as Change;
      const body = rangeOf(from.source, message.body.from, Math.min(message.body.count, 1 + (change.place % top)));
      watching.show(liar, { type: 'Blocks', body }, change);
    }
    watching.close(liar);
  }
  const honest = node.connect(1, 50, top, { hello: { tipHash: from.hashes[top] as never } });
  for (let turn = 0; turn < maxTurns && node.chain.blocks.length <= top; turn++) {
    for (; asked < node.sent.length; asked++) {
      const { to, message } = node.sent[asked] as TestNode['sent'][number];
      if (message.type === 'GetBlocks' && to.includes(honest)) node.receive(honest, 'Blocks', rangeOf(from.source, message.body.from, message.body.count));
    }
    node.pass(1_000);
  }
  watching.check();
  expect(!node.disconnected.includes(honest), 'an honest peer turned away for its blocks');
  watching.checkChain(top + 1);
  return [...watching.kinds].sort().join();
}

/** Inputs that change something everywhere. */
const seeds = (count: number, changes: number): Uint8Array[] => Array.from({ length: count }, (_, seed) => new FuzzRandom(seed).bytes(changes * changeBytes));
const prepare = (): void => void recording();

/** Few inputs each: one is a hundred messages, or dozens of ranges of blocks, beside all that was said. */
export const relayTarget: Target = { name: 'relay', weight: 1 / 100, seeds: seeds(3, maxChanges), prepare, run: (input) => observeRelay(input) };
export const relayBlocksTarget: Target = {
  name: 'relay-blocks',
  weight: 1 / 30,
  seeds: seeds(6, maxRanges),
  prepare,
  run: (input) => catchUpFromRelay(input),
};
