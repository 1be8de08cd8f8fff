import type { LogLevel, LogPart } from '../../../src-shared/domain/log-lines.ts';
import { counted } from '../counted.ts';
import type { logsText as english } from '../en/logs.ts';
import { formatCount } from '../format.ts';

const levels: Record<LogLevel, string> = { error: 'Fehler', warn: 'Warnung', info: 'Info', debug: 'Debug' };
const from: Record<LogLevel, string> = { error: 'Fehler', warn: 'Warnungen', info: 'Info', debug: 'Alles' };
const parts: Record<LogPart, string> = {
  node: 'Knoten',
  health: 'Zustand',
  peers: 'Peers',
  chain: 'Kette',
  consensus: 'Konsens',
  masternodes: 'Masternodes',
  payments: 'Zahlungen',
  storage: 'Speicher',
  doors: 'Aufrufe',
};

export const logsText: typeof english = {
  list: 'Zeilen des Protokolls',
  columns: { time: 'Zeit', level: 'Stufe', part: 'Teil', line: 'Zeile' },
  levels,
  from,
  parts,
  levelLabel: 'Unwichtigste Zeilen, die zu sehen sind',
  partLabel: 'Teil des Knotens',
  allParts: 'Alle Teile',
  filter: 'Zeilen suchen',
  filterHint: 'Wörter der Zeile',
  copy: 'Kopieren',
  copyLine: 'Zeile kopieren',
  save: 'Als Datei sichern',
  close: 'Schließen',
  follow: 'Wieder folgen',
  followNewer: (count) => counted(count, 'neuere Zeile', 'neuere Zeilen'),
  shown: (count, of) => (count === of ? counted(count, 'Zeile', 'Zeilen') : `${formatCount(count)} von ${counted(of, 'Zeile', 'Zeilen')}`),
  leftOut: (count) => `${counted(count, 'frühere Zeile fehlt', 'frühere Zeilen fehlen')} hier; der Ordner logs des Datenverzeichnisses hat mehr`,
  notWritten: (level) => `Zeilen unter ${level} werden nicht geschrieben; das bestimmt log_level in`,
  empty: { what: 'Noch ist nichts geschrieben worden.', next: 'Die erste Zeile kommt mit dem ersten, was geschieht.' },
  noMatch: { what: 'Keine Zeile passt.', next: 'Neuere, die passen, erscheinen hier.' },
  clear: 'Alle Zeilen zeigen',
};
