import { reasonWords } from '../../../src-shared/domain/reason-words.ts';
import type { TransactionReason } from '../../../src-shared/domain/rejection-code.ts';
import type { Page } from '../../routes.ts';
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
import { settingsText } from './settings.ts';
import { setupText } from './setup.ts';
import { shellText } from './shell.ts';
import { walletText } from './wallet.ts';

const pageNames: Record<Page, string> = {
  overview: 'Overview',
  peers: 'Peers',
  masternodes: 'Masternodes',
  consensus: 'Consensus',
  wallet: 'Wallet',
  explorer: 'Explorer',
  console: 'Console',
  logs: 'Logs',
  settings: 'Settings',
};

/** Everything the window says, in English; each feature has a file of its own. */
export const en = {
  product: 'TIME Masternode',
  unit: 'TIME',
  pages: pageNames,
  chains: { mainnet: 'mainnet', testnet: 'testnet', devnet: 'devnet', practice: 'practice network' },
  tiers: { free: 'Free', bronze: 'Bronze', silver: 'Silver', gold: 'Gold' },
  clientErrors,
  nodeTroubles,
  recipientErrors,
  feeAbove: (fee: string, agreed: string) => `The fee is ${fee} TIME now, and you reviewed ${agreed}.`,
  shortOf: (needed: string, available: string) => `${needed} TIME are needed with the fee, and ${available} are spendable.`,
  /** Ends a sentence that begins with what was refused. */
  reason: (reason: TransactionReason | undefined): string => (reason === undefined ? 'the node does not know why any more' : reasonWords[reason]),
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
