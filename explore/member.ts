import type { BlockProposal, BlockVote } from '../src-main/core/codec/block-vote.ts';
import type { HashedTransaction } from '../src-main/core/codec/transaction.ts';
import { type DriverInput, type DriverOutput, HeightDriver } from '../src-main/core/consensus/driver.ts';
import type { TimeoutStep } from '../src-main/core/consensus/round-state.ts';
import type { SignGuard } from '../src-main/core/consensus/sign-guard.ts';
import { BlockVoteSigner } from '../src-main/core/engine/block-vote-signer.ts';
import type { CheckedBlock, ProposedBlocks } from '../src-main/core/engine/proposed-blocks.ts';
import { TransactionVoteSigner } from '../src-main/core/engine/transaction-vote-signer.ts';
import { VoteTally } from '../src-main/core/finality/tally.ts';
import { Voter } from '../src-main/core/finality/voter.ts';
import { Registry } from '../src-main/core/masternodes/registry.ts';
import type { MempoolEntry, MempoolStatus } from '../src-main/core/mempool/mempool-entry.ts';
import { paramsOf } from '../src-main/core/params.ts';
import type { Signer } from '../src-main/core/ports.ts';
import type { GuardRecord, StoreOperation } from '../src-main/core/store-operation.ts';
import type { BlockHash, Hash, NodeId, Txid } from '../src-shared/domain/ids.ts';
import { epochOf, type MemberState, recordsAfterBlock, settles } from './member-state.ts';
import type { Mutation } from './mutation.ts';
import { genesisTimeMs, members, noSignature, type SmallBlock, type SmallCase, slotMs, type Transfer, timeOf, transfers } from './small-case.ts';

const signer: Signer = { sign: () => noSignature };
const genesisHash = '00'.repeat(32) as Hash;
const timeouts = paramsOf.devnet.timeouts;
const registry = Registry.fromGenesis([]);
const params = { blockIntervalMs: slotMs, finalMustBeIncludedMs: paramsOf.devnet.finalMustBeIncludedMs };
const silent = (): void => undefined;

export interface MemberOptions {
  readonly smallCase: SmallCase;
  readonly mutation: Mutation;
  readonly self: NodeId;
  proposerAt(round: number): NodeId;
  /** Rule 4 of protocol section 6: the epoch is over but for the block that closes it. */
  readonly closing: boolean;
  /** What to propose where the height has no valid value yet (line 18). */
  valueFor?(member: Member, round: number): SmallBlock;
  /** Members that are shown to have accepted it. */
  acceptersOf(transfer: Transfer): readonly NodeId[];
}

/** What a step of a member came to: votes and proposals that left, and the block that it decided. */
export interface Said {
  readonly votes: BlockVote[];
  readonly proposals: BlockProposal[];
  /** Set, and not fired yet. */
  readonly timers: { readonly step: TimeoutStep; readonly round: number }[];
  readonly accepts: Transfer[];
  readonly commits: Transfer[];
  decided: SmallBlock | undefined;
}

/**
 * An honest member as it is after a start: made of what is durable alone. The parts that decide are the engine's own: the guard, the height's driver, both
 * signers, the tally, the voter and the definition of conflict. What is written here stands for the parts between them: `ConsensusFlow` (each
 * output of the driver to the signer, own votes back to the driver) and `VotingFlow` (a bundle's votes to the tally, a certificate to the voter).
 */
export class Member {
  readonly said: Said = { votes: [], proposals: [], timers: [], accepts: [], commits: [], decided: undefined };
  readonly driver: HeightDriver;
  readonly signer: BlockVoteSigner;
  /** Those of its height and chain; all known and checked. */
  readonly blocks: readonly SmallBlock[];
  readonly mempool: Pending;
  readonly proposed: ProposedBlocks;
  readonly #options: MemberOptions;
  readonly #state: MemberState;
  readonly #voter: Voter;
  readonly #tally: VoteTally;
  readonly #votes: TransactionVoteSigner;
  readonly #height: number;
  readonly #epoch: number;
  readonly #guard: SignGuard;
  #records: readonly GuardRecord[];
  readonly #queue: DriverInput[] = [];
  #driving = false;

