import type { BlockVote } from '../src-main/core/codec/block-vote.ts';
import type { HashedTransaction } from '../src-main/core/codec/transaction.ts';
import { selectForBlock } from '../src-main/core/mempool/block-selection.ts';
import { isCertified } from '../src-main/core/mempool/mempool-entry.ts';
import type { BlockHash, NodeId } from '../src-shared/domain/ids.ts';
import { Member } from './member.ts';
import { epochOf, type MemberState } from './member-state.ts';
import { decide } from './moves.ts';
import type { Mutation } from './mutation.ts';
import { type Bounds, boundsOf, byzantine, members, noSignature, type SmallBlock, SmallCase, type Transfer, timeOf, transfers } from './small-case.ts';
import type { Speakers } from './speakers.ts';

/** Four proposers take turns, one of them silent; the first rounds go to finding each other. */
const maxFurtherRounds = 12;
const stepOrder = { propose: 0, prevote: 1, precommit: 2 } as const;

/**
 * Whether a state is a dead end: from here on the Byzantine member is silent, everything that honest members have ever sent arrives, timers fire when nothing else
 * happens, and somebody must decide the height. What the Byzantine member sent before arrives only where an honest member relied on it, and so keeps it and shows
 * it: the votes under a lock and under a commit, and the certificate of a block that somebody has applied.
 */
export class Recovery {
  readonly #case: SmallCase;
  readonly #mutation: Mutation;
  readonly #mayClose: boolean;
  readonly #known = new Map<string, string | undefined>();

  constructor({ heights, rounds, blocks }: Bounds, mutation: Mutation) {
    this.#mayClose = blocks.flat().some((name) => name.endsWith('!'));
    // An honest proposer may make any block, also one that the exploration leaves out.
    this.#case = new SmallCase(boundsOf(heights, rounds, 'X,Y,-,X!,Y!,-!'));
    this.#mutation = mutation;
  }

  /** Different states that were tried. */
  get tried(): number {
    return this.#known.size;
  }

