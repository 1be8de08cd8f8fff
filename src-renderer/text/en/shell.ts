import { counted } from '../counted.ts';
import { formatSpan, formatUntil } from '../format.ts';

export const shellText = {
  navigation: 'Pages',
  skip: 'Skip to the page',
  theme: { label: 'Appearance', light: 'Light', dark: 'Dark', system: 'As the system' },
  language: { label: 'Language', system: 'System language', names: { en: 'English', de: 'Deutsch' } },
  connectedPeers: (count: number) => counted(count, 'peer connected', 'peers connected'),
  spendable: (amount: string) => `${amount} TIME spendable`,
  notRunning: { what: 'The node is not running.', next: 'Start it, and this window connects by itself.' },
  refused: {
    what: 'The node does not accept this page’s key.',
    next: 'It was started anew since the page was opened. Open the address that it printed at its last start.',
  },
  noKey: { what: 'This page was opened without its key.', next: 'Open the whole address that the node printed at its start, with what follows the #.' },
  silent: (ms: number) => ({ what: `No news from the node for ${formatSpan(ms)}.`, next: 'What is shown is from before. It may be busy, or have stopped.' }),
  oldNumbers: 'What is shown below is from before.',
  nextTry: (ms: number) => `Next try in ${formatUntil(ms)}.`,
  misunderstood: (what: string) => ({
    what: `The node sent something that this window does not understand (${what}).`,
    next: 'The two are of different versions. Reload the window; if that does not help, restart the node.',
  }),
  crashed: { what: 'This page has failed.', next: 'The node is not affected. Reload the window; if it happens again, please report it.' },
  reload: 'Reload',
};
