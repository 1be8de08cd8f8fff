import { topicStore } from './topic-store.ts';

export const overviewTopic = topicStore('overview');
export const healthTopic = topicStore('health');
export const peersTopic = topicStore('peers');
export const networkTopic = topicStore('network');
export const consensusTopic = topicStore('consensus');
export const walletTopic = topicStore('wallet');
const logTopic = topicStore('log');

/** The shell stays subscribed to the overview and to health, so every page may ask for them. */
export const useOverview = overviewTopic.use;
export const useHealth = healthTopic.use;
export const usePeers = peersTopic.use;
export const useNetwork = networkTopic.use;
export const useConsensus = consensusTopic.use;
export const useWallet = walletTopic.use;
export const useLogPosition = logTopic.use;
