/**
 * A bug: something the code itself guarantees did not hold. Never caught in core; the node stops and says so.
 * What a peer, a person or a disk can cause is never an InvariantError but a value with a code.
 */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** `message` says what should have held, for the person who reads the report. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** Ends a `switch` over a closed union: it does not compile while a case is missing. */
export function unreachable(value: never): never {
  throw new InvariantError(`a value outside its type: ${String(value)}`);
}
