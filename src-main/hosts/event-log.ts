import type { EngineEvent } from '../core/events.ts';
import { banKey } from '../core/net/ban.ts';
import type { LogLevel } from '../node/log-level.ts';
import type { LogFields, Logger } from '../node/logger.ts';

/** At which level each event is logged. What happens with every payment or round is for who looks for a fault. */
const levels: Record<EngineEvent['kind'], LogLevel> = {
  'peer-ready': 'info',
  'peer-refused': 'info',
  'handshake-ended': 'info',
  'peer-gone': 'info',
  dialing: 'debug',
  'dial-failed': 'debug',
  'peer-violation': 'warn',
  'transaction-pending': 'debug',
  'transaction-certified': 'debug',
  'transaction-final': 'debug',
  'transaction-rejected': 'info',
  'transaction-dropped': 'info',
  'transaction-confirmed': 'debug',
  'round-started': 'debug',
  'block-decided': 'info',
  evidence: 'error',
  'vote-refused': 'debug',
  halted: 'error',
  behind: 'info',
  'in-sync': 'info',
  banned: 'warn',
  'ban-ended': 'info',
  'rate-limited': 'warn',
  'addresses-found': 'info',
  reachability: 'info',
  clock: 'warn',
};

export function logEvent(log: Logger, event: EngineEvent): void {
  log[levels[event.kind]](event.kind, fieldsOf(event));
}

function fieldsOf(event: EngineEvent): LogFields {
  switch (event.kind) {
    case 'peer-violation': {
      const { rejection, ...fields } = event;
      return { ...plainFields(fields), reason: `${rejection.code}: ${rejection.detail}` };
    }
    case 'banned': {
      const { subject, untilMs, reason, by } = event.ban;
      return { subject: banKey(subject), until: untilMs === undefined ? 'lifted' : new Date(untilMs).toISOString(), reason, by };
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
