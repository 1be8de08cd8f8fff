import type { BlockHash } from '../../../src-shared/domain/ids.ts';
import type { BlockVote } from '../codec/block-vote.ts';
import { paramsOf } from '../params.ts';
import { isQuorum, type Snapshot } from '../snapshot.ts';
import type { GuardRecord } from '../store-operation.ts';
import { block, coin, node, tx, voteOf } from './consensus.fixture.ts';
import { type DriverInput, type DriverOutput, type DriverProposal, HeightDriver } from './driver.ts';
import type { GuardAnswer } from './guard-answer.ts';
import { ProposerSequence } from './proposer.ts';
import type { TimeoutStep } from './round-state.ts';
import { SignGuard } from './sign-guard.ts';

const height = 1;
/** The one transfer that is voted on here: certified, so everybody may commit it. */
const transfer = tx(1);

export type Random = () => number;
/** mulberry32: a seed's sequence, for schedules that can be repeated. */
export function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Honest {
  readonly index: number;
  driver: HeightDriver;
  guard: SignGuard;
  /** What a crash leaves. */
  readonly durable: GuardRecord[];
  /** Signed, and not durable yet: persist before send. */
  unsaved: { readonly records: readonly GuardRecord[]; readonly send: () => void }[];
  timers: { readonly atMs: number; readonly step: TimeoutStep; readonly round: number }[];
  decided: BlockHash | undefined;
  /** The commit for the transfer has left. */
  committed: boolean;
}
interface Envelope {
  readonly to: number;
  readonly input: DriverInput;
}
interface KnownBlock {
  readonly blockHash: BlockHash;
  readonly valid: boolean;
  readonly conflicts: boolean;
}

/** One height of N members, some of them faulty, under a schedule chosen by chance; what must never happen throws at once. */
export class MiniNetwork {
  readonly #snapshot: Snapshot;
  readonly #random: Random;
  readonly #faulty: ReadonlySet<number>;
  readonly #proposers: ProposerSequence;
  readonly honest: readonly Honest[];
  readonly #blocks: KnownBlock[] = [];
  #inFlight: Envelope[] = [];
  /** Everything ever sent by anyone: it gets through in the end. */
  readonly #sent: DriverInput[] = [];
  readonly #signed = new Map<string, BlockHash | undefined>();
  /** Whom nothing reaches for a while. */
  #slow: ReadonlySet<number> = new Set();
  #nowMs = 0;
  #healed = false;

