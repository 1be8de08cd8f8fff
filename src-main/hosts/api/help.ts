import * as z from 'zod';
import { isMethodName, type MethodName, methods } from '../../../src-shared/api/contract.ts';
import { errorNumbers, type MethodGroup } from '../../../src-shared/api/method.ts';
import { reasonWords } from '../../../src-shared/domain/reason-words.ts';
import { transactionReasons } from '../../../src-shared/domain/rejection-code.ts';
import { CodedError } from '../../node/coded-error.ts';
import { didYouMean } from '../../node/nearest-name.ts';

/** All that is said about methods, made from their declarations: `help`, the command line's help, and docs/api.md. */

const groupTitles: Record<MethodGroup, string> = {
  chain: 'Chain',
  network: 'Network',
  consensus: 'Consensus',
  masternodes: 'Masternodes',
  transactions: 'Transactions',
  wallet: 'Wallet',
  control: 'Control',
};
const groups = Object.keys(groupTitles) as MethodGroup[];

export const methodNames = Object.keys(methods) as MethodName[];
const namesOf = (group: MethodGroup): MethodName[] => methodNames.filter((name) => methods[name].group === group).sort();

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}
const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): JsonSchema => z.toJSONSchema(schema, { io }) as JsonSchema;

export interface Parameter {
  readonly name: string;
  /** In words: `string`, `number`, `"add" | "remove"`, `list of …`. */
  readonly type: string;
  readonly required: boolean;
  readonly defaultValue: unknown;
  readonly description: string;
}

/** In the order in which a list of parameters gives them. */
export function parametersOf(name: MethodName): readonly Parameter[] {
  const { properties = {}, required = [] } = schemaOf(methods[name].request, 'input');
  return Object.entries(properties).map(([parameter, schema]) => ({
    name: parameter,
    type: typeOf(schema),
    required: required.includes(parameter),
    defaultValue: schema.default,
    description: schema.description ?? '',
  }));
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

/** The list of methods, or all about one. Throws CodedError `method-not-found`. */
export function helpText(command: string): string {
  if (command === '') return groups.map((group) => `== ${groupTitles[group]} ==\n${namesOf(group).map(usageOf).join('\n')}`).join('\n\n');
  if (!isMethodName(command)) throw new CodedError('method-not-found', `There is no method "${command}"${didYouMean(command, methodNames)}`);
  const parameters = parametersOf(command).map(
    ({ name, type, required, defaultValue, description }) =>
      `  ${name} (${type}${required ? '' : defaultValue === undefined ? ', optional' : `, default ${JSON.stringify(defaultValue)}`})${description === '' ? '' : ` ${description}`}`,
  );
  const { summary, response, errors } = methods[command];
  return [
    usageOf(command),
    '',
    summary,
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
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const optional = schema.required?.includes(name) ? '' : ', optional';
    const nested = field.type === 'object' || (field.type === 'array' && field.items?.type === 'object');
    if (!nested) return [`${indent}${name}: ${typeOf(field)}${optional}${described(field)}`];
    const inner = field.type === 'array' ? (field.items ?? {}) : field;
    return [`${indent}${name}: ${field.type === 'array' ? 'list of' : 'object'}${optional}${described(field)}`, ...shapeLines(inner, `${indent}  `)];
  });
}

const reasons = [
  '## Reasons',
  'Why a transaction is not taken, or did not become final: of a transaction in `reason`, of an error in `data.rejection`.',
  ['| reason | meaning |', '|---|---|', ...transactionReasons.map((reason) => `| ${reason} | ${reasonWords[reason]} |`)].join('\n'),
].join('\n\n');

/** docs/api.md. */
export function apiReference(): string {
  const sections = groups.map((group) =>
    [`## ${groupTitles[group]}`, ...namesOf(group).map((name) => `### ${name}\n\n${methods[name].summary}\n\n\`\`\`\n${helpText(name)}\n\`\`\``)].join('\n\n'),
  );
  return [
    '# The interface of a node',
    'Made from the contract in `src-shared/api` by `scripts/generate-api-docs.ts`; change that and run it again. Every method can be called from the window, the\nbrowser, JSON-RPC and `time-cli`, with its parameters by name or as a list in the order given here.',
    'Names follow Bitcoin Core’s where the thing exists there. What differs: amounts are decimal strings of TIME, never numbers; moments are milliseconds\nsince 1970, since finality is told in milliseconds, also the end of a ban that `setban` takes with `absolute`, while pings and `timeoffset` are seconds as in Core,\nwith fractions; `setban` also takes a node public key; `listtransactions` is newest first.',
    'Besides its own errors every method may answer `-32602 invalid-params` and `-32603 internal`.',
    ...sections,
    reasons,
  ]
    .join('\n\n')
    .concat('\n');
}
