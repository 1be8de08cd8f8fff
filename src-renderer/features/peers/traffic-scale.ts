/** Steps of 1, 2 and 5 with the units of bytes, so that labels are round. */
const mantissas = [1, 2, 5];

/** The least round value that is at least this much, and no less than a kilobyte: a line of a few bytes is no mountain. */
export function topOf(most: number): number {
  for (let power = 1_000; ; power *= 10) for (const mantissa of mantissas) if (mantissa * power >= most) return mantissa * power;
}

/** Zero, a half and the top: three lines are enough to read a value by. */
export const linesOf = (top: number): readonly number[] => [0, top / 2, top];
