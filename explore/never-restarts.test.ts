import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BlockVote } from '../src-main/core/codec/block-vote.ts';
import { testRuns } from '../src-shared/domain/test-runs.fixture.ts';
import { Member } from './member.ts';
import { canonical, epochOf, keyOf, type MemberState } from './member-state.ts';
import { has, keyOfSpeaker, Moves, type Speaker } from './moves.ts';
import { noMutation } from './mutation.ts';
import { boundsOf, byzantine, honestMembers, members, noSignature, SmallCase, type Transfer, transfers, type Vote } from './small-case.ts';

/** At the last height the exploration decides nothing, as nothing comes of it; nobody gets there here. */
const smallCase = new SmallCase(boundsOf(3, 3, 'X,Y,-,-!'));
const { rounds } = smallCase.bounds;
const moves = new Moves(smallCase, noMutation);
const movesOf = new Map<string, ReturnType<Moves['of']>>();

/** A member that goes on in one process, with all that it has seen. */
interface Running {
  readonly index: number;
  state: MemberState;
  member: Member;
  /** Where the exploration has it. */
  speaker: Speaker;
  seenVotes: number;
  /** Acted on since the start of its height. */
  readonly handled: { votes: number; accepts: number; commits: number };
}

type Choice = readonly [who: number, what: number, value: number, round: number, more: number];

/** Three members that run on without a restart, and a Byzantine one that says whatever chance has it say. Each sees what chance shows it, in any order, and keeps it. */
class Network {
  readonly running: Running[] = [];
  readonly sent: BlockVote[] = [];
  readonly #did: Map<string, number>;

