import { counted } from '../counted.ts';
import type { shellText as english } from '../en/shell.ts';
import { formatSpan, formatUntil } from '../format.ts';

export const shellText: typeof english = {
  navigation: 'Seiten',
  skip: 'Zur Seite springen',
  theme: { label: 'Erscheinungsbild', light: 'Hell', dark: 'Dunkel', system: 'Wie das System' },
  language: { label: 'Sprache', system: 'Systemsprache', names: { en: 'English', de: 'Deutsch' } },
  connectedPeers: (count) => counted(count, 'Peer verbunden', 'Peers verbunden'),
  spendable: (amount) => `${amount} TIME verfügbar`,
  notRunning: { what: 'Der Knoten läuft nicht.', next: 'Starten Sie ihn, dann verbindet sich dieses Fenster von selbst.' },
  refused: {
    what: 'Der Knoten nimmt den Schlüssel dieser Seite nicht an.',
    next: 'Er wurde neu gestartet, seit die Seite geöffnet wurde. Öffnen Sie die Adresse, die er bei seinem letzten Start ausgegeben hat.',
  },
  noKey: {
    what: 'Diese Seite wurde ohne ihren Schlüssel geöffnet.',
    next: 'Öffnen Sie die ganze Adresse, die der Knoten bei seinem Start ausgegeben hat, mit allem nach dem #.',
  },
  silent: (ms) => ({
    what: `Seit ${formatSpan(ms)} keine Nachricht vom Knoten.`,
    next: 'Was zu sehen ist, ist von vorher. Er ist vielleicht beschäftigt, oder er steht still.',
  }),
  oldNumbers: 'Was unten steht, ist von vorher.',
  nextTry: (ms) => `Nächster Versuch in ${formatUntil(ms)}.`,
  misunderstood: (what) => ({
    what: `Der Knoten hat etwas gesendet, das dieses Fenster nicht versteht (${what}).`,
    next: 'Die beiden sind verschiedene Versionen. Laden Sie das Fenster neu; wenn das nicht hilft, starten Sie den Knoten neu.',
  }),
  crashed: {
    what: 'Diese Seite ist abgestürzt.',
    next: 'Den Knoten betrifft das nicht. Laden Sie das Fenster neu; wenn es wieder geschieht, melden Sie es bitte.',
  },
  reload: 'Neu laden',
};