  constructor(state: MemberState, options: MemberOptions) {
    const { smallCase, mutation, self } = options;
    this.#options = options;
    this.#state = state;
    this.#height = state.chain.length + 1;
    this.#epoch = epochOf(state.chain);
    this.#records = state.records;
    const guard = mutation.guardOf(state.records, this.#height, this.#epoch);
    this.#guard = guard;
    this.#tally = new VoteTally(smallCase.snapshot(this.#epoch));
    this.mempool = new Pending(smallCase, state.chain);
    for (const transfer of this.mempool.transfers) for (const member of options.acceptersOf(transfer)) this.hear(transfer, member);
    this.blocks = smallCase.blocksAt(this.#height).filter(({ holds }) => holds === undefined || this.mempool.transfers.includes(holds));
    const proposed = mutation.proposedOf(this.mempool);
    this.proposed = proposed;
    for (const { hashed } of this.blocks) proposed.add(hashed, { kind: 'valid', checked: checkedOf(hashed) }, () => false);
    const context = {
      maySign: true,
      nowMs: timeOf(this.#height),
      epoch: this.#epoch,
      snapshot: smallCase.snapshot(this.#epoch),
      isClosing: options.closing,
      guard,
      mempool: this.mempool,
      tally: this.#tally,
      genesis: { hash: genesisHash, time: genesisTimeMs },
      options: { self, signer },
      params,
      registry: options.closing ? { progress: { ...registry.progress, completedMs: timeOf(this.#height - 1) } } : registry,
      publish: silent,
      persist: (operations: readonly StoreOperation[]) => this.#keep(operations.flatMap((one) => (one.kind === 'guard' ? [one.record] : []))),
      persistGuard: (records: readonly GuardRecord[]) => this.#keep(records),
    };
    this.signer = new BlockVoteSigner(context, proposed);
    this.#votes = new TransactionVoteSigner(context, proposed);
    this.#voter = new Voter({ self, voteResendMs: 1 });
    this.driver = new HeightDriver({
      height: this.#height,
      snapshot: smallCase.snapshot(this.#epoch),
      self,
      proposerAt: options.proposerAt,
      timeouts,
      restored: mutation.restored(guard.restored(this.#height)),
    });
  }

  /** As `ConsensusFlow`: one input at a time, and what carrying out its outputs brings comes after them. */
  drive(input: DriverInput): void {
    this.#queue.push(input);
    if (this.#driving) return;
    this.#driving = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) for (const output of this.driver.handle(next)) this.#carryOut(output);
    this.#driving = false;
  }

  /** Enters the round, or a later one where it has been there already, by timeouts alone. */
  enter(round: number): void {
    this.drive({ kind: 'start', round: 0 });
    for (let at = this.driver.view().round; at < round; at++) this.drive({ kind: 'timeout', timeout: { step: 'precommit', round: at } });
  }

  /** As `VotingFlow`: a bundle with that member's accept is counted. */
  hear(transfer: Transfer, accepter: NodeId): void {
    const { txid } = this.#options.smallCase.transfers[transfer] as HashedTransaction;
    this.#tally.add(this.#options.smallCase.bundle(accepter, this.#epoch, transfer, 'accept'));
    if (this.#tally.isCertified(txid) && this.mempool.get(txid)?.status === 'pending') this.mempool.markStatus(txid, 'certified');
  }
  isCertified(transfer: Transfer): boolean {
    return this.#tally.isCertified(this.#txid(transfer));
  }

  /** As `VotingFlow.flush`: the voter asks the guard through the signer. */
  vote(want: { readonly accept?: Transfer; readonly commit?: Transfer }): void {
    if (want.accept !== undefined) this.#voter.wantAccept(this.#txid(want.accept), 0);
    if (want.commit !== undefined) this.#voter.wantCommit(this.#txid(want.commit));
    for (const { txid, choice } of this.#voter.takeBundle(this.#votes) ?? []) {
      const transfer = transfers.find((one) => this.#txid(one) === txid) as Transfer;
      if (choice === 'accept') this.said.accepts.push(transfer);
      if (choice === 'commit') this.said.commits.push(transfer);
    }
    this.#keep(this.#votes.records.splice(0));
  }

  /** What is durable after it, and the chain. */
  after(): MemberState {
    const { decided } = this.said;
    if (decided === undefined) return { chain: this.#state.chain, records: this.#records };
    // As `ChainFlow`: the guard is told of the height, of what the block settles, and then of the new epoch.
    this.#guard.decided(this.#height);
    const ended = settles(decided, this.#options.smallCase);
    const released = this.#guard.released(ended.map(({ txid }) => txid));
    const chain = [...this.#state.chain, decided];
    const after = recordsAfterBlock([...this.#records, ...released], decided);
    return { chain, records: this.#options.mutation.afterBlock(after, this.#records, decided) };
  }

  #txid(transfer: Transfer): Txid {
    return (this.#options.smallCase.transfers[transfer] as HashedTransaction).txid;
  }

  #keep(records: readonly GuardRecord[]): void {
    this.#records = [...this.#records, ...records];
  }

  #carryOut(output: DriverOutput): void {
    switch (output.kind) {
      case 'prevote':
        return this.#sent(this.signer.prevote(this.#height, output));
      case 'precommit':
        return this.#sent(this.signer.precommit(this.#height, output.round, output.blockHash));
      case 'locked':
        return this.signer.lock(this.#height, output);
      case 'valid-value':
        return this.signer.keepValid(this.#height, output, this.driver.prevotesFor(output));
      case 'propose':
        return this.#propose(output.round, output.blockHash, output.validRound);
      case 'decide':
        this.said.decided = this.#options.smallCase.block(output.blockHash);
        return;
      case 'set-timeout':
        this.said.timers.push({ step: output.step, round: output.round });
        return;
      case 'get-value': {
        const block = this.#options.valueFor?.(this, output.round);
        if (block !== undefined) this.drive({ kind: 'value', round: output.round, blockHash: block.hashed.hash });
        return;
      }
      case 'round':
      case 'certified-unknown-block':
      case 'conflicting-certificates':
      case 'evidence':
        return;
    }
  }

  #sent(vote: BlockVote | undefined): void {
    if (vote === undefined) return;
    this.said.votes.push(vote);
    this.drive({ kind: 'vote', vote });
  }

  #propose(round: number, blockHash: BlockHash, validRound: number | undefined): void {
    const proposal = this.signer.propose(this.#height, round, this.#options.smallCase.block(blockHash).hashed, validRound);
    if (proposal !== undefined) this.said.proposals.push(proposal);
  }
}

const checkedOf = (block: SmallBlock['hashed']): CheckedBlock => ({
  block,
  applied: { changes: { added: [], removed: [] }, spentCoins: [], fees: 0n, transactions: [] },
  setHashState: noSignature,
  registry,
});

/** Both transfers, as long as their coin is not spent; neither of them final for so long that a block must hold it. */
export class Pending {
  readonly transfers: readonly Transfer[];
  readonly #entries = new Map<Txid, MempoolEntry>();

  constructor(smallCase: SmallCase, chain: readonly SmallBlock[]) {
    this.transfers = chain.some(({ holds }) => holds !== undefined) ? [] : transfers;
    for (const sequence of this.transfers) {
      const hashed = smallCase.transfers[sequence] as HashedTransaction;
      this.#entries.set(hashed.txid, { hashed, fee: 0n, feeRate: 0n, receivedMs: 0, sequence, status: 'pending', finalSinceMs: undefined });
    }
  }

  get(txid: Txid): MempoolEntry | undefined {
    return this.#entries.get(txid);
  }
  markStatus(txid: Txid, status: MempoolStatus): boolean {
    const entry = this.#entries.get(txid);
    if (entry !== undefined) this.#entries.set(txid, { ...entry, status });
    return entry !== undefined;
  }
  inAdmissionOrder(): MempoolEntry[] {
    return [...this.#entries.values()];
  }
  conflictsOf({ txid }: HashedTransaction): Txid[] {
    return [...this.#entries.keys()].filter((other) => other !== txid);
  }
  mustInclude(): Txid[] {
    return [];
  }
}

export const proposerInTurn = (height: number, round: number): NodeId => members[(height + round) % members.length] as NodeId;
