import { contradictionLine } from '../../src-shared/domain/contradiction.ts';
import type { BlockHash, NodeId, OutpointKey, Txid } from '../../src-shared/domain/ids.ts';
import { decodeBlock } from '../core/codec/block.ts';
import type { Message } from '../core/codec/message.ts';
import type { EngineEvent } from '../core/events.ts';
import type { Tier } from '../core/snapshot.ts';
import { AgreementChecker } from './agreement-checker.ts';
import { Arithmetic } from './arithmetic.ts';
import { holds } from './broken-invariant.ts';
import { mischiefOf } from './byzantine.ts';
import { auditChain } from './chain-audit.ts';
import { Clients } from './clients.ts';
import { type Coalition, drawCoalition } from './coalition.ts';
import { CommitChecker } from './commit-checker.ts';
import { describeEvent, markOfEvent } from './describe.ts';
import { checkDurable } from './durability-checker.ts';
import type { Faults } from './faults.ts';
import { type HostObserver, type Mischief, outgoing, SimHost } from './host.ts';
import { SimNetwork } from './network.ts';
import { Premise } from './premise.ts';
import { Prng } from './prng.ts';
import { Owners } from './registry-actor.ts';
import { practice, type Setting } from './setting.ts';
import { SharedReader } from './shared-reader.ts';
import { makeGenesis, pickFaulty, type SimGenesis } from './sim-genesis.ts';
import { TransactionLog } from './transaction-log.ts';
import { type ChainFacts, VoteChecker } from './vote-checker.ts';
import { World } from './world.ts';

/** Any time will do; this is 2027-01-15. */
const genesisTimeMs = 1_800_000_000_000;
const startAfterGenesisMs = 2_000;
const maxStartDelayMs = 500;
/** What ended itself is started again by its operator's system, from and to. */
const restartedAfterMs = [300, 5_000] as const;

export interface ClusterOptions {
  readonly seed: string;
  /** The masternodes that the network begins with. */
  readonly members: readonly Tier[];
  /** Machines that may become masternodes. None if left out. */
  readonly candidates?: number;
  /** How many of the members are faulty at most: always less than a third by weight. */
  readonly byzantine: number;
  /** Instead, so many are faulty and work together that they can break what is promised. Contradictions do not end the simulation, and are noted. */
  readonly overThird?: boolean;
  readonly faults: Faults;
  /** One signature check in so many is worked out anew and held to the reference. */
  readonly sampleEvery: number;
  /** Standard: `practice`. */
  readonly setting?: Setting;
  /** Of all wallets together. */
  readonly coins?: number;
}

/** So many members of one weight. */
export const bronze = (count: number): readonly Tier[] => Array.from({ length: count }, () => 'bronze');

/** Does as its engine says. What is wrong with it is that there are two of it. */
const accomplice: Mischief = { outgoing: (to, message) => [outgoing(to, message)] };

/** What an engine says of a block that is invalid by the chain alone. Whose name is in its header is no matter: anybody can write it there. */
const proposedBlock = /^proposed block (\w+) of \w+$/;

/** N machines with a network, clients and every checker, on one virtual clock. */
export class Cluster {
  readonly world = new World(genesisTimeMs + startAfterGenesisMs);
  readonly random: Prng;
  readonly genesis: SimGenesis;
  readonly network: SimNetwork;
  readonly hosts: readonly SimHost[];
  readonly honest: readonly SimHost[];
  readonly clients: Clients;
  readonly log = new TransactionLog();
  readonly agreement: AgreementChecker;
  /** Over a third of the weight; undefined as a rule, where less is faulty. */
  readonly coalition: Coalition | undefined;
  /** What honest nodes hold against one another, where that is looked for. */
  readonly contradictions: string[] = [];
  readonly blamed: string[] = [];
  readonly halts: { readonly host: SimHost; readonly height: number; readonly reason: string }[] = [];
  /** Milliseconds from a node's first sight of a transaction to its finality there, of every honest node. */
  readonly finalityMs: number[] = [];
  /** Which nodes know each transaction as final or in a block. */
  readonly #knownFinal = new Map<Txid, Set<number>>();
  readonly #spent = new Map<NodeId, Set<OutpointKey>>();
  readonly #facts: ChainFacts = { inputsOf: this.log.inputsOf, isSpent: (node, key) => this.#spent.get(node)?.has(key) ?? false };
  readonly #votes = new VoteChecker(this.#facts);
  readonly #commits = new CommitChecker(this.#facts);
  readonly #honestIds: ReadonlySet<NodeId>;
  /** By honest nodes. */
  readonly #proposed = new Set<BlockHash>();
  /** Keys of several machines, each of which passes on what another has signed. */
  readonly #shared = new Set<NodeId>();
  #twins = 0;
  readonly #newHost: (index: number, keyIndex: number) => SimHost;
  readonly #premise: Premise | undefined;
  readonly #doubles: boolean;
  readonly #listeners: HostObserver['published'][] = [];

