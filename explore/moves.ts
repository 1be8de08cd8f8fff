import type { BlockVote, BlockVotePhase } from '../src-main/core/codec/block-vote.ts';
import type { DriverInput } from '../src-main/core/consensus/driver.ts';
import { Member, type Said } from './member.ts';
import { canonical, epochOf, keyOf, type MemberState } from './member-state.ts';
import type { Mutation } from './mutation.ts';
import { byzantine, noSignature, quorum, type SmallBlock, type SmallCase, self, type Transfer, transferNames, type Vote } from './small-case.ts';

/** A member, and every vote that it has ever sent and that may still be of use to anybody, as bits. */
export interface Speaker extends MemberState {
  readonly said: readonly number[];
}

/** What a member may do as soon as it has seen a quorum for one vote, or at any time. Seeing more opens other moves, and closes none. */
export interface Move {
  readonly needs: Vote | undefined;
  readonly to: Speaker;
  readonly label: string;
  /** Of a transfer: needs nothing, takes nothing from anybody, and so may come before all else. */
  readonly isAccept: boolean;
  /** It has signed two things that no honest member signs both. */
  readonly contradiction: boolean;
}

export const keyOfSpeaker = ({ chain, records, said }: Speaker): string =>
  `${chain.map(({ index }) => index).join()}|${said.join()}|${records.map(keyOf).join(' ')}`;

/**
 * Every vote that an honest member can cast from where it stands, one at a time, by putting the question to the engine's own parts. The member starts anew from
 * what is durable, sees one quorum or one proposal, and time passes as it needs: timeouts may fire at any moment. Whatever a member does that never
 * restarts is a sequence of such moves, for what it has seen stays there to be seen again. Any proposal may come in any round: its
 * proposer may always be the Byzantine member.
 *
 * A vote for nil is no move: no quorum of them lets anybody vote for a block. Where a member must have voted nil before it can do something (line 36 after a
 * timeout), it does both at once. Learning of a valid value without a vote (line 42 in step precommit) is none either: it only changes what
 * is proposed, and anything may be proposed here.
 */
export class Moves {
  readonly #case: SmallCase;
  readonly #mutation: Mutation;

  constructor(smallCase: SmallCase, mutation: Mutation) {
    this.#case = smallCase;
    this.#mutation = mutation;
  }

