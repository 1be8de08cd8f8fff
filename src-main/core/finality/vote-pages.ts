/** A processor's cache line of one member's votes. */
const ballotsPerPage = 64;

/** Where one ballot's bits are: a column of a page, a byte for each member. */
export interface VotePlace {
  readonly page: Uint8Array;
  readonly column: number;
}

/**
 * Bytes for the votes on many transactions. In one page those of a member lie side by side: a bundle's votes are on transactions that came one after
 * the other, so counting a thousand of them reads some twenty lines of memory. Pages stay, and their columns are used again; the tally bounds the ballots.
 */
export class VotePages {
  readonly #memberCount: number;
  readonly #free: VotePlace[] = [];

  constructor(memberCount: number) {
    this.#memberCount = memberCount;
  }

  /** All of it is zero. To be given back. */
  take(): VotePlace {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    const page = new Uint8Array(ballotsPerPage * this.#memberCount);
    for (let column = ballotsPerPage - 1; column > 0; column--) this.#free.push({ page, column });
    return { page, column: 0 };
  }
  /** Nobody reads or writes it any more. */
  give({ page, column }: VotePlace): void {
    for (let at = column; at < page.length; at += ballotsPerPage) page[at] = 0;
    this.#free.push({ page, column });
  }
}

/** 0: it said nothing. */
export const bitsAt = ({ page, column }: VotePlace, member: number): number => page[member * ballotsPerPage + column] as number;
export function setBitsAt({ page, column }: VotePlace, member: number, bits: number): void {
  page[member * ballotsPerPage + column] = bits;
}
