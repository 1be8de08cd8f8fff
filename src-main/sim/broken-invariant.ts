/** A checker found what must never be. The simulation ends with it. */
export class BrokenInvariant extends Error {
  override readonly name = 'BrokenInvariant';
}

export function holds(condition: boolean, message: () => string): asserts condition {
  if (!condition) throw new BrokenInvariant(message());
}
