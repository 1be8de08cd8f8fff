import { formatNames, parseNames } from '../faults.ts';

/** What happens to machines, lines and clocks. */
export const peerFaultNames = ['loss', 'delay', 'reset', 'half-open', 'stall', 'partition', 'crash', 'sleep', 'clock', 'move'] as const;
export type PeerFaultName = (typeof peerFaultNames)[number];
export type PeerFaults = ReadonlySet<PeerFaultName>;

export const parsePeerFaults = (text: string): PeerFaults => parseNames(text, peerFaultNames);
export const formatPeerFaults = (faults: PeerFaults): string => formatNames(faults, peerFaultNames);
