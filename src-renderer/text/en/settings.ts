import { counted } from '../counted.ts';

/** Units of limits, by the configuration's words for them. */
const units: Readonly<Record<string, string>> = {
  count: 'whole number',
  percent: 'percent',
  'per second': 'per second',
  'per minute': 'per minute',
  seconds: 'seconds',
  days: 'days',
  bytes: 'bytes',
};

export const settingsText = {
  atOnce: 'Holds at once',
  window: {
    title: 'This window',
    appearanceMeans: 'Light or dark, or as the system is.',
    languageMeans: 'Another one loads the window anew.',
    notifications: 'Notifications',
    notificationsMean: 'The system says critical alerts and warnings, once each, while you do not look at this window.',
    notificationsMissing: 'This browser has no notifications for this page.',
    notificationsDenied: {
      what: 'The browser has been told to show none.',
      next: 'Allow notifications for this page in its settings, and turn this on again.',
    },
    hideAmounts: 'Hide amounts',
    hideAmountsMean: 'Balances and history show dots. What you are about to pay is always shown.',
  },
  machine: {
    title: 'This computer',
    startatlogin: { label: 'Start at login', means: 'The app starts when you log in, and stays in the tray when you close its window.' },
    keepawake: {
      label: 'Keep this computer awake',
      means: 'While the masternode is active on a public network. The screen may go dark; a closed lid sleeps all the same.',
    },
    notHere: 'Not on this system',
  },
  wallet: { nextUnlock: 'Holds from the next unlocking on', idleMeans: 'An unlocked wallet that is left alone for so long locks itself.' },
  network: { title: 'Network and role', means: 'Network, wallet and role are chosen in the first start, which you can go through again at any time.' },
  node: {
    title: 'Node',
    means: (settingsFile: string, configFile: string) =>
      `Holds from the node’s next start on. Saved in ${settingsFile}, which goes before ${configFile}, which is yours; the command line goes before both.`,
    filter: 'Find a setting',
    filterHint: 'Name or meaning',
    noneFound: { what: 'No setting matches.', next: 'Look for a part of a name, such as peers, or of what it means.' },
    unreadable: 'The configuration cannot be read.',
    groups: { node: 'Ports, doors and peers', limits: 'Limits of the peer network' },
    units,
    perLine: (form: string) => `${form}, one on each line`,
    range: (form: string, unit: string) => `${form}, ${unit}`,
    standard: (value: string) => `Default: ${value}`,
    sources: {
      default: 'not written anywhere',
      'config.toml': 'written in config.toml',
      'settings.json': 'written in settings.json',
      'command-line': 'said by the command line, so not to be changed here',
    },
    wrong: (form: string) => `Expected: ${form}`,
    changed: 'changed',
    nextStart: 'from the next start on',
    revert: 'Take out',
    revertOne: (key: string) => `Take out: ${key}`,
    unsaved: (count: number) => `${counted(count, 'change is', 'changes are')} not saved. What is saved holds when the node starts next.`,
    pending: 'The node still runs with other settings than are written. They hold when it starts next.',
    discard: 'Discard',
    save: 'Save for the next start',
    saveAndRestart: 'Save and restart the node',
    restart: 'Restart the node now',
    refused: 'The node would not start with this, so nothing was saved.',
  },
};
