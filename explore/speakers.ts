import { epochOf } from './member-state.ts';
import { has, keyOfSpeaker, type Move, type Moves, type Speaker } from './moves.ts';
import { type SmallCase, transfers, type Vote } from './small-case.ts';

/** A move by numbers. */
export interface NumberedMove {
  /** Its bit; -1 where it needs nothing. */
  readonly needs: number;
  readonly to: number;
  readonly label: string;
  readonly isAccept: boolean;
  readonly contradiction: boolean;
}

/** Every different situation that a member was found in, numbered, with the moves it has there: each asked of the engine's parts once, however many states it is in. */
export class Speakers {
  readonly #case: SmallCase;
  readonly #source: Moves;
  readonly #ids = new Map<string, number>();
  readonly #speakers: Speaker[] = [];
  readonly #moves: (readonly NumberedMove[] | undefined)[] = [];
  readonly #forgotten: (number | undefined)[][] = [];
  /** Words of all, one after another. */
  #said: Uint32Array;
  #asked = 0;

  constructor(smallCase: SmallCase, source: Moves) {
    this.#case = smallCase;
    this.#source = source;
    this.#said = new Uint32Array(1_024 * smallCase.words);
  }

  get size(): number {
    return this.#speakers.length;
  }
  /** How many moves the engine's parts allowed. */
  get moves(): number {
    return this.#asked;
  }
  get said(): Uint32Array {
    return this.#said;
  }
  at(id: number): Speaker {
    return this.#speakers[id] as Speaker;
  }

  idOf(speaker: Speaker): number {
    const key = keyOfSpeaker(speaker);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#speakers.push(speaker) - 1;
    this.#ids.set(key, id);
    this.#moves.push(undefined);
    this.#forgotten.push([]);
    const { words } = this.#case;
    if (this.#said.length < (id + 1) * words) {
      const larger = new Uint32Array(2 * this.#said.length);
      larger.set(this.#said);
      this.#said = larger;
    }
    this.#said.set(speaker.said, id * words);
    return id;
  }

  movesOf(id: number): readonly NumberedMove[] {
    let moves = this.#moves[id];
    if (moves === undefined) {
      moves = this.#source
        .of(this.at(id))
        .map(({ needs, to, ...rest }: Move) => ({
          needs: needs === undefined ? -1 : this.#case.bitOf(needs),
          to: this.idOf(to),
          ...rest,
        }))
        .filter(({ to }) => to !== id);
      this.#moves[id] = moves;
      this.#asked += moves.length;
    }
    return moves;
  }

  /** What it has said that is of no use to anybody once all honest members have decided all heights below this one. */
  forgetting(id: number, height: number): number {
    const known = this.#forgotten[id]?.[height];
    if (known !== undefined) return known;
    const speaker = this.at(id);
    const said = [...speaker.said];
    for (const vote of this.#votesBefore(speaker, height)) {
      const bit = this.#case.bitOf(vote);
      if (has(said, bit)) said[bit >>> 5] = ((said[bit >>> 5] as number) & ~(1 << (bit & 31))) >>> 0;
    }
    const to = this.idOf({ ...speaker, said });
    (this.#forgotten[id] as (number | undefined)[])[height] = to;
    return to;
  }

  /**
   * Block votes of those heights; accepts of epochs that are over for all, for they only lead to commits; and where a block spent the coin for all, every vote for
   * a transfer. What was final by then the exploration has compared with that block already, and after it nobody commits.
   */
  #votesBefore({ chain }: Speaker, height: number): readonly Vote[] {
    const { rounds } = this.#case.bounds;
    const decided = chain.slice(0, height - 1);
    const isSpent = decided.some(({ holds }) => holds !== undefined);
    const epochs = Array.from({ length: this.#case.epochs }, (_, epoch) => epoch);
    return [
      ...decided.flatMap((_, index) =>
        (['prevote', 'precommit'] as const).flatMap((kind) =>
          Array.from({ length: rounds }, (_, round) => round).flatMap((round) =>
            this.#case.blocksAt(index + 1).map((block): Vote => ({ kind, height: index + 1, round, block: block.index })),
          ),
        ),
      ),
      ...epochs
        .flatMap((epoch) => transfers.flatMap((transfer): Vote[] => (['accept', 'commit'] as const).map((kind) => ({ kind, epoch, transfer }))))
        .filter((vote) => isSpent || (vote.kind === 'accept' && vote.epoch < epochOf(decided))),
    ];
  }
}
