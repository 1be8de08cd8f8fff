import { contradictionLine } from '../../src-shared/domain/contradiction.ts';
import type { LogLevel, LogPart } from '../../src-shared/domain/log-lines.ts';
import type { EngineEvent } from '../core/events.ts';
import { banKey } from '../core/net/ban.ts';
import type { LogFields, NodeLog } from '../node/logging/logger.ts';
import { LineLimit } from './line-limit.ts';

/** At which level each event is logged. What happens with every payment or round is for who looks for a fault. */
const levels: Record<EngineEvent['kind'], LogLevel> = {
  'peer-ready': 'info',
  'peer-refused': 'info',
  'handshake-ended': 'info',
  'peer-gone': 'info',
  dialing: 'debug',
  'dial-failed': 'info',
  'peer-violation': 'warn',
  'transaction-pending': 'debug',
  'transaction-certified': 'debug',
  'transaction-final': 'debug',
  'transaction-rejected': 'info',
  'transaction-dropped': 'info',
  'transaction-confirmed': 'debug',
  'round-started': 'debug',
  'epoch-began': 'info',
  'block-decided': 'info',
  'masternode-registered': 'info',
  'masternode-active': 'info',
  'masternode-inactive': 'info',
  'masternode-left': 'info',
  heartbeat: 'debug',
  reviving: 'info',
  listening: 'info',
  signing: 'info',
  'restored-old-copy': 'error',
  'own-key-elsewhere': 'error',
  evidence: 'error',
  'vote-refused': 'debug',
  halted: 'error',
  'block-invalidated': 'error',
  'block-reconsidered': 'warn',
  'block-reverted': 'warn',
  'branch-left': 'error',
  behind: 'info',
  'in-sync': 'info',
  banned: 'warn',
  'ban-ended': 'info',
  'rate-limited': 'warn',
  'addresses-found': 'info',
  reachability: 'info',
  clock: 'warn',
};

const parts: Record<EngineEvent['kind'], LogPart> = {
  'peer-ready': 'peers',
  'peer-refused': 'peers',
  'handshake-ended': 'peers',
  'peer-gone': 'peers',
  dialing: 'peers',
  'dial-failed': 'peers',
  'peer-violation': 'peers',
  'transaction-pending': 'payments',
  'transaction-certified': 'payments',
  'transaction-final': 'payments',
  'transaction-rejected': 'payments',
  'transaction-dropped': 'payments',
  'transaction-confirmed': 'payments',
  'round-started': 'consensus',
  'epoch-began': 'masternodes',
  'block-decided': 'chain',
  'masternode-registered': 'masternodes',
  'masternode-active': 'masternodes',
  'masternode-inactive': 'masternodes',
  'masternode-left': 'masternodes',
  heartbeat: 'masternodes',
  reviving: 'masternodes',
  listening: 'consensus',
  signing: 'consensus',
  'restored-old-copy': 'consensus',
  'own-key-elsewhere': 'consensus',
  evidence: 'consensus',
  'vote-refused': 'consensus',
  halted: 'chain',
  'block-invalidated': 'chain',
  'block-reconsidered': 'chain',
  'block-reverted': 'chain',
  'branch-left': 'chain',
  behind: 'chain',
  'in-sync': 'chain',
  banned: 'peers',
  'ban-ended': 'peers',
  'rate-limited': 'peers',
  'addresses-found': 'peers',
  reachability: 'peers',
  clock: 'node',
};

/** What strangers can bring about as often as they like, or addresses where nobody answers. */
const limited = ['peer-refused', 'handshake-ended', 'dial-failed', 'peer-violation', 'banned'] as const satisfies readonly EngineEvent['kind'][];
const maxLines = 60;

/** Writes what happens to the log, each thing at its level. `phase`: of the dial that it is about, which goes into the line. */
export function eventLog(log: Pick<NodeLog, 'of'>, monotonicMs: () => number): (event: EngineEvent, phase: string | undefined) => void {
  const limits = new Map<EngineEvent['kind'], LineLimit>(limited.map((kind) => [kind, new LineLimit(maxLines, monotonicMs)]));
  return (event, phase) => {
    const write = log.of(parts[event.kind])[levels[event.kind]];
    const { allowed, leftOut } = limits.get(event.kind)?.take() ?? { allowed: true, leftOut: 0 };
    if (leftOut > 0) write('more of these were left out', { kind: event.kind, count: leftOut });
    if (allowed) write(event.kind, phase === undefined ? fieldsOf(event) : { ...fieldsOf(event), phase });
  };
}

function fieldsOf(event: EngineEvent): LogFields {
  switch (event.kind) {
    case 'peer-violation': {
      const { rejection, ...fields } = event;
      return { ...plainFields(fields), reason: `${rejection.code}: ${rejection.detail}` };
    }
    case 'banned': {
      const { subject, untilMs, reason, by } = event.ban;
      return { subject: banKey(subject), until: untilMs === undefined ? 'it is lifted' : new Date(untilMs).toISOString(), reason, by };
    }
    case 'dial-failed': {
      const { nextTryMs, ...fields } = event;
      const isSelf = event.reason.split(':', 1)[0] === 'self';
      if (nextTryMs === undefined) return isSelf ? { ...plainFields(fields), nextTry: 'never' } : plainFields(fields);
      return { ...plainFields(fields), nextTry: new Date(nextTryMs).toISOString() };
    }
    case 'evidence':
      return { nodeId: event.nodeId, description: contradictionLine(event.contradiction) };
    case 'halted': {
      const { signers, ...fields } = event;
      return { ...plainFields(fields), signers: signers.join(' ') };
    }
    case 'ban-ended':
      return { subject: banKey(event.subject), by: event.by };
    default:
      return plainFields(event);
  }
}

/** The kind is the line's message. */
function plainFields({ kind: _, ...fields }: { readonly kind: string }): LogFields {
  const plain: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(fields) as [string, string | number | boolean | undefined][]) if (value !== undefined) plain[name] = value;
  return plain;
}
