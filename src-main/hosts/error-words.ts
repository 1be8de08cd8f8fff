import { InvariantError } from '../core/invariant.ts';
import { OperationalError } from '../node/operational-error.ts';

/** What a start with `repair` mends, if the person in front of it wants that. */
export const isRepairable = (error: unknown): error is OperationalError => error instanceof OperationalError && error.code === 'database-damaged';

/** Why a host cannot start or go on, for the person in front of it, with what to do where that is known. */
export function errorWords(error: unknown): string {
  if (error instanceof OperationalError) return `${error.detail}. ${error.whatToDo}`;
  if (error instanceof InvariantError) return `A fault of the program: ${error.message}. Its log says more.`;
  return error instanceof Error ? error.message : String(error);
}
