/** Everything that the host itself says; what the page says is in the renderer's own catalogues. */
const en = {
  appName: 'TIME Masternode',
  stopping: (stopped: number, total: number): string =>
    total <= 1 ? 'TIME Masternode: stopping…' : `TIME Masternode: stopping, ${stopped} of ${total} nodes…`,
  cannotStart: 'The node cannot start',
  cannotGoOn: 'The node had to stop',
  repair: {
    detail: (what: string): string =>
      `Its database is damaged: ${what}.\n\nCheck the disk. A repair sets the file aside, keeps what binds this node’s signatures, and fetches the chain anew from peers. The wallet is not touched.`,
    now: 'Repair',
  },
  keepsRunning: { title: 'The node keeps running', body: 'It stays in the tray. Quit, in its menu, stops it.' },
  tray: {
    starting: 'Starting…',
    verdicts: { good: 'All good', attention: 'Needs attention', bad: 'Not working' },
    status: (verdict: string, alerts: number): string => (alerts === 0 ? verdict : `${verdict} (${alerts})`),
  },
  menu: {
    file: 'File',
    edit: 'Edit',
    view: 'View',
    window: 'Window',
    open: 'Open',
    quit: 'Quit',
    closeWindow: 'Close Window',
  },
};
type Words = typeof en;

const de: Words = {
  appName: 'TIME Masternode',
  stopping: (stopped, total) => (total <= 1 ? 'TIME Masternode: wird beendet…' : `TIME Masternode: wird beendet, ${stopped} von ${total} Knoten…`),
  cannotStart: 'Der Knoten kann nicht starten',
  cannotGoOn: 'Der Knoten musste anhalten',
  repair: {
    detail: (what) =>
      `Seine Datenbank ist beschädigt: ${what}.\n\nPrüfen Sie den Datenträger. Eine Reparatur legt die Datei beiseite, behält, was die Unterschriften dieses Knotens bindet, und holt die Kette neu von Peers. Die Wallet bleibt unberührt.`,
    now: 'Reparieren',
  },
  keepsRunning: { title: 'Der Knoten läuft weiter', body: 'Er bleibt im Infobereich. „Beenden“ in seinem Menü hält ihn an.' },
  tray: {
    starting: 'Startet…',
    verdicts: { good: 'Alles gut', attention: 'Braucht Aufmerksamkeit', bad: 'Funktioniert nicht' },
    status: (verdict, alerts) => (alerts === 0 ? verdict : `${verdict} (${alerts})`),
  },
  menu: {
    file: 'Datei',
    edit: 'Bearbeiten',
    view: 'Ansicht',
    window: 'Fenster',
    open: 'Öffnen',
    quit: 'Beenden',
    closeWindow: 'Fenster schließen',
  },
};

/** Tray and menus speak as the system does, like its own: they are there before any page that could have another choice. */
export const wordsOf = (locale: string): Words => (/^de\b/.test(locale) ? de : en);
export const words = wordsOf(new Intl.DateTimeFormat().resolvedOptions().locale);
