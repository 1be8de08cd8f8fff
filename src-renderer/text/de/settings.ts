import { counted } from '../counted.ts';
import type { settingsText as englishSettingsText } from '../en/settings.ts';

export const settingsText: typeof englishSettingsText = {
  atOnce: 'Gilt sofort',
  window: {
    title: 'Dieses Fenster',
    appearanceMeans: 'Hell oder dunkel, oder wie das System ist.',
    languageMeans: 'Eine andere lädt das Fenster neu.',
    notifications: 'Mitteilungen',
    notificationsMean: 'Das System meldet kritische Alarme und Warnungen, jeden einmal, solange Sie nicht auf dieses Fenster sehen.',
    notificationsMissing: 'Dieser Browser hat für diese Seite keine Mitteilungen.',
    notificationsDenied: {
      what: 'Dem Browser wurde gesagt, keine zu zeigen.',
      next: 'Erlauben Sie in seinen Einstellungen Mitteilungen für diese Seite, und schalten Sie das hier wieder ein.',
    },
    hideAmounts: 'Beträge verbergen',
    hideAmountsMean: 'Guthaben und Verlauf zeigen Punkte. Was Sie gerade zahlen wollen, ist immer zu sehen.',
  },
  machine: {
    title: 'Dieser Rechner',
    startatlogin: {
      label: 'Bei der Anmeldung starten',
      means: 'Die App startet, wenn Sie sich anmelden, und bleibt im Infobereich, wenn Sie ihr Fenster schließen.',
    },
    keepawake: {
      label: 'Diesen Rechner wach halten',
      means: 'Solange der Masternode in einem öffentlichen Netz aktiv ist. Der Bildschirm darf dunkel werden; bei geschlossenem Deckel schläft er trotzdem.',
    },
    notHere: 'Auf diesem System nicht',
  },
  wallet: { nextUnlock: 'Gilt ab dem nächsten Entsperren', idleMeans: 'Eine entsperrte Wallet, die so lange niemand benutzt, sperrt sich selbst.' },
  network: { title: 'Netz und Aufgabe', means: 'Netz, Wallet und Aufgabe werden beim ersten Start gewählt, den Sie jederzeit noch einmal durchgehen können.' },
  node: {
    title: 'Knoten',
    means: (settingsFile, configFile) =>
      `Gilt ab dem nächsten Start des Knotens. Steht in ${settingsFile}, das vor ${configFile} geht, das Ihres ist; die Befehlszeile geht vor beiden.`,
    filter: 'Eine Einstellung finden',
    filterHint: 'Name oder Bedeutung',
    noneFound: { what: 'Keine Einstellung passt.', next: 'Suchen Sie nach einem Teil eines Namens, etwa peers, oder der Bedeutung.' },
    unreadable: 'Die Konfiguration kann nicht gelesen werden.',
    groups: { node: 'Ports, Zugänge und Peers', limits: 'Grenzen des Peer-Netzes' },
    units: {
      count: 'ganze Zahl',
      percent: 'Prozent',
      'per second': 'je Sekunde',
      'per minute': 'je Minute',
      seconds: 'Sekunden',
      days: 'Tage',
      bytes: 'Byte',
    },
    perLine: (form) => `${form}, je eines in einer Zeile`,
    range: (form, unit) => `${form}, ${unit}`,
    standard: (value) => `Vorgabe: ${value}`,
    sources: {
      default: 'steht nirgends',
      'config.toml': 'steht in config.toml',
      'settings.json': 'steht in settings.json',
      'command-line': 'sagt die Befehlszeile, also hier nicht zu ändern',
    },
    wrong: (form) => `Erwartet: ${form}`,
    changed: 'geändert',
    nextStart: 'ab dem nächsten Start',
    revert: 'Herausnehmen',
    revertOne: (key) => `Herausnehmen: ${key}`,
    unsaved: (count) => `${counted(count, 'Änderung ist', 'Änderungen sind')} nicht gespeichert. Gespeichertes gilt, wenn der Knoten das nächste Mal startet.`,
    pending: 'Der Knoten läuft noch mit anderen Einstellungen, als geschrieben sind. Sie gelten, wenn er das nächste Mal startet.',
    discard: 'Verwerfen',
    save: 'Für den nächsten Start speichern',
    saveAndRestart: 'Speichern und den Knoten neu starten',
    restart: 'Den Knoten jetzt neu starten',
    refused: 'Damit würde der Knoten nicht starten, also wurde nichts gespeichert.',
  },
};