  /** In words, what stays undecided; undefined where all is well. `closing`: the epoch's length is complete. */
  deadEnd(states: readonly MemberState[], closing: boolean): string | undefined {
    const key = `${closing} ${states.map(({ chain, records }) => `${chain.map(({ name }) => name).join()} ${JSON.stringify(records)}`).join('|')}`;
    if (!this.#known.has(key)) this.#known.set(key, this.#run(this.#caughtUp(states), closing));
    return this.#known.get(key);
  }

  /** For `explore`: every so many states, both where the epoch goes on and, if the case has such blocks, where it is to be closed. */
  checkEvery(every: number): ((speakers: Speakers, ids: readonly number[], state: number) => string | undefined) | undefined {
    if (every === 0) return undefined;
    return (speakers, ids, state) => {
      if (state % every !== 0) return undefined;
      const states = ids.map((id) => speakers.at(id));
      return this.deadEnd(states, false) ?? (this.#mayClose ? this.deadEnd(states, true) : undefined);
    };
  }

  /** Who is behind is given the certificates of what the others have applied. */
  #caughtUp(states: readonly MemberState[]): readonly MemberState[] {
    const longest = states.reduce((chain, state) => (state.chain.length > chain.length ? state.chain : chain), [] as readonly SmallBlock[]);
    return states.map((state) => {
      let caughtUp = state;
      for (const block of longest.slice(state.chain.length)) {
        const member = this.#member(caughtUp, members[0] as NodeId, states, false);
        decide(member, block, 0);
        caughtUp = member.after();
      }
      return caughtUp;
    });
  }

  #run(states: readonly MemberState[], closing: boolean): string | undefined {
    const height = (states[0] as MemberState).chain.length + 1;
    if (height > this.#case.bounds.heights) return undefined;
    const live = states.map((state, index) => this.#member(state, members[index] as NodeId, states, closing));
    const votes = states.flatMap((state, index) => votesOf(state, members[index] as NodeId, height));
    for (const member of live) {
      member.drive({ kind: 'start', round: 0 });
      for (const vote of votes) member.drive({ kind: 'vote', vote });
    }
    const lastRound = this.#case.bounds.rounds + maxFurtherRounds;
    for (;;) {
      this.#deliver(live, height);
      if (live.every(({ said }) => said.decided !== undefined)) return undefined;
      const due = live.flatMap(({ said }) => said.timers).sort((a, b) => a.round - b.round || stepOrder[a.step] - stepOrder[b.step])[0];
      if (due === undefined) return `height ${height} stays undecided: nobody waits for anything`;
      if (due.round > lastRound) return `height ${height} stays undecided in ${due.round} rounds`;
      for (const member of live) {
        const at = member.said.timers.findIndex(({ step, round }) => step === due.step && round === due.round);
        if (at < 0) continue;
        member.said.timers.splice(at, 1);
        member.drive({ kind: 'timeout', timeout: due });
      }
    }
  }

  /** Until nobody has anything to say. */
  #deliver(live: readonly Member[], height: number): void {
    for (let quiet = false; !quiet; ) {
      quiet = true;
      for (const [index, from] of live.entries()) {
        for (const transfer of from.mempool.transfers) from.vote(from.isCertified(transfer) ? { commit: transfer } : { accept: transfer });
        from.said.commits.length = 0;
        for (const transfer of from.said.accepts.splice(0)) for (const to of live) to.hear(transfer, members[index] as NodeId);
        for (const proposal of from.said.proposals.splice(0)) {
          quiet = false;
          for (const to of live) to.drive({ kind: 'proposal', proposal, validity: 'valid' });
        }
        for (const unsigned of from.said.votes.splice(0)) {
          quiet = false;
          const vote = { ...unsigned, nodeId: members[index] as NodeId, height };
          for (const to of live) if (to !== from) to.drive({ kind: 'vote', vote });
        }
      }
    }
  }

  #member(state: MemberState, self: NodeId, all: readonly MemberState[], closing: boolean): Member {
    const epoch = epochOf(state.chain);
    const height = state.chain.length + 1;
    return new Member(state, {
      smallCase: this.#case,
      mutation: this.#mutation,
      self,
      closing,
      proposerAt: (round) => members[(height + round) % members.length] as NodeId,
      valueFor: (member, round) => this.#valueFor(member, round, known(all, height), closing),
      acceptersOf: (transfer) => accepters(all, epoch, transfer, this.#case),
    });
  }

  /** As `ConsensusFlow` and `BlockBuilder`: a block of an earlier round, if it may be proposed again; else a new one of what the mempool selects. */
  #valueFor(member: Member, round: number, earlier: ReadonlySet<BlockHash>, closing: boolean): SmallBlock {
    const again = member.signer.toProposeAgain([...earlier], round);
    if (again !== undefined) return this.#case.block(again);
    const [chosen] = selectForBlock(member.mempool, {
      nowMs: timeOf(1),
      uncertifiedAgeMs: 0,
      maxBytes: 1_000_000,
      leavesOutContested: member.proposed.wereOvertakenBefore(round),
    });
    const holds = transfers.find((transfer) => this.#case.transfers[transfer]?.txid === chosen?.txid);
    const closesEpoch = closing && member.mempool.inAdmissionOrder().every(({ hashed, status }) => !isCertified(status) || hashed.txid === chosen?.txid);
    return member.blocks.find((block) => block.holds === holds && block.closesEpoch === closesEpoch) as SmallBlock;
  }
}

/** Blocks that anybody has voted for, and so all have been sent. */
const known = (states: readonly MemberState[], height: number): ReadonlySet<BlockHash> =>
  new Set(states.flatMap(({ records }) => records.flatMap((one) => (one.kind === 'block-vote' && one.height === height ? (one.blockHash ?? []) : []))));

/** The Byzantine member's accept is under a commit. */
function accepters(states: readonly MemberState[], epoch: number, transfer: Transfer, smallCase: SmallCase): readonly NodeId[] {
  const { txid } = smallCase.transfers[transfer] as HashedTransaction;
  const did = (kind: 'accept' | 'commit', { records }: MemberState): boolean =>
    records.some((one) => one.kind === kind && one.epoch === epoch && one.txid === txid);
  const honest = states.flatMap((state, index) => (did('accept', state) ? [members[index] as NodeId] : []));
  return states.some((state) => did('commit', state)) ? [...honest, byzantine] : honest;
}

/** Its votes of the height, with those for nil that it cast where it went on without voting for a block; and the Byzantine member's prevotes under its locks. */
function votesOf({ records }: MemberState, nodeId: NodeId, height: number): readonly BlockVote[] {
  const cast = records.flatMap((one) => (one.kind === 'block-vote' && one.height === height ? [one] : []));
  const lastRound = Math.max(-1, ...cast.map(({ round }) => round));
  const votes: BlockVote[] = [];
  for (let round = 0; round <= lastRound; round++) {
    const precommit = cast.find((one) => one.round === round && one.phase === 'precommit');
    const prevote = cast.find((one) => one.round === round && one.phase === 'prevote');
    const vote = (phase: BlockVote['phase'], blockHash: BlockHash | undefined, signer = nodeId): BlockVote => ({
      height,
      round,
      phase,
      blockHash,
      nodeId: signer,
      signature: noSignature,
    });
    if (prevote !== undefined || precommit !== undefined || round < lastRound) votes.push(vote('prevote', prevote?.blockHash));
    if (precommit !== undefined || round < lastRound) votes.push(vote('precommit', precommit?.blockHash));
    if (precommit !== undefined) votes.push(vote('prevote', precommit.blockHash, byzantine));
  }
  return votes;
}
