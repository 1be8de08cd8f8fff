import type { Tone } from '../../ui/status-word.tsx';
import type { MasternodeInfo } from './masternode-info.ts';

export const stateTones: Record<MasternodeInfo['status'], Tone> = { waiting: 'muted', active: 'good', inactive: 'warning', reviving: 'muted', exited: 'muted' };
export const heartbeatTones: Record<MasternodeInfo['heartbeat']['state'], Tone> = { online: 'good', late: 'warning', offline: 'bad', unknown: 'muted' };
