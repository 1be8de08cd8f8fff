import * as z from 'zod';
import { didYouMean } from '../domain/nearest-name.ts';
import { isMethodName, type MethodName, methods, subcommandOf } from './contract.ts';
import { type ApiError, errorNumbers, type MethodGroup, type Reply } from './method.ts';

/** All that is said about methods, made from their declarations: `help`, the help of the command line and the console, and docs/api.md. */

export const groupTitles: Record<MethodGroup, string> = {
  chain: 'Chain',
  network: 'Network',
  consensus: 'Consensus',
  masternodes: 'Masternodes',
  transactions: 'Transactions',
  wallet: 'Wallet',
  control: 'Control',
};
export const groups = Object.keys(groupTitles) as MethodGroup[];

export const methodNames = Object.keys(methods) as MethodName[];
export const namesOf = (group: MethodGroup): MethodName[] => methodNames.filter((name) => methods[name].group === group).sort();

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  /** Of a record: any names, with this behind each. */
  readonly additionalProperties?: JsonSchema | boolean;
  readonly propertyNames?: JsonSchema;
  /** fields.ts, `secret`. */
  readonly secret?: boolean;
}
const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): JsonSchema => z.toJSONSchema(schema, { io }) as JsonSchema;

export interface Parameter {
  readonly name: string;
  /** It takes texts: what is typed is not read as JSON. */
  readonly isText: boolean;
  /** A passphrase, or words: never shown and never kept. */
  readonly isSecret: boolean;
  /** All that it can be, where these are few; JSON or text, as they are typed. */
  readonly values: readonly string[];
  /** In words: `string`, `number`, `"add" | "remove"`, `list of …`. */
  readonly type: string;
  readonly required: boolean;
  readonly defaultValue: unknown;
  readonly description: string;
}

/** Made once for each method. */
const known = new Map<MethodName, readonly Parameter[]>();

/** In the order in which a list of parameters gives them. */
export function parametersOf(name: MethodName): readonly Parameter[] {
  const there = known.get(name);
  if (there !== undefined) return there;
  const { properties = {}, required = [] } = schemaOf(methods[name].request, 'input');
  const parameters = Object.entries(properties).map(([parameter, schema]) => ({
    name: parameter,
    isText: [schema.type].flat().includes('string'),
    isSecret: schema.secret === true,
    values: valuesOf(schema),
    type: typeOf(schema),
    required: required.includes(parameter),
    defaultValue: schema.default,
    description: schema.description ?? '',
  }));
  known.set(name, parameters);
  return parameters;
}

/** Where an answer has secrets, at whatever depth. */
export const answersSecret = (name: MethodName): boolean => JSON.stringify(schemaOf(methods[name].response, 'output')).includes('"secret":true');

function valuesOf({ type, const: only, enum: values, anyOf }: JsonSchema): readonly string[] {
  if (anyOf !== undefined) return anyOf.flatMap(valuesOf);
  if (type === 'boolean') return ['true', 'false'];
  if (only !== undefined) return [String(only)];
  return (values ?? []).filter((value) => value !== null).map(String);
}

/** More values than these are a list of their own, and their description names it. */
const maxValuesInLine = 12;

function typeOf({ type, enum: values, anyOf, items, properties }: JsonSchema): string {
  if (values !== undefined && values.length <= maxValuesInLine) return values.map((value) => JSON.stringify(value)).join(' | ');
  if (anyOf !== undefined) return [...new Set(anyOf.map(typeOf))].join(' | ');
  if (type === 'array') {
    const item = items === undefined ? 'anything' : typeOf(items);
    return item.includes(' | ') ? `list of (${item})` : `list of ${item}`;
  }
  if (type === 'object') return properties === undefined ? '{name: value}' : `{${Object.keys(properties).join(', ')}}`;
  return type === undefined ? 'anything' : [type].flat().join(' | ');
}

/** `sendtoaddress address amount ( label subtractfeefromamount passphrase maxfee )` */
export function usageOf(name: MethodName): string {
  const parameters = parametersOf(name);
  const optional = parameters.filter(({ required }) => !required).map((parameter) => parameter.name);
  const needed = parameters.filter(({ required }) => required).map((parameter) => parameter.name);
  return [name, ...needed, ...(optional.length === 0 ? [] : ['(', ...optional, ')'])].join(' ');
}

export const noSuchMethod = (said: string): { readonly ok: false; readonly error: ApiError } => ({
  ok: false,
  error: { code: 'method-not-found', message: `There is no method "${said}"${didYouMean(said, methodNames)}` },
});

/** The list of methods, or all about one, which may be one behind one word: `masternode`, `list`. Or `method-not-found`. */
export function helpText(said: string, subcommand?: string): Reply<string> {
  if (said === '') return { ok: true, value: listOfMethods() };
  const command = subcommandOf(said, subcommand) ?? said;
  return isMethodName(command) ? { ok: true, value: textOf(command) } : noSuchMethod(said);
}

const listOfMethods = (): string => groups.map((group) => `== ${groupTitles[group]} ==\n${namesOf(group).map(usageOf).join('\n')}`).join('\n\n');

/** All about one. */
export function textOf(command: MethodName): string {
  const parameters = parametersOf(command).map(
    ({ name, type, isSecret, required, defaultValue, description }) =>
      `  ${name} (${type}${isSecret ? ', secret' : ''}${required ? '' : defaultValue === undefined ? ', optional' : `, default ${JSON.stringify(defaultValue)}`})${description === '' ? '' : ` ${description}`}`,
  );
  const { summary, slow, response, errors } = methods[command];
  return [
    usageOf(command),
    '',
    slow === true ? `${summary} It may take minutes.` : summary,
    ...(parameters.length === 0 ? [] : ['', 'Parameters:', ...parameters]),
    '',
    'Answer:',
    ...shapeLines(schemaOf(response, 'output'), '  '),
    ...(errors.length === 0 ? [] : ['', 'Errors:', ...errors.map((code) => `  ${errorNumbers[code]} ${code}`)]),
  ].join('\n');
}

function shapeLines(schema: JsonSchema, indent: string): string[] {
  const described = (one: JsonSchema): string => (one.description === undefined ? '' : ` (${one.description})`);
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap((one, index) => [...(index === 0 ? [] : [`${indent}or`]), ...shapeLines(one, indent)]);
  if (schema.type === 'array' && schema.items !== undefined) return [`${indent}list of`, ...shapeLines(schema.items, `${indent}  `)];
  if (schema.type !== 'object') return [`${indent}${typeOf(schema)}${described(schema)}`];
  const { additionalProperties: behindEach } = schema;
  if (typeof behindEach === 'object' && behindEach.type === 'object')
    return [`${indent}by ${schema.propertyNames?.description ?? 'name'}`, ...shapeLines(behindEach, `${indent}  `)];
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const optional = schema.required?.includes(name) ? '' : ', optional';
    const nested = field.type === 'object' || (field.type === 'array' && field.items?.type === 'object');
    if (!nested) return [`${indent}${name}: ${typeOf(field)}${optional}${described(field)}`];
    const inner = field.type === 'array' ? (field.items ?? {}) : field;
    return [`${indent}${name}: ${field.type === 'array' ? 'list of' : 'object'}${optional}${described(field)}`, ...shapeLines(inner, `${indent}  `)];
  });
}
