import type { NodeId } from '../../../src-shared/domain/ids.ts';
import type { AddressRecord, AddressSource } from '../../core/net/address-record.ts';
import type { Ban } from '../../core/net/ban.ts';
import { banKey } from '../../core/net/ban.ts';
import { type Blob, blobOf } from './sqlite.ts';

/** address, node id, source, first seen, last success, last try, failures, anchor. */
export type AddressRow = [string, Blob | null, string, number, number | null, number | null, number, number];
type ReadAddressRow = [string, Blob | null, string, bigint, bigint | null, bigint | null, bigint, bigint];

export const addressRow = (record: AddressRecord): AddressRow => [
  record.address,
  record.nodeId === undefined ? null : blobOf(record.nodeId),
  record.source,
  record.firstSeenMs,
  record.lastSuccessMs ?? null,
  record.lastTryMs ?? null,
  record.failures,
  record.anchor ? 1 : 0,
];
export const addressOf = ([address, nodeId, source, firstSeen, lastSuccess, lastTry, failures, anchor]: ReadAddressRow): AddressRecord => ({
  address,
  nodeId: nodeIdOf(nodeId),
  source: source as AddressSource,
  firstSeenMs: Number(firstSeen),
  lastSuccessMs: numberOf(lastSuccess),
  lastTryMs: numberOf(lastTry),
  failures: Number(failures),
  anchor: anchor === 1n,
});

/** subject, node id, created, until, reason, by: the subject is `banKey`, and a ban of IPs has no node id. */
export type BanRow = [string, Blob | null, number, number | null, string, string];
type ReadBanRow = [string, Blob | null, bigint, bigint | null, string, string];

export const banRow = ({ subject, createdMs, untilMs, reason, by }: Ban): BanRow => [
  banKey(subject),
  subject.kind === 'node' ? blobOf(subject.nodeId) : null,
  createdMs,
  untilMs ?? null,
  reason,
  by,
];
export function banOf([subject, blob, created, until, reason, by]: ReadBanRow): Ban {
  const nodeId = nodeIdOf(blob);
  return {
    subject: nodeId === undefined ? { kind: 'network', subnet: subject } : { kind: 'node', nodeId },
    createdMs: Number(created),
    untilMs: numberOf(until),
    reason,
    by: by as Ban['by'],
  };
}

const numberOf = (value: bigint | null): number | undefined => (value === null ? undefined : Number(value));
const nodeIdOf = (blob: Blob | null): NodeId | undefined => (blob === null ? undefined : (Buffer.from(blob).toString('hex') as NodeId));
