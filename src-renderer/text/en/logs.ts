import type { LogLevel, LogPart } from '../../../src-shared/domain/log-lines.ts';
import { counted } from '../counted.ts';
import { formatCount } from '../format.ts';

const levels: Record<LogLevel, string> = { error: 'Error', warn: 'Warning', info: 'Info', debug: 'Debug' };
/** What is chosen with each: it and what is graver. */
const from: Record<LogLevel, string> = { error: 'Errors', warn: 'Warnings', info: 'Info', debug: 'Everything' };
const parts: Record<LogPart, string> = {
  node: 'Node',
  health: 'Health',
  peers: 'Peers',
  chain: 'Chain',
  consensus: 'Consensus',
  masternodes: 'Masternodes',
  payments: 'Payments',
  storage: 'Storage',
  doors: 'Calls',
};

export const logsText = {
  list: 'Lines of the log',
  columns: { time: 'Time', level: 'Level', part: 'Part', line: 'Line' },
  levels,
  from,
  parts,
  levelLabel: 'Least important lines that are shown',
  partLabel: 'Part of the node',
  allParts: 'All parts',
  filter: 'Find lines',
  filterHint: 'Words of the line',
  copy: 'Copy',
  copyLine: 'Copy the line',
  save: 'Save as a file',
  close: 'Close',
  follow: 'Follow again',
  followNewer: (count: number) => counted(count, 'newer line', 'newer lines'),
  shown: (count: number, of: number) => (count === of ? counted(count, 'line', 'lines') : `${formatCount(count)} of ${counted(of, 'line', 'lines')}`),
  leftOut: (count: number) => `${counted(count, 'earlier line is', 'earlier lines are')} left out here; the folder logs of the data directory has more`,
  notWritten: (level: string) => `Lines below ${level} are not written; that is chosen with log_level in`,
  empty: { what: 'Nothing has been written yet.', next: 'The first line comes with the first thing that happens.' },
  noMatch: { what: 'No line matches.', next: 'Newer ones that do will appear here.' },
  clear: 'Show all lines',
};