  constructor(snapshot: Snapshot, faulty: ReadonlySet<number>, random: Random) {
    this.#snapshot = snapshot;
    this.#random = random;
    this.#faulty = faulty;
    this.#proposers = new ProposerSequence(snapshot, height);
    this.honest = snapshot.members.flatMap((_, index) => (faulty.has(index) ? [] : [this.#newHonest(index)]));
  }

  /** One event of the fault phase. */
  disturb(): void {
    const what = this.#random();
    const one = this.#pick(this.honest);
    if (what < 0.5) this.#deliverOne();
    else if (what < 0.7) this.#save(one);
    else if (what < 0.78) this.#fireAny(one);
    else if (what < 0.84) this.#tell(one, { kind: 'start', round: 0 });
    else if (what < 0.85) this.#commit(one);
    else if (what < 0.86) this.#restart(one);
    else if (what < 0.87) this.#slow = new Set(this.honest.filter(() => this.#random() < 0.3).map(({ index }) => index));
    else if (this.#faulty.size > 0) this.#misbehave(this.#pick([...this.#faulty]));
  }

  /** From now on everything arrives, and the faulty say nothing more. Answers whether all honest members decide. */
  heal(maxTimeouts: number): boolean {
    this.#healed = true;
    for (const one of this.honest) this.#tell(one, { kind: 'start', round: 0 });
    for (let fired = 0; fired < maxTimeouts; fired++) {
      for (const input of this.#sent) for (const { index } of this.honest) this.#inFlight.push({ to: index, input });
      this.#settle();
      if (this.honest.every(({ decided }) => decided !== undefined)) return true;
      this.#fireNext();
    }
    return false;
  }

  /** The transfer's commits, those of the faulty counted, are a quorum. */
  isFinal(): boolean {
    const weight = this.#snapshot.members.reduce(
      (sum, member, index) => sum + (this.#faulty.has(index) || this.honest.some((one) => one.index === index && one.committed) ? member.weight : 0),
      0,
    );
    return isQuorum(weight, this.#snapshot);
  }
  blockOf(blockHash: BlockHash): KnownBlock {
    const known = this.#blocks.find((one) => one.blockHash === blockHash);
    if (known === undefined) throw new Error(`nobody made ${blockHash}`);
    return known;
  }
  get rounds(): number {
    return Math.max(...this.honest.map(({ driver }) => driver.view().round)) + 1;
  }

  #newHonest(index: number): Honest {
    const guard = new SignGuard([], height, 0);
    return { index, guard, driver: this.#driverOf(index, guard), durable: [], unsaved: [], timers: [], decided: undefined, committed: false };
  }

  #driverOf(index: number, guard: SignGuard): HeightDriver {
    return new HeightDriver({
      height,
      snapshot: this.#snapshot,
      self: node(index),
      proposerAt: (round) => this.#proposers.at(height, round),
      timeouts: paramsOf.devnet.timeouts,
      restored: guard.restored(height),
    });
  }

  #tell(one: Honest, input: DriverInput): void {
    for (const output of one.driver.handle(input)) this.#carryOut(one, output);
  }

  #carryOut(one: Honest, output: DriverOutput): void {
    const { guard } = one;
    switch (output.kind) {
      case 'get-value':
        this.#inFlight.push({
          to: one.index,
          input: { kind: 'value', round: output.round, blockHash: this.#newBlock(true, !this.#healed && this.#random() < 0.5) },
        });
        return;
      case 'propose': {
        const proposal: DriverProposal = { round: output.round, validRound: output.validRound, blockHash: output.blockHash, nodeId: node(one.index) };
        this.#sign(one, guard.propose({ ...proposal, height }), () => this.#broadcast(this.#proposalInput(proposal)));
        return;
      }
      case 'prevote': {
        const conflicts = (): boolean => output.blockHash !== undefined && this.blockOf(output.blockHash).conflicts;
        const answer = guard.prevote({ ...output, height, conflicts });
        if (answer.ok) this.#signVote(one, answer, voteOf(one.index, 'prevote', output.round, output.blockHash));
        else {
          const nil = guard.prevote({ round: output.round, blockHash: undefined, fresh: false, height, conflicts: () => false });
          this.#signVote(one, nil, voteOf(one.index, 'prevote', output.round, undefined));
        }
        return;
      }
      case 'precommit':
        this.#signVote(one, guard.precommit({ ...output, height }), voteOf(one.index, 'precommit', output.round, output.blockHash));
        return;
      case 'locked':
        this.#sign(one, guard.lock({ ...output, height }), () => {});
        return;
      case 'valid-value':
        this.#sign(one, guard.valid({ ...output, height }), () => {});
        return;
      case 'set-timeout':
        one.timers.push({ atMs: this.#nowMs + output.afterMs, step: output.step, round: output.round });
        return;
      case 'certified-unknown-block':
        this.#inFlight.push({
          to: one.index,
          input: { kind: 'block', blockHash: output.blockHash, validity: this.blockOf(output.blockHash).valid ? 'valid' : 'invalid' },
        });
        return;
      case 'decide': {
        const weight = output.certificate.precommits.reduce((sum, { nodeId }) => sum + (this.#snapshot.byNode.get(nodeId)?.weight ?? 0), 0);
        if (!isQuorum(weight, this.#snapshot)) throw new Error('a certificate without a quorum');
        one.decided = output.blockHash;
        return;
      }
      case 'evidence':
        if (this.honest.some(({ index }) => node(index) === output.first.nodeId)) throw new Error(`evidence against honest ${output.first.nodeId}`);
        return;
      case 'conflicting-certificates':
        throw new Error('two certificates');
      case 'round':
        return;
    }
  }

  #sign(one: Honest, answer: GuardAnswer, send: () => void): void {
    if (answer.ok) one.unsaved.push({ records: answer.records, send });
  }
  #signVote(one: Honest, answer: GuardAnswer, vote: BlockVote): void {
    this.#sign(one, answer, () => {
      const place = `${one.index} ${vote.phase} ${vote.round}`;
      if (this.#signed.has(place) && this.#signed.get(place) !== vote.blockHash) throw new Error(`signed twice: ${place}`);
      this.#signed.set(place, vote.blockHash);
      this.#broadcast({ kind: 'vote', vote });
    });
  }

  #save(one: Honest): void {
    const next = one.unsaved.shift();
    if (next === undefined) return;
    one.durable.push(...next.records);
    next.send();
  }

  /** A crash: what was not saved is lost, and nobody saw it. */
  #restart(one: Honest): void {
    if (one.decided !== undefined) return;
    one.unsaved = [];
    one.timers = [];
    one.guard = new SignGuard(one.durable, height, 0);
    one.driver = this.#driverOf(one.index, one.guard);
    for (const { phase, round, blockHash } of one.guard.ownVotes(height)) this.#broadcast({ kind: 'vote', vote: voteOf(one.index, phase, round, blockHash) });
    this.#tell(one, { kind: 'start', round: 0 });
  }

  #commit(one: Honest): void {
    const answer = one.guard.commit({
      epoch: 0,
      txid: transfer,
      inputs: [coin(1)],
      hasCertificate: true,
      closing: false,
      applicable: one.decided === undefined || !this.blockOf(one.decided).conflicts,
      prevotedBlockConflicts: (blockHash) => this.blockOf(blockHash).conflicts,
    });
    this.#sign(one, answer, () => {
      one.committed = true;
    });
  }

  /** Mostly what does the most harm: votes where the honest are, for what is proposed there, and not the same to everybody. */
  #misbehave(signer: number): void {
    const round = Math.max(0, this.#pick(this.honest).driver.view().round + this.#pick([-1, 0, 0, 0, 1]));
    if (this.#proposers.at(height, round) === node(signer) && this.#random() < 0.5) {
      const known = this.#blocks.length > 0 && this.#random() < 0.6 ? this.#pick(this.#blocks).blockHash : undefined;
      const blockHash = known ?? this.#newBlock(this.#random() < 0.8, this.#random() < 0.6);
      const validRound = this.#random() < 0.6 ? undefined : Math.floor(this.#random() * round);
      this.#whisper(this.#proposalInput({ round, validRound, blockHash, nodeId: node(signer) }));
      return;
    }
    const proposed = this.#sent.flatMap((input) => (input.kind === 'proposal' && input.proposal.round === round ? [input.proposal.blockHash] : []));
    const blockHash = this.#random() < 0.2 ? undefined : this.#pick(proposed.length > 0 ? proposed : this.#blocks.map((one) => one.blockHash));
    for (const phase of this.#random() < 0.5 ? (['prevote'] as const) : (['prevote', 'precommit'] as const)) {
      this.#whisper({ kind: 'vote', vote: voteOf(signer, phase, round, blockHash) });
    }
  }

  #whisper(input: DriverInput): void {
    this.#sent.push(input);
    for (const { index } of this.honest) if (this.#random() < 0.6) this.#inFlight.push({ to: index, input });
  }

  #newBlock(valid: boolean, conflicts: boolean): BlockHash {
    const blockHash = block(this.#blocks.length);
    this.#blocks.push({ blockHash, valid, conflicts });
    return blockHash;
  }
  #proposalInput(proposal: DriverProposal): DriverInput {
    return { kind: 'proposal', proposal, validity: this.blockOf(proposal.blockHash).valid ? 'valid' : 'invalid' };
  }

  #broadcast(input: DriverInput): void {
    this.#sent.push(input);
    for (const { index } of this.honest) this.#inFlight.push({ to: index, input });
  }

  /** Any message to who is not slow: now and then twice, or lost until the network heals. */
  #deliverOne(): void {
    const reachable = this.#inFlight.filter(({ to }) => !this.#slow.has(to));
    if (reachable.length === 0) return;
    const envelope = this.#pick(reachable);
    if (this.#random() > 0.1) this.#inFlight.splice(this.#inFlight.indexOf(envelope), 1);
    if (this.#random() > 0.05) this.#deliver(envelope);
  }
  #deliver({ to, input }: Envelope): void {
    const one = this.honest.find(({ index }) => index === to);
    if (one !== undefined) this.#tell(one, input);
  }

  #settle(): void {
    while (this.#inFlight.length > 0 || this.honest.some(({ unsaved }) => unsaved.length > 0)) {
      const arrived = this.#inFlight;
      this.#inFlight = [];
      for (const envelope of arrived) this.#deliver(envelope);
      for (const one of this.honest) while (one.unsaved.length > 0) this.#save(one);
    }
  }

  #fireAny(one: Honest): void {
    if (one.timers.length === 0) return;
    const [timer] = one.timers.splice(Math.floor(this.#random() * one.timers.length), 1);
    if (timer !== undefined) this.#tell(one, { kind: 'timeout', timeout: timer });
  }
  /** The earliest timers of all. */
  #fireNext(): void {
    const nextMs = Math.min(...this.honest.flatMap(({ timers }) => timers.map(({ atMs }) => atMs)));
    this.#nowMs = Math.max(this.#nowMs, nextMs);
    for (const one of this.honest) {
      const due = one.timers.filter(({ atMs }) => atMs <= nextMs);
      one.timers = one.timers.filter(({ atMs }) => atMs > nextMs);
      for (const timer of due) this.#tell(one, { kind: 'timeout', timeout: timer });
    }
  }

  #pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.#random() * from.length)] as T;
  }
}
