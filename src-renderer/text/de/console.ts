import { counted } from '../counted.ts';
import type { consoleText as english } from '../en/console.ts';
import { formatCount } from '../format.ts';

export const consoleText: typeof english = {
  log: 'Was eingegeben wurde, und was dabei herauskam',
  input: 'Befehl',
  placeholder: 'Eine Methode und ihre Parameter',
  completions: 'Ergänzungen',
  keys: 'Tab ergänzt · ↑ ↓ gehen durch das Eingegebene · help zeigt alle Methoden · Strg+L leert',
  clear: 'Leeren',
  run: 'Ausführen',
  cancel: 'Abbrechen',
  running: 'Der Knoten arbeitet daran.',
  asking: 'Wartet auf das, wonach unten gefragt wird.',
  done: 'Erledigt.',
  cancelled: 'Nicht ausgeführt.',
  secret: 'Geheim: weg, sobald Sie diese Seite verlassen',
  forgotten: 'Das war geheim und wird nicht behalten.',
  copy: (line) => `Antwort auf ${line} kopieren`,
  fold: 'Einklappen',
  unfold: 'Ausklappen',
  items: (count) => counted(count, 'Eintrag', 'Einträge'),
  fields: (count) => counted(count, 'Feld', 'Felder'),
  showMore: (count, left) => `${formatCount(count)} von ${formatCount(left)} weiteren zeigen`,
  textCut: (count) => `und ${counted(count, 'weiteres Zeichen', 'weitere Zeichen')}, beim Kopieren dabei`,
  asks: (method) => `${method} braucht etwas, das sonst niemand sehen darf.`,
  asksMeans: 'Es geht an den Knoten und wird weder gezeigt noch behalten.',
  errors: {
    'method-not-found': 'Diese Methode gibt es nicht.',
    'invalid-params': 'Die Parameter stimmen nicht.',
    'invalid-parameter': 'Ein Wert wird nicht angenommen.',
    'invalid-address': 'Das ist keine Adresse.',
    'not-found': 'Das ist hier nicht bekannt.',
    'deserialization-error': 'Die Bytes sind nicht lesbar.',
    'wallet-passphrase-incorrect': 'Die Passphrase ist falsch.',
    'max-fee-exceeded': 'Die Gebühr ist höher als erlaubt.',
  },
  warning: {
    what: 'Wer Ihnen sagt, was Sie hier eingeben sollen, ist vielleicht ein Dieb.',
    next: 'So haben Menschen ihre Coins verloren. Geben Sie nichts ein, dessen Wirkung Sie nicht ganz verstehen, und zeigen Sie niemandem Wörter, Passphrasen oder Schlüssel.',
  },
  understood: 'Verstanden',
  empty: {
    what: 'Alles, was der Knoten kann, von Hand eingegeben.',
    next: 'Beginnen Sie mit help oder mit den ersten Buchstaben einer Methode. Parameter gehen nach ihrer Reihenfolge oder als name=wert.',
  },
};
