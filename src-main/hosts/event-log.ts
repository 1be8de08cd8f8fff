import type { EngineEvent } from '../core/events.ts';
import type { LogLevel } from '../node/log-level.ts';
import type { LogFields, Logger } from '../node/logger.ts';

/** At which level each event is logged. What happens with every payment or round is for who looks for a fault. */
const levels: Record<EngineEvent['kind'], LogLevel> = {
  'peer-ready': 'info',
  'peer-refused': 'info',
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
};

export function logEvent(log: Logger, { kind, ...fields }: EngineEvent): void {
  log[levels[kind]](kind, plainFields(fields));
}

function plainFields(fields: object): LogFields {
  const plain: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    plain[name] = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : JSON.stringify(value);
  }
  return plain;
}
