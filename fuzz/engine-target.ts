import sodium from 'sodium-native';
import type { SignatureItem } from '../src-main/core/effects.ts';
import { keyOf, TestNode } from '../src-main/core/engine/test-node.fixture.ts';
import type { ConnectionId } from '../src-main/core/net/connection-id.ts';
import { keyPairOf, signWith, viewOf } from '../src-main/node/keys/ed25519.ts';
import { genesis, memberCount, messages, proposer } from './corpus.ts';
import { mutateList, readList, writeList } from './mutate.ts';
import { expect, type Target, withoutValues } from './target.ts';

/** First bytes of entries that are no message: no type of message has them. */
const passTime = 0xf0;
const otherPeer = 0xf1;
const stranger = 0xf2;
const hold = 0xf3;
const release = 0xf4;

/** More than these of one input would only be slow. */
const maxEntries = 40;
const strangerKey = 50;
const slotMs = 10_000;

const verify = ({ publicKey, message, signature }: SignatureItem): boolean =>
  sodium.crypto_sign_verify_detached(viewOf(signature), viewOf(message), viewOf(publicKey));

const self = (proposer + 1) % memberCount;
const keys = keyPairOf(keyOf(self).seed);
const signer = { sign: (message: Uint8Array) => signWith(keys.secretKey64, message) };

/** A connection whose handshake is still to come, or the last one that is open. */
class Driver {
  readonly node = new TestNode(genesis, self, {}, { signer });
  #connection: ConnectionId;
  #count = 0;

  constructor() {
    this.node.verify = verify;
    this.#connection = this.#open();
  }

  step(entry: Uint8Array): void {
    const { node } = this;
    const low = entry[1] ?? 0;
    switch (entry[0]) {
      case passTime:
        return node.pass(low * 100);
      case otherPeer:
        this.#connection = this.#open();
        return;
      case stranger:
        this.#connection = ++this.#count as ConnectionId;
        return node.input({
          kind: 'connected',
          connection: this.#connection,
          direction: 'inbound',
          remoteKey: this.#keyOf(low),
          remoteAddress: `10.0.0.${low}:5`,
          dialed: undefined,
        });
      case hold:
        node.holdAnswers = true;
        return;
      case release:
        node.holdAnswers = false;
        return node.release();
      default:
        if (node.disconnected.includes(this.#connection)) this.#connection = this.#open();
        return node.input({ kind: 'message', connection: this.#connection, bytes: entry });
    }
  }

  /** Each as another node, since one that was refused may be banned. */
  #open(): ConnectionId {
    return this.node.connect(++this.#count, strangerKey + (this.#count % 100));
  }
  #keyOf(low: number) {
    return low.toString(16).padStart(64, '0') as Parameters<TestNode['input']>[0] extends infer I
      ? I extends { readonly remoteKey: infer K }
        ? K
        : never
      : never;
  }
}

const control = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);
const slot = control(passTime, slotMs / 100);

/**
 * A whole engine, new for each input, that peers send whatever they like: it never throws, never halts by a stranger's word, and what it sends
 * is what a peer can read (the test node decodes it).
 */
export const engineTarget: Target = {
  name: 'engine',
  weight: 1,
  seeds: [
    ...messages.map((message) => writeList([slot, message, slot])),
    writeList([...messages, slot, ...messages]),
    writeList([control(hold), ...messages, control(otherPeer), ...messages, control(release), slot]),
    writeList([control(stranger, 7), ...messages.slice(0, 2), slot]),
  ],
  mutate: mutateList,
  run: (input) => {
    const driver = new Driver();
    for (const entry of readList(input).slice(0, maxEntries)) driver.step(entry);
    driver.step(control(release));
    const { node } = driver;
    expect(!node.events.some(({ kind }) => kind === 'halted'), 'a stranger halted the node');
    const kinds = new Set<string>();
    for (const event of node.events)
      kinds.add(event.kind === 'peer-violation' ? `${event.rejection.code} ${withoutValues(event.rejection.detail)}` : event.kind);
    for (const { message } of node.sent) kinds.add(message.type);
    return `${[...kinds].sort().join()} at ${node.chain.blocks.length}`;
  },
};
