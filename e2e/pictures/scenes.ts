import type { Scene } from './scene.ts';
import { consensusScenes } from './scenes/consensus.ts';
import { consoleScenes } from './scenes/console.ts';
import { explorerScenes } from './scenes/explorer.ts';
import { logsScenes } from './scenes/logs.ts';
import { masternodesScenes } from './scenes/masternodes.ts';
import { overviewScenes } from './scenes/overview.ts';
import { peersScenes } from './scenes/peers.ts';
import { settingsScenes } from './scenes/settings.ts';
import { setupScenes } from './scenes/setup.ts';
import { walletScenes } from './scenes/wallet.ts';

/** Everything there is a picture of. A page, a part of one, or a step without a picture fails scenes.test.ts. */
export const scenes: readonly Scene[] = [
  ...setupScenes,
  ...overviewScenes,
  ...peersScenes,
  ...masternodesScenes,
  ...consensusScenes,
  ...walletScenes,
  ...explorerScenes,
  ...consoleScenes,
  ...logsScenes,
  ...settingsScenes,
];
