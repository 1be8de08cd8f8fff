import * as z from 'zod';
import { isMethodName, type MethodName, methods, subcommandOf } from '../../../src-shared/api/contract.ts';
import { CodedError } from '../../node/coded-error.ts';
import { didYouMean } from '../../node/nearest-name.ts';
import { methodNames } from '../api/help.ts';
import { namedParameters, parameterNames } from '../api/positional.ts';

/** What a shell gives is text; the contract says what each parameter is. */
export interface CliCall {
  readonly method: MethodName;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Throws CodedError: `method-not-found`, `invalid-params`. `named`: each argument is `name=value`. */
export function callOf(said: string, given: readonly string[], named: boolean): CliCall {
  const command = subcommandOf(said, given[0]);
  const [method, texts] = command === undefined ? [said, given] : [command, given.slice(1)];
  if (!isMethodName(method)) throw new CodedError('method-not-found', `There is no method "${method}"${didYouMean(method, methodNames)}`);
  return { method, params: named ? namedCall(method, texts) : namedParameters(method, valuesOf(method, texts)) };
}

const valuesOf = (method: MethodName, texts: readonly string[]): unknown[] => {
  const names = parameterNames(method);
  return texts.map((text, index) => parameterOf(method, names[index], text));
};

function namedCall(method: MethodName, texts: readonly string[]): Record<string, unknown> {
  const names = parameterNames(method);
  const params: Record<string, unknown> = {};
  for (const text of texts) {
    const equals = text.indexOf('=');
    const name = text.slice(0, Math.max(0, equals));
    if (equals <= 0) throw new CodedError('invalid-params', `"${text}" is not name=value.`);
    if (!names.includes(name)) throw new CodedError('invalid-params', `${method} has no parameter "${name}"${didYouMean(name, names)}`);
    if (Object.hasOwn(params, name)) throw new CodedError('invalid-params', `"${name}" is given twice.`);
    params[name] = parameterOf(method, name, text.slice(equals + 1));
  }
  return params;
}

/** A text where the parameter takes texts, so that an amount keeps its digits; else JSON. What is neither goes as it is, and the node says why not. */
function parameterOf(method: MethodName, name: string | undefined, text: string): unknown {
  if (name === undefined || takesText(methods[method].request.shape[name as never] as z.ZodType)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function takesText(schema: z.ZodType): boolean {
  const { type } = z.toJSONSchema(schema, { io: 'input' });
  return [type].flat().includes('string');
}
