import { lockOf } from '../../../src-shared/domain/address.ts';
import { type BlockHash, type Hash, type NodeId, type OutpointKey, outpointKey, type PublicKey, type Txid } from '../../../src-shared/domain/ids.ts';
import { defaultLimits } from '../../../src-shared/domain/net-limits.ts';
import type { BranchAnswer } from '../branch-answer.ts';
import { certificateCodec } from '../codec/block.ts';
import { type BlockProposal, type BlockVote, blockVoteMessage } from '../codec/block-vote.ts';
import { type Coin, encodeSetElement } from '../codec/coin.ts';
import { type DisconnectCode, decodeMessage, encodeMessage, type Hello, type Message, type MessageBodies, type MessageType } from '../codec/message.ts';
import { type HashedTransaction, hashTransaction, type TransactionOutput } from '../codec/transaction.ts';
import { hashBytes } from '../crypto/hash.ts';
import { fromHex, toHex } from '../crypto/hex.ts';
import { combineMuHash, decodeMuHash, deltaOf, encodeMuHash, finalizeMuHash } from '../crypto/muhash.ts';
import { publicKeyOf, sign, verifySignature } from '../crypto/signature.ts';
import type { Effect, TimerName } from '../effects.ts';
import { Engine } from '../engine.ts';
import type { EngineEvent } from '../events.ts';
import { createGenesis, type Genesis } from '../genesis.ts';
import type { Input } from '../inputs.ts';
import { invariant } from '../invariant.ts';
import { encodeRegistryState } from '../masternodes/registry-state.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import { paramsOf } from '../params.ts';
import type { ChainSource, StoredBlock, StoredUndo } from '../ports.ts';
import type { ApplyBlock, RevertBlock, StoreOperation } from '../store-operation.ts';
import type { EngineOptions, RestoredState } from './context.ts';
import { storedBlock } from './step-chain.ts';

/** A key by number; key n is that of member n, and owns allocation n. */
export interface TestKey {
  readonly seed: Uint8Array;
  readonly publicKey: PublicKey;
  readonly nodeId: NodeId;
}
const keys = new Map<number, TestKey>();
/** Made once: in plain JavaScript that takes most of a millisecond, and tests ask for the same few all the time. */
export function keyOf(number: number): TestKey {
  const known = keys.get(number);
  if (known !== undefined) return known;
  const seed = new Uint8Array(32).fill(number + 1);
  const publicKey = toHex(publicKeyOf(seed)) as PublicKey;
  const key = { seed, publicKey, nodeId: publicKey as string as NodeId };
  keys.set(number, key);
  return key;
}
export const lockOfKey = (number: number) => lockOf(keyOf(number).publicKey);

export const genesisTime = 1_750_000_000_000;
export const allocation = 1_000_000_000n;

/** A devnet with that many Bronze members; each key owns `coins` coins. */
export const genesisOf = (members: number, coins = 1): Genesis =>
  createGenesis({
    network: 'devnet',
    time: genesisTime,
    masternodes: Array.from({ length: members }, (_, number) => ({
      nodeKey: keyOf(number).nodeId,
      tier: 'bronze' as const,
      ownerLock: lockOfKey(number),
      rewardLock: lockOfKey(number),
      serviceAddress: '',
    })),
    allocations: Array.from({ length: coins }, (_, index) => ({ lock: lockOfKey(0), amount: allocation, label: `coin ${index}` })),
  });

export function payment(
  genesis: Genesis,
  inputs: readonly { txid: Txid; vout: number }[],
  outputs: readonly TransactionOutput[],
  owner = 0,
): HashedTransaction {
  const { seed, publicKey } = keyOf(owner);
  const unsigned = { version: 1, kind: 'transfer' as const, inputs, outputs, timestamp: genesisTime, payload: new Uint8Array(), witnesses: [] };
  const signature = sign(seed, hashBytes('sign', fromHex(genesis.hash), fromHex(hashTransaction(unsigned).txid)));
  return hashTransaction({ ...unsigned, witnesses: [{ publicKey, signature }] });
}
/** The outpoint of allocation `index`. */
export const coinOf = (genesis: Genesis, members: number, index = 0) => {
  const placed = genesis.coins[members + index];
  invariant(placed !== undefined, 'a coin of the genesis');
  return placed.outpoint;
};

