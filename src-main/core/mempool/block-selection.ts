import type { NodeId, Txid } from '../../../src-shared/domain/ids.ts';
import { isMasternodeKind, nodeOfPayload } from '../codec/masternode-payload.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import { maxMasternodeTransactionsPerBlock } from '../constants.ts';
import { isCertified, type MempoolEntry } from './mempool-entry.ts';

export interface BlockRequest {
  readonly nowMs: number;
  /** How long one without a certificate must have been known. */
  readonly uncertifiedAgeMs: number;
  /** Of transactions as a block holds them: each encoded, after its length. */
  readonly maxBytes: number;
  /** Without a certificate only what nothing known conflicts with: a block of this height has been overtaken by a certificate already. */
  readonly leavesOutContested: boolean;
}
/** Before each transaction of a block. */
const lengthBytes = 4;

/** What the selection asks of the mempool. */
export interface SelectionSource {
  inAdmissionOrder(): readonly MempoolEntry[];
  conflictsOf(hashed: HashedTransaction): readonly Txid[];
  get(txid: Txid): MempoolEntry | undefined;
}

/**
 * Final transactions, then certified ones, then others that have been known for a while and conflict with no certified one; of conflicting ones
 * the first received, or none (protocol section 6). Within each, in the order of admission: parents come before their children, and the oldest
 * go first where not all fit. One too large for what is left is passed over, and so are its children. Of the masternode kinds there are no more than a block may hold.
 */
export function selectForBlock(mempool: SelectionSource, { nowMs, uncertifiedAgeMs, maxBytes, leavesOutContested }: BlockRequest): HashedTransaction[] {
  const entries = mempool.inAdmissionOrder();
  const chosen = new Set<Txid>();
  const selected: HashedTransaction[] = [];
  let bytes = 0;
  const take = ({ hashed }: MempoolEntry): void => {
    const size = lengthBytes + hashed.encoded.length;
    if (bytes + size > maxBytes) return;
    if (hashed.transaction.inputs.some(({ txid }) => mempool.get(txid) !== undefined && !chosen.has(txid))) return;
    if (mempool.conflictsOf(hashed).some((other) => chosen.has(other))) return;
    chosen.add(hashed.txid);
    selected.push(hashed);
    bytes += size;
  };
  const isInTheWay = (other: Txid): boolean => leavesOutContested || isCertified(mempool.get(other)?.status ?? 'pending');
  const maySettle = ({ hashed }: MempoolEntry): boolean => !mempool.conflictsOf(hashed).some(isInTheWay);

  for (const entry of entries) if (entry.status === 'final') take(entry);
  for (const entry of entries) if (isCertified(entry.status) && entry.status !== 'final') take(entry);
  const candidates = entries.filter((entry) => entry.status === 'pending' && nowMs - entry.receivedMs >= uncertifiedAgeMs && maySettle(entry));
  const masternodes = masternodesFor(mempool, candidates);
  for (const entry of candidates) if (!isMasternodeKind(entry.hashed.transaction.kind) || masternodes.has(entry.hashed.txid)) take(entry);
  return selected;
}

const isRevive = ({ hashed }: MempoolEntry): boolean => hashed.transaction.kind === 'masternode-revive';
/** Revives first: they cost nothing, and there is one of a masternode that is to come back. Then who pays most by the byte. */
const byUrgency = (a: MempoolEntry, b: MempoolEntry): number =>
  Number(isRevive(b)) - Number(isRevive(a)) || Number(b.feeRate - a.feeRate) || a.sequence - b.sequence;

/**
 * Which of the masternode kinds are for this block. Of each masternode its revive, which waits for nothing that its owner does, else the one received first, so that
 * this stays in order, and whoever sends a thousand that only one of can apply has one place; and none that what was received before it uses the coins of, which would
 * waste its place.
 */
function masternodesFor(mempool: SelectionSource, candidates: readonly MempoolEntry[]): ReadonlySet<Txid> {
  const firstOf = new Map<NodeId, MempoolEntry>();
  for (const entry of candidates) {
    const { kind, payload } = entry.hashed.transaction;
    if (!isMasternodeKind(kind)) continue;
    const nodeId = nodeOfPayload(payload);
    if (!firstOf.has(nodeId) || isRevive(entry)) firstOf.set(nodeId, entry);
  }
  const isFirst = ({ hashed, sequence }: MempoolEntry): boolean =>
    mempool.conflictsOf(hashed).every((other) => (mempool.get(other)?.sequence ?? sequence) >= sequence);
  const urgent = [...firstOf.values()].filter(isFirst).sort(byUrgency);
  return new Set(urgent.slice(0, maxMasternodeTransactionsPerBlock).map(({ hashed }) => hashed.txid));
}
