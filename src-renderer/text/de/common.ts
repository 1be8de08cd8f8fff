import type { commonText as english } from '../en/common.ts';
import { formatSpan, formatUntil } from '../format.ts';

export const commonText: typeof english = {
  ago: (ms) => `vor ${formatSpan(ms)}`,
  justNow: 'gerade eben',
  inSpan: (ms) => `in ${formatUntil(ms)}`,
  copied: 'Kopiert',
  copyWhole: (text) => `${text} kopieren`,
  copyFailed: 'Das Kopieren wurde verweigert; bitte den Text markieren',
  retry: 'Noch einmal',
  none: 'keine',
  thisNode: 'dieser Knoten',
  yes: 'ja',
  no: 'nein',
  reading: { what: 'Warten auf die ersten Zahlen des Knotens.', next: 'Sie kommen binnen einer Sekunde nach der Verbindung.' },
};