export function blockVoteOf(genesis: Genesis, member: number, vote: Pick<BlockVote, 'height' | 'round' | 'phase' | 'blockHash'>): BlockVote {
  const { seed, nodeId } = keyOf(member);
  return { ...vote, nodeId, signature: sign(seed, blockVoteMessage(genesis.hash, vote)) };
}
/** The proposal of height 1, round 0, as its proposer makes it. */
export function firstProposal(genesis: Genesis, members: number): { readonly proposal: BlockProposal; readonly proposer: number } {
  for (let number = 0; number < members; number++) {
    const node = new TestNode(genesis, number);
    // Somebody to say it to.
    node.connect(1, 99);
    node.pass(10_000);
    const proposal = node.sentOf('BlockProposal').find(({ round }) => round === 0);
    if (proposal !== undefined) return { proposal, proposer: number };
  }
  throw new Error('nobody proposes');
}

/** One engine with a disk that is always in time. Verification and set hashes are answered at once, or when the test says so. */
export class TestNode {
  readonly genesis: Genesis;
  readonly number: number;
  readonly chain = new TestChain();
  readonly sent: { readonly to: readonly ConnectionId[]; readonly message: Message }[] = [];
  readonly events: EngineEvent[] = [];
  readonly persisted: StoreOperation[] = [];
  readonly branchAnswers: BranchAnswer[] = [];
  readonly disconnected: ConnectionId[] = [];
  readonly probes: Extract<Effect, { kind: 'probe' }>[] = [];
  readonly timers = new Map<TimerName, number>();
  readonly engine: Engine;
  /** What was asked and is not answered yet. */
  readonly held: (() => Input)[] = [];
  holdAnswers = false;
  /** Before what takes several steps goes on. */
  betweenSteps = (): void => {};
  /** By the readable rule, unless a test needs it fast. */
  /** `index`: its place in what is verified together. */
  verify: (signed: Parameters<typeof verifySignature>[0], index: number) => boolean = verifySignature;
  /** The real one, unless a test has more coins than it has time. */
  setHash = setHash;
  nowMs = genesisTime + 1;
  readonly #queue: Input[] = [];
  #running = false;

  constructor(
    genesis: Genesis,
    number: number,
    restored: Partial<RestoredState> = {},
    options: Partial<Pick<EngineOptions, 'listenPort' | 'limits' | 'params' | 'nonce' | 'signer'>> = {},
  ) {
    this.genesis = genesis;
    this.number = number;
    const { header, hash } = genesis.block;
    this.chain.apply({
      height: 0,
      hash,
      encoded: genesis.block.encoded,
      certificate: undefined,
      undo: new Uint8Array(),
      registryBefore: undefined,
      added: genesis.coins,
      removed: [],
      transactions: genesis.block.transactions,
    });
    const { seed, nodeId } = keyOf(number);
    this.engine = new Engine(
      {
        // Tests of other things need not wait.
        params: { ...paramsOf.devnet, listenMs: 0 },
        genesis,
        self: nodeId,
        signer: { sign: (message) => sign(seed, message) },
        masternode: true,
        chain: this.chain,
        random: () => 0.5,
        nonce: BigInt(number),
        userAgent: '/test:1/',
        listenPort: 0,
        limits: defaultLimits('devnet'),
        connect: [],
        ...options,
      },
      {
        tip: { height: 0, hash, timeMs: header.time, utxoSetHash: header.utxoSetHash, setHashState: genesis.setHashState },
        registry: encodeRegistryState(genesis.registry),
        pending: [],
        bundles: [],
        guardRecords: [],
        proposedBlocks: [],
        blockVotes: [],
        halts: [],
        invalid: [],
        addresses: [],
        bans: [],
        ...restored,
      },
    );
    this.input({ kind: 'start' });
    if (this.timers.get('listening') === this.nowMs) this.input({ kind: 'timer', timer: 'listening' });
  }