  constructor({ seed, members, candidates = 0, byzantine, overThird = false, faults, sampleEvery, setting = practice, ...plan }: ClusterOptions) {
    this.#doubles = faults.has('duplicate');
    this.random = new Prng(seed);
    this.genesis = makeGenesis(this.random.fork('genesis'), { members, candidates, addressOf: setting.addressOf, ...plan }, genesisTimeMs);
    const networkRandom = this.random.fork('network');
    this.network = new SimNetwork(this.world, networkRandom, faults, { latency: setting.latency(networkRandom), bytesPerMs: setting.bytesPerMs });
    const arithmetic = new Arithmetic(this.random.fork('arithmetic'), sampleEvery);
    const reader = new SharedReader(setting.wholeVotesEvery);
    const chance = this.random.fork('faulty');
    this.coalition = overThird ? drawCoalition(chance, members) : undefined;
    const faulty = this.coalition?.faulty ?? pickFaulty(chance, members, byzantine);
    this.agreement = new AgreementChecker(this.log.inputsOf, (what) => {
      holds(overThird, () => what);
      this.contradictions.push(what);
    });
    const addresses = this.genesis.nodeKeys.map((_, index) => setting.addressOf(index));
    this.#newHost = (index, keyIndex) => {
      const random = this.random.fork(`node ${index}`);
      const address = setting.addressOf(index);
      const key = this.genesis.nodeKeys[keyIndex];
      holds(key !== undefined, () => `there is no key ${keyIndex}`);
      return new SimHost({
        index,
        key,
        random,
        arithmetic,
        reader,
        faults,
        address,
        genesis: this.genesis.genesis,
        connect: setting.connectsAll ? addresses.filter((other) => other !== address) : [],
        setting,
        world: this.world,
        network: this.network,
        observer: {
          published: (host, event) => this.#published(host, event),
          sent: (host, message) => this.#sent(host, message),
          failed: (host) => this.world.after(this.random.between(...restartedAfterMs), () => host.start()),
        },
        mischief: faulty.has(keyIndex) ? (host) => (overThird ? accomplice : mischiefOf(host, random.fork('mischief'), this.world)) : undefined,
      });
    };
    this.hosts = addresses.map((_, index) => this.#newHost(index, index));
    this.#premise = overThird ? undefined : new Premise(this.hosts, this.world, this.genesis.genesis.registry.snapshot);
    this.honest = this.hosts.filter(({ honest }) => honest);
    this.#honestIds = new Set(this.honest.map(({ nodeId }) => nodeId));
    for (const { nodeId } of this.honest) this.#spent.set(nodeId, new Set());
    this.clients = new Clients({ world: this.world, random: this.random.fork('clients'), hosts: this.honest, genesis: this.genesis, log: this.log });
  }

  /** Who looks on beside the checkers. */
  onEvent(listener: HostObserver['published']): void {
    this.#listeners.push(listener);
  }

  host(index: number): SimHost {
    const host = this.hosts[index];
    holds(host !== undefined, () => `there is no node ${index}`);
    return host;
  }

  /** Another machine with the key of this one, which nobody knows of. It is held to what the key has signed anywhere. */
  twinOf(index: number): SimHost {
    this.#shared.add(this.host(index).nodeId);
    return this.#newHost(this.hosts.length + this.#twins++, index);
  }

  /** The candidates' owners begin, and do something every so often on average. */
  owners(everyMs: number): Owners {
    const { world, honest, genesis, log, clients } = this;
    const owners = new Owners({ world, random: this.random.fork('owners'), hosts: honest, genesis, log, clients });
    owners.start(everyMs);
    return owners;
  }

  /** All that are down, within half a second. */
  startAll(): void {
    for (const host of this.hosts) this.world.after(this.random.below(maxStartDelayMs), () => host.start());
  }
  setFaults(faults: Faults): void {
    this.network.setFaults(faults);
    for (const host of this.hosts) host.setFaults(faults);
  }

  run(forMs: number): void {
    this.world.run(this.world.nowMs + forMs);
  }
  /** Broken invariant if it takes longer. */
  runUntil(isDone: () => boolean, withinMs: number, what: () => string): void {
    holds(this.world.run(this.world.nowMs + withinMs, isDone), () => `not within ${withinMs / 1_000} s: ${what()}`);
  }
  everyHonest(says: (host: SimHost) => boolean): boolean {
    return this.honest.every(says);
  }
  /** Known there as final, or in a block of its chain, by a process of it. */
  isFinalAt(host: SimHost, txid: Txid): boolean {
    return this.#knownFinal.get(txid)?.has(host.index) ?? false;
  }