  of(speaker: Speaker): Move[] {
    const { chain, records } = speaker;
    const height = chain.length + 1;
    if (height > this.#case.bounds.heights) return [];
    const moves = new Map<string, Move>();
    const tryOut = (label: string, needs: Vote | undefined, act: (member: Member) => void, accepters: readonly Transfer[] = []): void => {
      const member = this.#member(speaker, accepters);
      act(member);
      const move = this.#moveOf(speaker, member, label, needs);
      if (move !== undefined) moves.set(`${needs === undefined ? '' : this.#case.bitOf(needs)} ${keyOfSpeaker(move.to)}`, move);
    };
    const { blocks, mempool } = this.#member(speaker, []);
    for (const transfer of this.#case.bounds.voting ? mempool.transfers : []) {
      const epoch = epochOf(chain);
      tryOut(`accepts ${transferNames[transfer]}`, undefined, (member) => member.vote({ accept: transfer }));
      const certificate = { kind: 'accept', epoch, transfer } as const;
      tryOut(`sees the certificate of ${transferNames[transfer]} and commits it`, certificate, (member) => member.vote({ commit: transfer }), [transfer]);
    }
    const first = records.reduce((round, record) => (record.kind === 'block-vote' ? Math.max(round, record.round) : round), 0);
    for (const block of blocks) {
      for (let round = 0; round < this.#case.bounds.rounds; round++) {
        const needs = (kind: BlockVotePhase): Vote => ({ kind, height, round, block: block.index });
        // At the last height nothing comes of it: what the quorum decided is known without anybody applying it.
        if (height < this.#case.bounds.heights) tryOut(`decides ${block.name}, round ${round}`, needs('precommit'), (member) => decide(member, block, round));
        if (round < first) continue;
        tryOut(`prevotes ${block.name} in round ${round}`, undefined, (member) => prevote(member, block, round, undefined));
        for (let validRound = 0; validRound < round; validRound++)
          tryOut(
            `prevotes ${block.name} in round ${round} for the quorum of round ${validRound}`,
            { kind: 'prevote', height, round: validRound, block: block.index },
            (member) => prevote(member, block, round, validRound),
          );
        const polka = this.#mutation.believesPolka ? undefined : needs('prevote');
        tryOut(`precommits ${block.name} in round ${round}`, polka, (member) => precommit(member, block, round));
      }
    }
    return [...moves.values()];
  }

  #member(state: MemberState, certified: readonly Transfer[]): Member {
    return new Member(state, {
      smallCase: this.#case,
      mutation: this.#mutation,
      self,
      proposerAt: () => byzantine,
      closing: false,
      acceptersOf: (transfer) => (certified.includes(transfer) ? quorum : []),
    });
  }

  #moveOf(from: Speaker, member: Member, label: string, needs: Vote | undefined): Move | undefined {
    const votes = votesOf(member.said, from, this.#case);
    if (votes.length === 0 && member.said.decided === undefined) return undefined;
    const said = [...from.said];
    const contradiction = votes.some((vote) => contradicts(vote, said, this.#case));
    for (const vote of votes) set(said, this.#case.bitOf(vote));
    const { chain, records } = member.after();
    return { needs, to: { chain, records: canonical(records), said }, label, isAccept: member.said.accepts.length > 0, contradiction };
  }
}

/** Line 22, or line 28 where there was a quorum in an earlier round. */
function prevote(member: Member, block: SmallBlock, round: number, validRound: number | undefined): void {
  member.enter(round);
  if (validRound !== undefined) member.drive(prevotes(block, validRound));
  member.drive({ kind: 'proposal', proposal: { round, validRound, blockHash: block.hashed.hash, nodeId: byzantine }, validity: 'valid' });
}

/** Line 36. */
function precommit(member: Member, block: SmallBlock, round: number): void {
  member.enter(round);
  member.drive({ kind: 'timeout', timeout: { step: 'propose', round } });
  member.drive(prevotes(block, round));
  member.drive({ kind: 'block', blockHash: block.hashed.hash, validity: 'valid' });
}

/** Line 49. */
export function decide(member: Member, block: SmallBlock, round: number): void {
  const precommits = quorum.map((nodeId) => ({ nodeId, signature: noSignature }));
  member.drive({ kind: 'certificate', certificate: { height: block.height, round, blockHash: block.hashed.hash, precommits } });
  member.drive({ kind: 'block', blockHash: block.hashed.hash, validity: 'valid' });
}

const prevotes = ({ height, hashed }: SmallBlock, round: number): DriverInput => ({
  kind: 'prevotes',
  votes: quorum.map((nodeId): BlockVote => ({ height, round, phase: 'prevote', blockHash: hashed.hash, nodeId, signature: noSignature })),
});

function votesOf({ votes, accepts, commits }: Said, { chain }: MemberState, smallCase: SmallCase): readonly Vote[] {
  const epoch = epochOf(chain);
  return [
    ...votes.flatMap(({ phase, height, round, blockHash }): Vote[] =>
      blockHash === undefined ? [] : [{ kind: phase, height, round, block: smallCase.block(blockHash).index }],
    ),
    ...accepts.map((transfer): Vote => ({ kind: 'accept', epoch, transfer })),
    ...commits.map((transfer): Vote => ({ kind: 'commit', epoch, transfer })),
  ];
}

/** Something else in the same place: one block in a round and phase, one of two conflicting transfers in an epoch. */
function contradicts(vote: Vote, said: readonly number[], smallCase: SmallCase): boolean {
  const others: readonly Vote[] =
    'block' in vote
      ? smallCase.blocksAt(vote.height).flatMap(({ index }) => (index === vote.block ? [] : [{ ...vote, block: index }]))
      : [{ ...vote, transfer: vote.transfer === 0 ? 1 : 0 }];
  return others.some((other) => has(said, smallCase.bitOf(other)));
}

export const has = (words: readonly number[], bit: number): boolean => ((words[bit >>> 5] as number) & (1 << (bit & 31))) !== 0;
function set(words: number[], bit: number): void {
  words[bit >>> 5] = ((words[bit >>> 5] as number) | (1 << (bit & 31))) >>> 0;
}