  input(input: Input): void {
    this.#queue.push(input);
    if (this.#running) return;
    this.#running = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift())
      for (const effect of this.engine.step(next, this.nowMs)) this.#carryOut(effect);
    this.#running = false;
  }
  release(): void {
    for (const answer of this.held.splice(0)) this.input(answer());
  }
  /** Time passes, timer by timer. */
  pass(ms: number): void {
    const endMs = this.nowMs + ms;
    for (;;) {
      const due = [...this.timers].filter(([, atMs]) => atMs <= endMs).sort(([, a], [, b]) => a - b)[0];
      if (due === undefined) break;
      this.timers.delete(due[0]);
      this.nowMs = Math.max(this.nowMs, due[1]);
      this.input({ kind: 'timer', timer: due[0] });
    }
    this.nowMs = endMs;
  }

  /** What a crash at this moment leaves of the height being decided. */
  stored(): Pick<RestoredState, 'guardRecords' | 'proposedBlocks' | 'blockVotes' | 'halts'> {
    return {
      guardRecords: this.persisted.flatMap((operation) => (operation.kind === 'guard' ? [operation.record] : [])),
      proposedBlocks: this.persisted.flatMap((operation) => (operation.kind === 'put-proposed-block' ? [operation] : [])),
      blockVotes: this.persisted.flatMap((operation) => (operation.kind === 'put-block-votes' ? [operation] : [])),
      halts: this.persisted.flatMap((operation) => (operation.kind === 'put-halt' ? [{ ...operation, liftedBy: undefined }] : [])),
    };
  }

  /** The test is this peer. */
  connect(
    connection: number,
    peer: number,
    height = 0,
    at: { readonly remoteAddress?: string; readonly dialed?: string; readonly hello?: Partial<Hello>; readonly refusal?: DisconnectCode } = {},
  ): ConnectionId {
    const id = connection as ConnectionId;
    const { nodeId } = keyOf(peer);
    const { remoteAddress = '10.0.0.1:1', dialed, hello, refusal } = at;
    this.input({ kind: 'connected', connection: id, direction: dialed === undefined ? 'inbound' : 'outbound', remoteKey: nodeId, remoteAddress, dialed });
    this.receive(id, 'Hello', {
      magic: 'TIME',
      protocolVersion: 1,
      network: paramsOf.devnet.network.id,
      genesisHash: this.genesis.hash,
      userAgent: '',
      listenPort: 0,
      services: 0,
      height,
      tipHash: this.genesis.block.hash,
      time: this.nowMs,
      observedAddress: '',
      nonce: BigInt(1_000 + connection),
      ...hello,
    });
    this.receive(id, 'HelloAck', { refusal });
    return id;
  }
  receive<T extends MessageType>(connection: ConnectionId, type: T, body: MessageBodies[T]): void {
    this.input({ kind: 'message', connection, bytes: encodeMessage({ type, body } as Message) });
  }
  sentOf<T extends MessageType>(type: T): MessageBodies[T][] {
    return this.sent.filter(({ message }) => message.type === type).map(({ message }) => message.body as MessageBodies[T]);
  }

  #carryOut(effect: Effect): void {
    switch (effect.kind) {
      case 'persist':
        this.persisted.push(...effect.operations);
        for (const operation of effect.operations) {
          if (operation.kind === 'apply-block') this.chain.apply(operation);
          if (operation.kind === 'revert-block') this.chain.revert(operation);
        }
        return;
      case 'send':
        this.sent.push({ to: effect.to, message: decodeMessage(encodeMessage(effect.message)) });
        if (effect.message.type === 'Ping') for (const connection of effect.to) this.receive(connection, 'Pong', { ...effect.message.body, time: this.nowMs });
        return;
      case 'verify':
        return this.#answer(() => ({ kind: 'verified', job: effect.job, valid: effect.items.map(this.verify) }));
      case 'compute-set-hash':
        return this.#answer(() => ({ kind: 'set-hash', job: effect.job, ...this.setHash(effect) }));
      case 'continue':
        this.betweenSteps();
        return this.input({ kind: 'continued', job: effect.job });
      case 'set-timer':
        if (effect.atMs === undefined) this.timers.delete(effect.timer);
        else this.timers.set(effect.timer, effect.atMs);
        return;
      case 'disconnect':
        this.disconnected.push(effect.connection);
        return this.input({ kind: 'closed', connection: effect.connection, reason: 'closed', offence: false });
      case 'publish':
        this.events.push(effect.event);
        return;
      case 'probe':
        this.probes.push(effect);
        return;
      case 'answer-branch':
        this.branchAnswers.push(effect.result);
        return;
      case 'dial':
      case 'answer':
    }
  }

