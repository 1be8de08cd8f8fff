import { parse as parseToml } from 'smol-toml';
import * as z from 'zod';
import { parseTime } from '../../../src-shared/domain/amount.ts';
import { type NetworkName, networks } from '../../../src-shared/domain/networks.ts';
import type { Tier } from '../../core/snapshot.ts';
import { tiers } from '../../core/tiers.ts';

/** What operators write, in TOML or JSON, and agree on: docs/recovery.md has an example. Addresses and keys are checked with the genesis file that it makes. */
export interface GenesisPlan {
  readonly network: NetworkName;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly masternodes: readonly {
    readonly nodeKey: string;
    /** The others are those of the old chain's registration, where it carries on and they are left out. */
    readonly tier: Tier | undefined;
    readonly ownerAddress: string | undefined;
    readonly rewardAddress: string | undefined;
    readonly serviceAddress: string | undefined;
  }[];
  readonly allocations: readonly { readonly address: string | undefined; readonly units: bigint; readonly label: string }[];
}

/** The plan cannot be read; `message` says where, and what is expected there. */
export class GenesisPlanError extends Error {
  override readonly name = 'GenesisPlanError';
}

const names = <T extends string>(of: Readonly<Record<T, unknown>>) => z.enum(Object.keys(of) as [T, ...T[]]);
const time = z
  .union([z.number().int().nonnegative(), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)), z.date().transform((date) => date.getTime())])
  .describe('a date and time, or milliseconds since 1970');
const amount = z.string('an amount in TIME, in quotes, like "1250.5"').transform((text, context) => {
  const units = parseTime(text);
  if (units === undefined) context.addIssue({ code: 'custom', message: `"${text}" is no amount in TIME like "1250.5"` });
  return units ?? z.NEVER;
});
const schema = z.strictObject({
  network: names<NetworkName>(networks),
  time,
  masternodes: z
    .array(
      z.strictObject({
        node_key: z.string(),
        tier: names<Tier>(tiers).optional(),
        owner_address: z.string().optional(),
        reward_address: z.string().optional(),
        service_address: z.string().optional(),
      }),
    )
    .default([]),
  allocations: z
    .array(
      z
        .strictObject({ address: z.string().optional(), unspendable: z.literal(true).optional(), amount, label: z.string().default('') })
        .refine(({ address, unspendable }) => (address === undefined) === (unspendable === true), 'it has an address, or unspendable = true'),
    )
    .default([]),
});

/** Text that begins with a brace is JSON, everything else TOML. Throws GenesisPlanError. */
export function readGenesisPlan(text: string): GenesisPlan {
  let value: unknown;
  try {
    value = text.trimStart().startsWith('{') ? JSON.parse(text) : parseToml(text);
  } catch (error) {
    throw new GenesisPlanError(error instanceof Error ? error.message : String(error), { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw new GenesisPlanError(parsed.error.issues.map(({ path, message }) => (path.length === 0 ? message : `${pathOf(path)}: ${message}`)).join('\n'));
  const { masternodes, allocations, ...rest } = parsed.data;
  return {
    ...rest,
    masternodes: masternodes.map((one) => ({
      nodeKey: one.node_key,
      tier: one.tier,
      ownerAddress: one.owner_address,
      rewardAddress: one.reward_address,
      serviceAddress: one.service_address,
    })),
    allocations: allocations.map(({ address, amount: units, label }) => ({ address, units, label })),
  };
}

/** `masternodes[2].tier`, counted as the genesis file's errors count. */
const pathOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((all, part) => (typeof part === 'number' ? `${all}[${part}]` : all === '' ? String(part) : `${all}.${String(part)}`), '');