  /** Every honest node's chain and coins, and that they agree where they are at the same height. */
  audit(): void {
    for (const host of this.honest) {
      auditChain(host.name, host.tables, this.genesis.genesis);
      for (const [height, { hash }] of host.tables.blocks.entries()) if (height > 0) this.agreement.decided(host.name, height, hash);
    }
  }
  /** What was ever final anywhere is in this node's chain. */
  missingFinals(host: SimHost): readonly Txid[] {
    return [...this.agreement.final].filter((txid) => host.tables.transactionHeight(txid) === undefined);
  }

  /** It may be silent for an epoch: the rest is enough. */
  spares(host: SimHost): boolean {
    return this.#premise?.spares(host.nodeId) ?? true;
  }

  #published(host: SimHost, event: EngineEvent): void {
    this.world.log(host.name, () => describeEvent(event), markOfEvent(event));
    for (const listener of this.#listeners) listener(host, event);
    // Of its own accord, and without inputs.
    if (event.kind === 'reviving') this.log.note(event.txid, []);
    if (event.kind === 'epoch-began') this.#premise?.epochBegan(host.views.snapshot());
    if (!host.honest) return;
    if (event.kind === 'restored-old-copy') this.#premise?.silenced(host.nodeId);
    if (event.kind === 'signing') this.#premise?.signs(host.nodeId);
    switch (event.kind) {
      case 'transaction-final':
        this.finalityMs.push(event.finalAfterMs);
        this.#final(host, event.txid);
        return;
      case 'transaction-confirmed':
        this.#final(host, event.txid);
        return;
      case 'block-decided':
        this.agreement.decided(host.name, event.height, event.hash);
        this.#noteSpent(host, event.height);
        return;
      case 'peer-violation':
        if (event.nodeId !== undefined && this.#honestIds.has(event.nodeId))
          this.#blamed(`${host.name} blames honest ${event.nodeId}: ${JSON.stringify(event.rejection)}`);
        return;
      case 'rate-limited':
        // What is asked for once on each connection is asked twice where messages are doubled, as no TCP does.
        if (event.limit === 'rate_sync' && this.#doubles) return;
        holds(!this.#honestIds.has(event.nodeId), () => `${host.name} finds too many messages of honest ${event.nodeId}: ${event.limit}`);
        return;
      case 'evidence':
        holds(
          !this.#honestIds.has(event.nodeId),
          () => `${host.name} holds evidence against honest ${event.nodeId}: ${contradictionLine(event.contradiction)}`,
        );
        return;
      case 'vote-refused': {
        // A node's own operator said so, of a block that is as valid as others.
        if (event.reason.startsWith('invalidated')) return;
        const blamed = proposedBlock.exec(event.what)?.[1];
        if (this.#proposed.has(blamed as BlockHash)) this.#blamed(`${host.name} finds invalid what an honest node proposed, ${blamed}: ${event.reason}`);
        return;
      }
      case 'halted':
        this.halts.push({ host, height: event.height, reason: event.reason });
        holds(this.coalition !== undefined, () => `${host.name} halts at height ${event.height}: ${event.reason}`);
    }
  }

  /** On two chains honest nodes do not understand one another any more. */
  #blamed(what: string): void {
    holds(this.coalition !== undefined, () => what);
    this.blamed.push(what);
  }

  #sent(host: SimHost, message: Message): void {
    if (message.type === 'BlockProposal' && message.body.nodeId === host.nodeId) this.#proposed.add(message.body.blockHash);
    this.#votes.sent(host.nodeId, message);
    this.#commits.sent(host, message);
    if (!host.wasRestored && !this.#shared.has(host.nodeId)) checkDurable(host, message, this.log.inputsOf);
  }

  #final(host: SimHost, txid: Txid): void {
    this.agreement.becameFinal(host.name, txid);
    const known = this.#knownFinal.get(txid);
    if (known === undefined) this.#knownFinal.set(txid, new Set([host.index]));
    else known.add(host.index);
    this.clients.settled(txid);
  }

  /** The block is on the disk's way before the event is published. */
  #noteSpent(host: SimHost, height: number): void {
    const block = host.tables.block(height);
    const spent = this.#spent.get(host.nodeId);
    if (block === undefined || spent === undefined) return;
    for (const { claimKeys } of decodeBlock(block.encoded).transactions) for (const key of claimKeys) spent.add(key);
  }
}
