import { hasBit, Invariants } from './invariants.ts';
import { Moves } from './moves.ts';
import type { Mutation } from './mutation.ts';
import { honestMembers, type SmallCase } from './small-case.ts';
import { type NumberedMove, Speakers } from './speakers.ts';
import { StateTable } from './state-table.ts';

export interface ExploreOptions {
  readonly smallCase: SmallCase;
  readonly mutation: Mutation;
  /** Without: accepts may come at any time, states that differ in the transfers' names alone are two, and nothing said is forgotten. For showing that no verdict rests on it. */
  readonly reduced?: boolean;
  /** States; beyond it the exploration ends unfinished. */
  readonly maxStates: number;
  /** Asked of every state that is found, as three honest members by number, in the order of finding. Words are a violation. */
  readonly check?: ((speakers: Speakers, members: readonly number[], state: number) => string | undefined) | undefined;
  readonly progress?: ((report: Report) => void) | undefined;
}

export interface Report {
  /** Different up to exchanging honest members, and the transfers where both are treated alike. */
  readonly states: number;
  readonly transitions: number;
  /** Votes and decisions on the longest of the shortest ways to a state. */
  readonly depth: number;
  /** Different situations of one member, in each of which the engine's parts were asked about every move. */
  readonly situations: number;
  readonly complete: boolean;
  readonly violation: { readonly what: string; readonly trace: readonly string[] } | undefined;
}

const progressEvery = 1 << 21;

/** Every state that can be reached, breadth first, so that a violation is found by a shortest way. */
export function explore({ smallCase, mutation, maxStates, reduced = true, check, progress }: ExploreOptions): Report {
  const speakers = new Speakers(smallCase, new Moves(smallCase, mutation));
  const table = new StateTable();
  const invariants = new Invariants(smallCase);
  const found: Found = { speakers, table, reduced };
  // A state in which Y has the first certificate is one in which X has it, with the names exchanged.
  const mirrored = reduced && invariants.isSymmetric ? smallCase.bitOf({ kind: 'accept', epoch: 0, transfer: 1 }) : undefined;
  const { words } = smallCase;
  const first = speakers.idOf({ chain: [], records: [], said: Array.from({ length: words }, () => 0) });
  table.add(first, first, first, 0);
  let transitions = 0;
  let depth = 0;
  /** The first state of the next depth. */
  let nextDepthAt = 1;
  const shown = new Uint32Array(words);
  const report = (complete: boolean, violation?: Report['violation']): Report => ({
    states: table.size,
    transitions,
    depth,
    situations: speakers.size,
    complete,
    violation,
  });

  for (let state = 0; state < table.size; state++) {
    if (state === nextDepthAt) {
      depth++;
      nextDepthAt = table.size;
    }
    const [a, b, c] = [table.member(state, 0), table.member(state, 1), table.member(state, 2)];
    const { said } = speakers;
    for (let word = 0; word < words; word++) {
      const [ofA, ofB, ofC] = [said[a * words + word] as number, said[b * words + word] as number, said[c * words + word] as number];
      shown[word] = (ofA & ofB) | (ofA & ofC) | (ofB & ofC);
    }
    if (mirrored !== undefined && hasBit(shown, mirrored)) continue;
    const what = invariants.violation(shown, [speakers.at(a).chain, speakers.at(b).chain, speakers.at(c).chain]) ?? check?.(speakers, [a, b, c], state);
    if (what !== undefined) return report(false, { what, trace: traceTo(found, state) });

    const movesOf = [speakers.movesOf(a), speakers.movesOf(b), speakers.movesOf(c)];
    const accepter = reduced ? movesOf.findIndex((moves) => moves.some(({ isAccept }) => isAccept)) : -1;
    for (let which = 0; which < honestMembers; which++) {
      if (accepter >= 0 && which !== accepter) continue;
      // Alike members have alike moves.
      if ((which === 1 && b === a) || (which === 2 && c === b)) continue;
      for (const move of movesOf[which] as readonly NumberedMove[]) {
        if (accepter >= 0 && !move.isAccept) continue;
        if (move.needs >= 0 && !hasBit(shown, move.needs)) continue;
        transitions++;
        if (move.contradiction)
          return report(false, { what: 'an honest member signs a contradiction', trace: [...traceTo(found, state), `one ${move.label}`] });
        if (which === 0) addState(found, move.to, b, c, state);
        else if (which === 1) addState(found, a, move.to, c, state);
        else addState(found, a, b, move.to, state);
      }
    }
    if (table.size > maxStates) return report(false);
    if (state % progressEvery === progressEvery - 1) progress?.(report(false));
  }
  return report(true);
}

interface Found {
  readonly speakers: Speakers;
  readonly table: StateTable;
  readonly reduced: boolean;
}

/** Below this nobody needs anything: the lowest height that an honest member has not decided. */
const neededFrom = ({ speakers }: Found, a: number, b: number, c: number): number =>
  1 + Math.min(speakers.at(a).chain.length, speakers.at(b).chain.length, speakers.at(c).chain.length);

function addState(found: Found, a: number, b: number, c: number, parent: number): void {
  const { speakers, table, reduced } = found;
  const height = neededFrom(found, a, b, c);
  if (height === 1 || !reduced) table.add(a, b, c, parent);
  else table.add(speakers.forgetting(a, height), speakers.forgetting(b, height), speakers.forgetting(c, height), parent);
}

/** Who did what on the way. The members are A, B and C, and what the Byzantine one must have sent goes without saying. */
function traceTo(found: Found, state: number): string[] {
  const { speakers, table, reduced } = found;
  const way: number[] = [];
  for (let at = state; at !== 0; at = table.parent(at)) way.unshift(at);
  const named: [number, number, number] = [table.member(0, 0), table.member(0, 1), table.member(0, 2)];
  return way.map((next) => {
    const goal = [0, 1, 2].map((which) => table.member(next, which)).join();
    for (const [which, id] of named.entries()) {
      for (const { to, label } of speakers.movesOf(id)) {
        const after = named.with(which, to) as [number, number, number];
        const height = neededFrom(found, ...after);
        const kept = reduced && height > 1 ? after.map((one) => speakers.forgetting(one, height)) : after;
        if (kept.toSorted((x, y) => x - y).join() !== goal) continue;
        named.splice(0, named.length, ...kept);
        return `${'ABC'[which]} ${label}`;
      }
    }
    return 'a step that cannot be told';
  });
}
