import * as z from 'zod';
import type { Lock, OutpointKey } from '../../../src-shared/domain/ids.ts';
import type { NetworkName } from '../../../src-shared/domain/networks.ts';
import { isShowableLabel } from '../../../src-shared/domain/payment-uri.ts';
import { seal, unseal } from './seal.ts';
import { backupKind, decodeRecord, encodeRecord, type KdfCost } from './sealed-record.ts';
import { secretMemory, wipeSecret } from './secret-memory.ts';
import { accountsAhead, maxAccounts } from './wallet.ts';
import { maxLabels, maxRequests, maxSetAside } from './wallet-book.ts';
import type { BranchProgress, RequestRecord } from './wallet-store.ts';

/** What a backup says beside the words (docs/wallet-backup.md). */
export interface BackupContent {
  readonly network: NetworkName;
  readonly createdMs: number;
  /** Names by number. */
  readonly accounts: readonly string[];
  readonly branches: readonly BranchProgress[];
  readonly labels: ReadonlyMap<Lock, string>;
  readonly requests: readonly RequestRecord[];
  readonly setAside: readonly OutpointKey[];
}

export type BackupProblem = 'damaged' | 'unsupported-version' | 'wrong-passphrase' | 'other-network';
export type OpenedBackup =
  | { readonly ok: true; readonly content: BackupContent /** 16 or 32 bytes, for the caller to wipe. */; readonly entropy: Buffer }
  | { readonly ok: false; readonly problem: BackupProblem };

/** Of all branches together: keys up to the progress are derived at once when a backup is opened; nobody gives out more addresses by hand. */
const maxProgress = 100_000;
const label = z.string().refine((text) => text === '' || isShowableLabel(text));
const lock = z
  .string()
  .regex(/^[0-9a-f]{40}$/)
  .transform((hex) => hex as Lock);
const timestampMs = z.number().int().min(0);
const progress = z.number().int().min(0).max(maxProgress);
const contentSchema = z.strictObject({
  network: z.enum(['mainnet', 'testnet', 'devnet']),
  createdMs: timestampMs,
  accounts: z.array(label).min(1).max(maxAccounts),
  branches: z
    .array(
      z
        .strictObject({ account: z.number().int().min(0), branch: z.enum(['receive', 'change']), next: progress, used: progress })
        .refine(({ next, used }) => used <= next),
    )
    .max(2 * (maxAccounts + accountsAhead))
    .refine((branches) => branches.reduce((sum, { next }) => sum + next, 0) <= maxProgress),
  labels: z.array(z.tuple([lock, label])).max(maxLabels),
  requests: z
    .array(
      z.strictObject({
        lock,
        amount: z
          .string()
          .regex(/^\d{1,20}$/)
          .nullable(),
        label,
        createdMs: timestampMs,
      }),
    )
    .max(maxRequests),
  setAside: z.array(z.string().regex(/^[0-9a-f]{64}:\d{1,10}$/)).max(maxSetAside),
});

/** The file's bytes. `entropy` stays the caller's. */
export async function encodeBackup(entropy: Uint8Array, content: BackupContent, passphrase: string, cost: KdfCost): Promise<Buffer> {
  const listed: z.input<typeof contentSchema> = {
    network: content.network,
    createdMs: content.createdMs,
    accounts: [...content.accounts],
    branches: content.branches.map(({ account, branch, next, used }) => ({ account, branch, next, used })),
    labels: [...content.labels].map(([one, text]) => [one, text]),
    requests: content.requests.map((request) => ({ ...request, amount: request.amount?.toString() ?? null })),
    setAside: [...content.setAside],
  };
  const json = Buffer.from(JSON.stringify(listed), 'utf8');
  const plain = secretMemory(1 + entropy.length + json.length);
  try {
    plain[0] = entropy.length;
    plain.set(entropy, 1);
    plain.set(json, 1 + entropy.length);
    return encodeRecord(backupKind, await seal(backupKind, plain, passphrase, cost));
  } finally {
    wipeSecret(plain);
  }
}

/** Whatever bytes these are. */
export async function openBackup(bytes: Buffer, passphrase: string, network: NetworkName): Promise<OpenedBackup> {
  const refused = (problem: BackupProblem): OpenedBackup => ({ ok: false, problem });
  const decoded = decodeRecord(backupKind, bytes);
  if (!decoded.ok) return refused(decoded.problem.code);
  const plain = await unseal(backupKind, decoded.record, passphrase);
  if (plain === undefined) return refused('wrong-passphrase');
  try {
    const entropyBytes = plain[0] ?? 0;
    const content = entropyBytes === 16 || entropyBytes === 32 ? contentOf(plain.subarray(1 + entropyBytes)) : undefined;
    if (content === undefined) return refused('damaged');
    if (content.network !== network) return refused('other-network');
    const entropy = secretMemory(entropyBytes);
    entropy.set(plain.subarray(1, 1 + entropyBytes));
    return { ok: true, content, entropy };
  } finally {
    wipeSecret(plain);
  }
}

function contentOf(json: Buffer): BackupContent | undefined {
  let read: unknown;
  try {
    read = JSON.parse(json.toString('utf8'));
  } catch {
    return undefined;
  }
  const { success, data } = contentSchema.safeParse(read);
  if (!success) return undefined;
  return {
    ...data,
    labels: new Map(data.labels),
    requests: data.requests.map((request) => ({ ...request, amount: request.amount === null ? undefined : BigInt(request.amount) })),
    setAside: data.setAside.map((key) => key as OutpointKey),
  };
}
