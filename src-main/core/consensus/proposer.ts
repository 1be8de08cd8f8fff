import { type NodeId, zeroHash } from '../../../src-shared/domain/ids.ts';
import { invariant } from '../invariant.ts';
import type { Snapshot } from '../snapshot.ts';

/** No key is known for it, and libsodium's rule refuses it as one of small order. */
export const nobody = zeroHash as NodeId;

/** Members of one weight. Among equals the highest priority is that of who was chosen least, then first in order: plain turns. */
interface WeightClass {
  readonly weight: number;
  /** Indices in the snapshot, ascending. */
  readonly members: readonly number[];
  /** How often one of them was chosen. */
  turns: number;
}

/**
 * The proposers of one epoch (protocol section 7): Tendermint's weighted round-robin, from zero at its start. A step adds to each
 * member's priority its weight, then chooses the highest, the earlier in the snapshot among equals, and takes the total off it. One step
 * per height, and within a height one more per round, without moving the next height's: the proposer of (height, round) is the choice
 * of step `height - epochStart + round`.
 *
 * The sequence repeats after `total / gcd(weights)` steps, so any height costs at most one period. Proof: in units of the gcd, after k
 * steps member i has priority k·w - c·W, where c is how often it was chosen and W the total. All sum to 0 after a step, so before W
 * comes off, the highest is above 0, and no priority ever falls to -W. After k = W steps each is a multiple of W above -W, so none is
 * negative, and they sum to 0: all are 0 again.
 *
 * CometBFT also centres priorities and scales them down: for sets that change on the way. Here they do not, and it would change nothing but the order.
 */
export class ProposerSequence {
  readonly #members: readonly NodeId[];
  readonly #epochStartHeight: number;
  /** Ordered by weight, which does not matter: ties are broken by snapshot index. */
  readonly #classes: readonly WeightClass[];
  readonly #period: number;
  /** The chosen index at each step so far; the first `#known` are filled in. Two bytes a step: 20 MB for ten thousand members of mixed tiers. */
  readonly #chosen: Uint16Array;
  #known = 0;

  constructor(snapshot: Snapshot, epochStartHeight: number) {
    this.#members = snapshot.members.map((member) => member.nodeId);
    this.#epochStartHeight = epochStartHeight;
    const unit = snapshot.members.reduce((divisor, member) => greatestCommonDivisor(divisor, member.weight), 0);
    // Of a network that has not launched: one step, and nobody's.
    this.#period = unit === 0 ? 1 : snapshot.totalWeight / unit;
    this.#classes = classesOf(snapshot, unit);
    this.#chosen = new Uint16Array(this.#period);
  }

  /** Heights from the epoch's first on, rounds from 0 on. Of an empty snapshot it is `nobody`, who can sign nothing. The first call for a step computes those before it, up to one period. */
  at(height: number, round: number): NodeId {
    invariant(height >= this.#epochStartHeight && round >= 0, `no proposer of height ${height}, round ${round} in this epoch`);
    if (this.#classes.length === 0) return nobody;
    const step = (height - this.#epochStartHeight + round) % this.#period;
    for (; this.#known <= step; this.#known++) this.#chosen[this.#known] = this.#choose();
    const member = this.#members[this.#chosen[step] as number];
    invariant(member !== undefined, 'a chosen index is one of the snapshot');
    return member;
  }

  /** One step, in the classes instead of in the members: only the next in turn of each class can be the highest. */
  #choose(): number {
    const steps = this.#known + 1;
    let best: { readonly among: WeightClass; readonly index: number; readonly priority: number } | undefined;
    for (const among of this.#classes) {
      const index = among.members[among.turns % among.members.length] as number;
      const priority = steps * among.weight - Math.floor(among.turns / among.members.length) * this.#period;
      if (best === undefined || priority > best.priority || (priority === best.priority && index < best.index)) best = { among, index, priority };
    }
    invariant(best !== undefined, 'a snapshot with weight has members');
    best.among.turns++;
    return best.index;
  }
}

function classesOf(snapshot: Snapshot, unit: number): WeightClass[] {
  const classes = new Map<number, number[]>();
  for (const [index, { weight }] of snapshot.members.entries()) {
    if (weight === 0) continue;
    const members = classes.get(weight);
    if (members === undefined) classes.set(weight, [index]);
    else members.push(index);
  }
  return [...classes].map(([weight, members]) => ({ weight: weight / unit, members, turns: 0 }));
}

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));
