import type { NodeId } from '../../../src-shared/domain/ids.ts';
import { networks } from '../../../src-shared/domain/networks.ts';
import { decodeMessage, encodeMessage, type Message, maxSharedAddresses, type SharedAddress } from '../../core/codec/message.ts';
import { protocolVersion, wireMagic } from '../../core/constants.ts';
import { toHex } from '../../core/crypto/hex.ts';
import type { Genesis } from '../../core/genesis.ts';
import type { ConnectionId } from '../../core/net/connection-id.ts';
import type { Prng } from '../prng.ts';
import type { World } from '../world.ts';
import { addressOf, type Site, type TcpEndpoint, type TcpNetwork } from './tcp-network.ts';

/**
 * `sybil`: takes every place it can get, and behaves. `liar`: tells addresses where nobody is, or somebody else, asked or not. `asker`: asks for
 * addresses and to be dialled back without end. `silent`: connects and says nothing. `deaf`: shakes hands and answers no ping. `flapper`:
 * comes and goes.
 */
export type HostileKind = 'liar' | 'asker' | 'silent' | 'deaf' | 'flapper' | 'sybil';
const rareKinds: readonly HostileKind[] = ['liar', 'asker', 'silent', 'deaf', 'flapper'];
/** One of each kind, and all others sybils. */
export const hostileKindOf = (number: number): HostileKind => rareKinds[number] ?? 'sybil';

/** From one act to the next, on average. */
const paceMs: Record<HostileKind, number> = { sybil: 20_000, liar: 300_000, asker: 120_000, silent: 30_000, deaf: 60_000, flapper: 30_000 };
/** At once, each time. */
const questions = 30;
const honestPort = 24_000;

export interface HostileOptions {
  readonly index: number;
  readonly kind: HostileKind;
  readonly site: Site;
  readonly genesis: Genesis;
  readonly world: World;
  readonly network: TcpNetwork;
  readonly random: Prng;
  /** Whom it can dial. */
  readonly targets: () => readonly Pick<TcpEndpoint, 'site' | 'port' | 'nodeId'>[];
}

/** A node that means no good, without an engine: it knows enough of the protocol to be let in. */
export class HostilePeer implements TcpEndpoint {
  readonly index: number;
  readonly nodeId: NodeId;
  readonly site: Site;
  readonly port = honestPort;
  readonly answers = true;
  readonly isAsleep = false;
  readonly processNumber = 1;
  readonly #options: HostileOptions;
  /** And with whom. */
  readonly #open = new Map<ConnectionId, NodeId>();
  readonly #ready = new Set<ConnectionId>();

  constructor(options: HostileOptions) {
    this.index = options.index;
    this.site = options.site;
    this.nodeId = toHex(options.random.bytes(32)) as NodeId;
    this.#options = options;
    options.network.add(this);
  }

  get listens(): boolean {
    return this.#options.kind !== 'silent';
  }
  get monotonicMs(): number {
    return this.#options.world.elapsedMs;
  }

  start(): void {
    this.after(this.#options.random.below(2 * paceMs[this.#options.kind]), () => {
      this.#act();
      this.start();
    });
  }

  after(delayMs: number, run: () => void): void {
    this.#options.world.after(delayMs, run);
  }
  connected(connection: ConnectionId, _direction: 'inbound' | 'outbound', remoteKey: NodeId, remoteAddress: string): void {
    this.#open.set(connection, remoteKey);
    if (this.#options.kind !== 'silent') this.#send(connection, this.#hello(remoteAddress));
  }
  message(connection: ConnectionId, bytes: Uint8Array): void {
    const message = decodeMessage(bytes);
    if (this.#options.kind === 'silent') return;
    switch (message.type) {
      case 'Hello':
        return this.#send(connection, { type: 'HelloAck', body: { refusal: undefined } });
      case 'HelloAck':
        if (message.body.refusal === undefined) this.#ready.add(connection);
        return;
      case 'Ping':
        if (this.#options.kind !== 'deaf') this.#send(connection, { type: 'Pong', body: { nonce: message.body.nonce, time: this.#options.world.nowMs } });
        return;
      case 'GetPeers':
        return this.#send(connection, { type: 'Peers', body: { peers: this.#lies() } });
      case 'DialBackRequest':
        return this.#send(connection, { type: 'DialBackResult', body: { nonce: message.body.nonce, address: addressOf(this), reached: false } });
      default:
    }
  }
  closed(connection: ConnectionId): void {
    this.#open.delete(connection);
    this.#ready.delete(connection);
  }
  dialFailed(): void {}

  #act(): void {
    const { kind, random } = this.#options;
    if (kind === 'flapper') for (const connection of this.#ready) this.#options.network.close(connection, '');
    for (const connection of this.#ready) {
      if (kind === 'liar') this.#send(connection, { type: 'Peers', body: { peers: this.#lies() } });
      if (kind !== 'asker') continue;
      for (let question = 0; question < questions; question++) {
        this.#send(connection, { type: 'GetPeers', body: {} });
        this.#send(connection, { type: 'DialBackRequest', body: { nonce: BigInt(question), port: random.between(1, 65_535) } });
      }
    }
    const known = new Set(this.#open.values());
    const target = random.pick(this.#options.targets().filter(({ nodeId }) => !known.has(nodeId)));
    if (target !== undefined) this.#options.network.dial(this, addressOf(target));
  }

  /** Where nobody is, where others are, at the right place under a wrong name, and at home. */
  #lies(): SharedAddress[] {
    const { random, targets } = this.#options;
    const somebody = targets();
    return Array.from({ length: maxSharedAddresses }, (): SharedAddress => {
      const nodeId = random.chance(1 / 2) ? undefined : (toHex(random.bytes(32)) as NodeId);
      const honest = random.pick(somebody);
      const pick = random.next();
      if (pick < 1 / 50 && honest !== undefined) return { address: addressOf(honest), nodeId };
      if (pick < 2 / 50 && honest !== undefined) return { address: `${honest.site.ip}:${random.between(1, 65_535)}`, nodeId: honest.nodeId };
      if (pick < 3 / 50) return { address: `192.168.${random.below(256)}.${random.below(256)}:${honestPort}`, nodeId };
      return { address: `${random.between(80, 120)}.${random.below(256)}.${random.below(256)}.${random.between(1, 254)}:${honestPort}`, nodeId };
    });
  }
  #hello(observedAddress: string): Message {
    const { genesis, world, random } = this.#options;
    return {
      type: 'Hello',
      body: {
        magic: wireMagic,
        protocolVersion,
        network: networks[genesis.network].id,
        genesisHash: genesis.hash,
        userAgent: '/sim:1/',
        listenPort: this.port,
        services: 0,
        height: 0,
        tipHash: genesis.block.hash,
        time: world.nowMs,
        observedAddress,
        nonce: BigInt(random.below(2 ** 32)),
      },
    };
  }
  #send(connection: ConnectionId, message: Message): void {
    this.#options.network.send([connection], encodeMessage(message));
  }
}