  constructor(did: Map<string, number>) {
    this.#did = did;
    for (let index = 0; index < honestMembers; index++) {
      const state = { chain: [], records: [] };
      const speaker = { ...state, said: Array.from({ length: smallCase.words }, () => 0) };
      this.running.push({ index, state, member: this.#start(state, index), speaker, seenVotes: 0, handled: { votes: 0, accepts: 0, commits: 0 } });
    }
  }

  act([who, what, value, round, more]: Choice): void {
    const one = this.running[who % honestMembers] as Running;
    const { member } = one;
    if (one.state.chain.length === smallCase.bounds.heights - 1) return;
    const height = one.state.chain.length + 1;
    const block = member.blocks[value % member.blocks.length];
    if (block === undefined) return;
    const transfer = transfers[value % transfers.length] as Transfer;
    if (what < 3) for (const vote of this.sent.slice(more % 8)) if (vote.height === height) member.drive({ kind: 'vote', vote });
    if (what === 3)
      member.drive({
        kind: 'timeout',
        timeout: { step: more > 28 ? 'precommit' : more > 14 ? 'prevote' : 'propose', round: member.driver.view().round },
      });
    if (what === 4 || what === 5) {
      const proposal = { round, validRound: more % 2 === 0 || round === 0 ? undefined : more % round, blockHash: block.hashed.hash, nodeId: byzantine };
      member.drive({ kind: 'proposal', proposal, validity: 'valid' });
    }
    if (what === 6) member.drive({ kind: 'block', blockHash: block.hashed.hash, validity: 'valid' });
    if (what === 7 || what === 8) {
      const phase = more % 2 === 0 ? 'prevote' : 'precommit';
      const vote = { height, round, phase, blockHash: more % 5 === 0 ? undefined : block.hashed.hash, nodeId: byzantine, signature: noSignature } as const;
      member.drive({ kind: 'vote', vote });
    }
    if (what === 9 && member.mempool.transfers.includes(transfer)) {
      member.hear(transfer, byzantine);
      for (const other of this.running)
        if (has(other.speaker.said, smallCase.bitOf({ kind: 'accept', epoch: epochOf(one.state.chain), transfer })))
          member.hear(transfer, members[other.index] as typeof byzantine);
      member.vote(member.isCertified(transfer) ? { commit: transfer } : { accept: transfer });
    }
    this.#afterwards(one);
  }

  /** What it did is what the exploration has it do, in one move or a few. */
  #afterwards(one: Running): void {
    const { said } = one.member;
    const fresh = said.votes.slice(one.handled.votes).map((vote) => ({ ...vote, nodeId: members[one.index] as typeof byzantine }));
    this.sent.push(...fresh);
    const epoch = epochOf(one.state.chain);
    const all: Vote[] = [
      ...fresh.flatMap(({ phase, height, round, blockHash }): Vote[] =>
        blockHash === undefined || round >= rounds ? [] : [{ kind: phase, height, round, block: smallCase.block(blockHash).index }],
      ),
      ...said.accepts.slice(one.handled.accepts).map((transfer): Vote => ({ kind: 'accept', epoch, transfer })),
      ...said.commits.slice(one.handled.commits).map((transfer): Vote => ({ kind: 'commit', epoch, transfer })),
    ];
    // A new height has a voter of its own here, which says again what the guard has on record.
    const votes = all.filter((vote) => !has(one.speaker.said, smallCase.bitOf(vote)));
    Object.assign(one.handled, { votes: said.votes.length, accepts: said.accepts.length, commits: said.commits.length });
    const isDecided = said.decided !== undefined;
    if (votes.length === 0 && !isDecided) return;
    for (const kind of [...votes.map((vote) => vote.kind), ...(isDecided ? ['decide'] : [])]) this.#did.set(kind, (this.#did.get(kind) ?? 0) + 1);
    for (const vote of votes) one.speaker = this.#next(one.speaker, (to) => has(to.said, smallCase.bitOf(vote)), JSON.stringify(vote));
    if (isDecided)
      one.speaker = this.#next(one.speaker, (to) => to.chain.at(-1) === said.decided && to.chain !== one.state.chain, `decides ${said.decided?.name}`);
    const after = one.member.after();
    expect(one.speaker.chain).toEqual(after.chain);
    expect(keysOf(one.speaker.records)).toEqual(keysOf(canonical(after.records)));
    if (!isDecided) return;
    one.state = after;
    one.member = this.#start(one.state, one.index);
    Object.assign(one.handled, { votes: 0, accepts: 0, commits: 0 });
  }

  #next(from: Speaker, isIt: (to: Speaker) => boolean, what: string): Speaker {
    const key = keyOfSpeaker(from);
    const possible = movesOf.get(key) ?? moves.of(from);
    movesOf.set(key, possible);
    const shown = (bit: number): boolean => this.running.filter(({ speaker }) => has(speaker.said, bit)).length >= 2;
    const move = possible.find(({ needs, to }) => isIt(to) && !isIt(from) && (needs === undefined || shown(smallCase.bitOf(needs))));
    if (move === undefined) throw new Error(`the exploration knows no such move: ${what}, of ${possible.map(({ label }) => label).join('; ')}`);
    return move.to;
  }

  #start(state: MemberState, index: number): Member {
    const member = new Member(state, {
      smallCase,
      mutation: noMutation,
      self: members[index] as typeof byzantine,
      proposerAt: () => byzantine,
      closing: false,
      acceptersOf: () => [],
    });
    member.drive({ kind: 'start', round: 0 });
    return member;
  }
}

/** Of valid values the exploration knows those that are locked. */
const keysOf = (records: MemberState['records']): readonly string[] => records.filter(({ kind }) => kind !== 'valid').map(keyOf);

test('a member that never restarts, and sees whatever comes in any order, does nothing that the exploration does not', () => {
  const choice = fc.tuple(fc.nat(2), fc.nat(9), fc.constantFrom(0, 0, 0, 1, 2, 3), fc.nat(rounds - 1), fc.nat(30));
  const did = new Map<string, number>();
  fc.assert(
    fc.property(fc.array(choice, { minLength: 60, maxLength: 250, size: 'max' }), (choices) => {
      const network = new Network(did);
      for (const one of choices) {
        network.act(one);
        // Beyond the rounds that are explored.
        if (network.running.some(({ member }) => member.driver.view().round >= rounds)) break;
      }
    }),
    { numRuns: testRuns(500) },
  );
  // It did everything there is to do.
  for (const kind of ['prevote', 'precommit', 'accept', 'commit', 'decide']) expect(did.get(kind) ?? 0, kind).toBeGreaterThan(3);
});
