import { type SmallBlock, type SmallCase, type Transfer, transferNames, transfers } from './small-case.ts';

type Chain = readonly SmallBlock[];

/**
 * What must never be. Asked with the votes that two honest members cast, as bits: with the Byzantine member's each is a quorum, whether or not anybody has put it
 * together yet. So a block is decided, and a transfer final, at the first moment at which they can be shown to be.
 */
export class Invariants {
  readonly #case: SmallCase;
  /** By height and block: the bits of its precommits in any round. */
  readonly #precommits: readonly (readonly { readonly block: SmallBlock; readonly mask: Uint32Array }[])[];
  /** By transfer: the bits of its commits in each epoch. */
  readonly #commits: readonly (readonly number[])[];

  constructor(smallCase: SmallCase) {
    this.#case = smallCase;
    const { heights, rounds } = smallCase.bounds;
    this.#precommits = Array.from({ length: heights }, (_, index) =>
      smallCase.blocksAt(index + 1).map((block) => {
        const mask = new Uint32Array(smallCase.words);
        for (let round = 0; round < rounds; round++) setBit(mask, smallCase.bitOf({ kind: 'precommit', height: index + 1, round, block: block.index }));
        return { block, mask };
      }),
    );
    this.#commits = transfers.map((transfer) => Array.from({ length: smallCase.epochs }, (_, epoch) => smallCase.bitOf({ kind: 'commit', epoch, transfer })));
  }

  /** In words; undefined where all is well. `chains`: what each honest member has decided. */
  violation(shown: Uint32Array, chains: readonly Chain[]): string | undefined {
    let chain: Chain = chains[0] as Chain;
    for (const other of chains) {
      if (other.length > chain.length) chain = other;
    }
    for (const [index, blocks] of this.#precommits.entries()) {
      let decided = chain[index];
      for (const other of chains) if (other[index] !== undefined && other[index] !== decided) return disagreement(index + 1, decided, other[index]);
      for (const { block, mask } of blocks) {
        if (block === decided || !meets(shown, mask)) continue;
        if (decided !== undefined) return disagreement(index + 1, decided, block);
        decided = block;
      }
      // What is decided above a height whose block nobody has applied would stand on another chain.
      if (decided !== undefined && chain.length === index) chain = [...chain, decided];
    }
    for (const transfer of transfers) {
      for (const [epoch, bit] of (this.#commits[transfer] as readonly number[]).entries()) {
        if (!hasBit(shown, bit)) continue;
        const violation = this.#contradicted(shown, chain, transfer, epoch);
        if (violation !== undefined) return violation;
      }
    }
    return undefined;
  }

  /** `transfer` is final by the commits of that epoch. */
  #contradicted(shown: Uint32Array, chain: Chain, transfer: Transfer, epoch: number): string | undefined {
    const name = transferNames[transfer];
    const other: Transfer = transfer === 0 ? 1 : 0;
    if ((this.#commits[other] as readonly number[]).some((bit) => hasBit(shown, bit))) return `${name} and ${transferNames[other]} are both final`;
    const spender = chain.find(({ holds }) => holds === other);
    if (spender !== undefined) return `${name} is final, and ${transferNames[other]} is in the block decided at height ${spender.height}`;
    const closing = chain.filter(({ closesEpoch }) => closesEpoch)[epoch];
    if (closing === undefined || chain.some(({ height, holds }) => holds === transfer && height <= closing.height)) return undefined;
    return `${name} is final, and its epoch was closed at height ${closing.height} without it`;
  }

  /** Blocks in favour of either transfer alike: then every state has its like with the transfers exchanged. */
  get isSymmetric(): boolean {
    return this.#case.bounds.blocks.every((names) => names.every((name) => names.includes(name.replace(/[XY]/, (letter) => (letter === 'X' ? 'Y' : 'X')))));
  }
}

const disagreement = (height: number, a: SmallBlock | undefined, b: SmallBlock): string => `blocks ${a?.name} and ${b.name} are decided at height ${height}`;

const meets = (words: Uint32Array, mask: Uint32Array): boolean => {
  for (let word = 0; word < mask.length; word++) if (((words[word] as number) & (mask[word] as number)) !== 0) return true;
  return false;
};
export const hasBit = (words: Uint32Array, bit: number): boolean => ((words[bit >>> 5] as number) & (1 << (bit & 31))) !== 0;
function setBit(words: Uint32Array, bit: number): void {
  words[bit >>> 5] = (words[bit >>> 5] as number) | (1 << (bit & 31));
}