  #answer(answer: () => Input): void {
    if (this.holdAnswers) this.held.push(answer);
    else this.input(answer());
  }
}

class TestChain implements ChainSource {
  readonly coins = new Map<OutpointKey, Coin>();
  readonly blocks: StoredBlock[] = [];
  readonly heights = new Map<Txid, number>();
  readonly #undo: (StoredUndo | undefined)[] = [];
  #reverted: RevertBlock[] = [];

  coin(key: OutpointKey): Coin | undefined {
    return this.coins.get(key);
  }
  block(height: number): StoredBlock | undefined {
    return this.blocks[height];
  }
  transactionHeight(txid: Txid): number | undefined {
    return this.heights.get(txid);
  }
  undo(height: number): StoredUndo | undefined {
    return this.#undo[height];
  }
  /** As in a store that an older release has written. */
  forgetUndo(through: number): void {
    for (let height = 0; height <= through; height++) this.#undo[height] = undefined;
  }
  revertedAfter(parent: BlockHash): readonly StoredBlock[] {
    return this.#reverted.filter(({ previousHash }) => previousHash === parent).map(storedBlock);
  }
  apply(
    block: Pick<ApplyBlock, 'height' | 'hash' | 'encoded' | 'certificate' | 'added' | 'removed' | 'undo' | 'registryBefore'> & {
      transactions: readonly { txid: Txid }[];
    },
  ): void {
    invariant(block.height === this.blocks.length, 'blocks follow one another');
    this.#undo.push({ encoded: block.undo, registry: block.registryBefore });
    this.#reverted = this.#reverted.filter(({ hash }) => hash !== block.hash);
    this.blocks.push({ hash: block.hash, encoded: block.encoded, certificate: block.certificate && certificateCodec.decode(block.certificate) });
    for (const { outpoint, coin } of block.added) this.coins.set(outpointKey(outpoint), coin);
    for (const { outpoint } of block.removed) this.coins.delete(outpointKey(outpoint));
    for (const { txid } of block.transactions) this.heights.set(txid, block.height);
  }
  revert(block: RevertBlock): void {
    invariant(this.blocks.at(-1)?.hash === block.hash, 'the tip is taken off');
    this.blocks.pop();
    this.#undo.pop();
    this.#reverted.push(block);
    for (const { outpoint, coin } of block.added) this.coins.set(outpointKey(outpoint), coin);
    for (const { outpoint } of block.removed) invariant(this.coins.delete(outpointKey(outpoint)), 'a coin that is taken away was there');
    for (const { txid } of block.transactions) this.heights.delete(txid);
  }
}

function setHash({ state, added, removed }: Extract<Effect, { kind: 'compute-set-hash' }>): { state: Uint8Array; utxoSetHash: Hash } {
  const before = decodeMuHash(state);
  invariant(before !== undefined, 'an encoded set');
  const encode = (coins: typeof added): Uint8Array[] => coins.map(({ outpoint, coin }) => encodeSetElement(outpoint, coin));
  const after = combineMuHash(before, deltaOf(encode(added), encode(removed)));
  return { state: encodeMuHash(after), utxoSetHash: finalizeMuHash(after) };
}
