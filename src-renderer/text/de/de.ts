import type { en } from '../en/en.ts';
import { commonText } from './common.ts';
import { consensusText } from './consensus.ts';
import { consoleText } from './console.ts';
import { clientErrors, nodeTroubles, recipientErrors } from './errors.ts';
import { explorerText } from './explorer.ts';
import { healthText } from './health.ts';
import { logsText } from './logs.ts';
import { masternodesText } from './masternodes.ts';
import { overviewText } from './overview.ts';
import { peersText } from './peers.ts';
import { reasonTables } from './reasons.ts';
import { settingsText } from './settings.ts';
import { setupText } from './setup.ts';
import { shellText } from './shell.ts';
import { walletText } from './wallet.ts';

/** Everything the window says, in German. */
export const de: typeof en = {
  product: 'TIME Masternode',
  unit: 'TIME',
  pages: {
    overview: 'Übersicht',
    peers: 'Peers',
    masternodes: 'Masternodes',
    consensus: 'Konsens',
    wallet: 'Wallet',
    explorer: 'Explorer',
    console: 'Konsole',
    logs: 'Protokoll',
    settings: 'Einstellungen',
  },
  chains: { mainnet: 'Hauptnetz', testnet: 'Testnetz', devnet: 'Entwicklungsnetz', practice: 'Übungsnetz' },
  tiers: { free: 'Frei', bronze: 'Bronze', silver: 'Silber', gold: 'Gold' },
  clientErrors,
  nodeTroubles,
  recipientErrors,
  feeAbove: (fee, agreed) => `Die Gebühr ist jetzt ${fee} TIME, und geprüft haben Sie ${agreed}.`,
  shortOf: (needed, available) => `Mit der Gebühr werden ${needed} TIME gebraucht, und ${available} sind verfügbar.`,
  reason: (reason) => (reason === undefined ? 'der Knoten weiß nicht mehr, warum' : reasonTables.rules[reason]),
  common: commonText,
  setup: setupText,
  shell: shellText,
  health: healthText,
  overview: overviewText,
  peers: peersText,
  masternodes: masternodesText,
  consensus: consensusText,
  wallet: walletText,
  explorer: explorerText,
  console: consoleText,
  logs: logsText,
  settings: settingsText,
};
