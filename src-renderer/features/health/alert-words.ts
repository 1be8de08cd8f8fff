import type { AlertCode, HealthAlert, Severity } from '../../../src-shared/api/methods/health.ts';
import { hrefOf } from '../../routes.ts';
import type { Advice } from '../../text/advice.ts';
import { text } from '../../text/text.ts';
import type { Tone } from '../../ui/status-word.tsx';

export const severityTones: Record<Severity, Tone> = { critical: 'bad', warning: 'warning', notice: 'muted', info: 'muted' };

// The table's type ties the code to its facts, which the compiler cannot see through a variable.
export const alertWords = (alert: HealthAlert): Advice => (text.health.alerts[alert.code] as (facts: HealthAlert) => Advice)(alert);

export interface AlertAction {
  readonly words: string;
  readonly href: string;
}

const peers: AlertAction = { words: text.health.actions.peers, href: hrefOf('peers') };
const network: AlertAction = { words: text.health.actions.network, href: hrefOf('peers', { show: 'network' }) };
const consensus: AlertAction = { words: text.health.actions.consensus, href: hrefOf('consensus') };
const console: AlertAction = { words: text.health.actions.console, href: hrefOf('console') };
/** Where to go on from an alert; some need nothing that a window can do. */
const actions: Partial<Record<AlertCode, AlertAction>> = {
  // getforkinfo and invalidateblock, which its words name.
  halted: console,
  'no-peers': peers,
  'below-quorum': peers,
  'no-block': consensus,
  'participation-low': consensus,
  'masternode-inactive': consensus,
  unreachable: network,
  'clock-off': network,
  'clock-stopped': network,
};
export const alertAction = ({ code }: HealthAlert): AlertAction | undefined => actions[code];
