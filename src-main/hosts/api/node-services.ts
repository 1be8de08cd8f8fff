import type { BlockHash, Hash, NodeId } from '../../../src-shared/domain/ids.ts';
import type { Network } from '../../../src-shared/domain/networks.ts';
import type { BranchAnswer } from '../../core/branch-answer.ts';
import type { EngineEvent } from '../../core/events.ts';
import type { BanSubject } from '../../core/net/ban.ts';
import type { ConnectionId } from '../../core/net/connection-id.ts';
import type { AuditService } from '../../node/audit/audit-service.ts';
import type { NodeSettings } from '../../node/config/node-settings.ts';
import type { ConnectionHistory } from '../../node/connection-history.ts';
import type { LogRing } from '../../node/logging/log-ring.ts';
import type { MasternodeService } from '../../node/masternode-service.ts';
import type { PortMappingView } from '../../node/nat/port-mapping-view.ts';
import type { SubmitResult } from '../../node/pending-requests.ts';
import type { Storage } from '../../node/storage/storage.ts';
import type { ConnectionReport, Traffic, TrafficHistory } from '../../node/traffic.ts';
import type { EngineView, NodeHistory } from '../../node/views.ts';
import type { WalletKeeper } from '../../node/wallet/wallet-keeper.ts';
import type { WalletService } from '../../node/wallet/wallet-service.ts';
import type { Preferences } from '../app-preferences.ts';
import type { Setup } from '../app-setup.ts';
import type { Health } from '../health-loop.ts';

export interface NodeInfo {
  readonly version: string;
  readonly network: Network;
  readonly genesisHash: Hash;
  /** Milliseconds since 1970. */
  readonly genesisTimeMs: number;
  readonly nodeId: NodeId;
  /** It was started to vote, and does where it is in the snapshot. */
  readonly masternode: boolean;
  /** host:port, or empty if it takes no connections. */
  readonly p2pAddress: string;
  /** host:port of the SOCKS 5 proxy, or empty. */
  readonly proxy: string;
  readonly dataDirectory: string;
  /** A local network with play money. */
  readonly practice: boolean;
  readonly startedAtMs: number;
  readonly userAgent: string;
}

/** `repair`: chain.sqlite is looked over in full before it is opened, and set aside where it is damaged. */
export type Restart = (how: 'as-it-is' | 'repair') => void;
export type NodeEventListener = (event: EngineEvent, atMs: number) => void;
export type WalletApi = Pick<WalletService, keyof WalletService>;
/** How a wallet comes to be. */
export interface WalletsApi extends Pick<WalletKeeper, 'draft'> {
  create(...args: Parameters<WalletKeeper['create']>): Promise<WalletApi>;
  restoreWords(...args: Parameters<WalletKeeper['restoreWords']>): Promise<WalletApi>;
  restoreBackup(...args: Parameters<WalletKeeper['restoreBackup']>): Promise<WalletApi>;
}

/** What the front doors need of a node. run-node.ts makes it; tests have a fake. */
export interface NodeServices {
  readonly info: NodeInfo;
  /** Since its start, whatever became of the clock: a small machine begins in 1970, until it has asked what time it is. */
  readonly uptimeMs: () => number;
  readonly views: EngineView;
  readonly history: Pick<NodeHistory, keyof NodeHistory>;
  readonly connections: Pick<ConnectionHistory, 'newest' | 'phaseOf'>;
  readonly storage: Pick<Storage, 'reader' | 'query' | 'settled' | 'backlogBytes' | 'oldestWriteMs'>;
  readonly audit: Pick<AuditService, keyof AuditService>;
  readonly health: Health;
  /** Of the data directory's disk, for who is not root; undefined where the system does not say. */
  freeDiskBytes(): number | undefined;
  readonly setup: Setup;
  readonly settings: Pick<NodeSettings, 'view' | 'change'>;
  readonly preferences: Preferences;
  /** What was logged last. */
  readonly logs: Pick<LogRing, keyof LogRing>;
  /** Ends this run of the node and begins another one, after the answer to whoever asked; undefined where nothing does. */
  readonly restart: Restart | undefined;
  readonly masternodes: Pick<MasternodeService, keyof MasternodeService>;
  /** Undefined where there is no vault; another one once it was replaced. */
  readonly wallet: WalletApi | undefined;
  readonly wallets: WalletsApi;
  submit(encoded: Uint8Array): Promise<SubmitResult>;
  /** What the operator says of a block; `foundAt`: its height in this node's chain. Resolves when it is done. */
  invalidateBlock(hash: BlockHash, foundAt: number | undefined, isConfirmed: boolean): Promise<BranchAnswer>;
  reconsiderBlock(hash: BlockHash): Promise<BranchAnswer>;
  /** Keeps it connected. False if it was asked for already. */
  addNode(address: string): boolean;
  /** False if nobody asked for it. A connection that there is stays. */
  removeNode(address: string): boolean;
  /** Once. */
  tryNode(address: string): void;
  disconnectNode(connection: ConnectionId): void;
  /** host:port of those that were asked for. */
  addedNodes(): readonly string[];
  setBan(subject: BanSubject, untilMs: number): void;
  clearBan(subject: BanSubject): void;
  clearBans(): void;
  checkReachability(): void;
  connectionStats(connection: ConnectionId): Pick<ConnectionReport, 'bytesSent' | 'bytesReceived' | 'traffic'> | undefined;
  traffic(): Traffic;
  trafficHistory(): TrafficHistory;
  portMapping(): PortMappingView;
  /** ISO 3166 code; undefined where it is not known. */
  countryOf(host: string): string | undefined;
  /** Answers what ends it. */
  onEvent(listener: NodeEventListener): () => void;
  /** The answer to whoever asked still leaves. */
  requestStop(): void;
  nowMs(): number;
}
