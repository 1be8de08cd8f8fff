import { type MethodName, methods } from '../../../src-shared/api/contract.ts';
import { CodedError } from '../../node/coded-error.ts';

/** The names of a method's parameters, in the order in which a list gives them. */
export const parameterNames = (method: MethodName): readonly string[] => Object.keys(methods[method].request.shape);

/**
 * A list of parameters by name, in the order of the request's keys. `null` leaves one out, as Bitcoin Core has it. Throws CodedError
 * `invalid-params` if there are too many.
 */
export function namedParameters(method: MethodName, list: readonly unknown[]): Record<string, unknown> {
  const names = parameterNames(method);
  if (list.length > names.length)
    throw new CodedError('invalid-params', `${method} takes ${names.length === 0 ? 'no parameters' : `at most ${names.length}: ${names.join(', ')}`}.`);
  return Object.fromEntries(names.map((name, index) => [name, list[index]] as const).filter(([, value]) => value !== undefined && value !== null));
}
