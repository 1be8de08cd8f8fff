import type { MasternodeInfo, TierName, TierRule } from './masternode-info.ts';

export const masternodeFilters = ['all', 'mine', 'active', 'waiting', 'inactive'] as const;
export type MasternodeFilter = (typeof masternodeFilters)[number];

export interface MasternodeRow {
  readonly node: MasternodeInfo;
  /** This node, or one whose collateral this wallet has. */
  readonly isMine: boolean;
  /** Percent of blocks to be signed for rewards; undefined until the tiers are known. */
  readonly needed: number | undefined;
}

/** Mine first, then the others, each as the node lists them. `collaterals`: txid:vout of this wallet's. */
export function masternodeRows(nodes: readonly MasternodeInfo[], collaterals: ReadonlySet<string>, tiers: readonly TierRule[]): readonly MasternodeRow[] {
  const needed = new Map<TierName, number>(tiers.map((rule) => [rule.tier, rule.needed]));
  const rows = nodes.map((node) => ({
    node,
    isMine: node.self || (node.collateral !== undefined && collaterals.has(node.collateral)),
    needed: needed.get(node.tier),
  }));
  return [...rows.filter(({ isMine }) => isMine), ...rows.filter(({ isMine }) => !isMine)];
}

const passes: Record<MasternodeFilter, (row: MasternodeRow) => boolean> = {
  all: () => true,
  mine: ({ isMine }) => isMine,
  active: ({ node }) => node.status === 'active',
  waiting: ({ node }) => node.status === 'waiting' || node.status === 'reviving',
  inactive: ({ node }) => node.status === 'inactive' || node.status === 'exited',
};

export const countsByFilter = (rows: readonly MasternodeRow[]): Record<MasternodeFilter, number> => ({
  all: rows.length,
  mine: rows.filter(passes.mine).length,
  active: rows.filter(passes.active).length,
  waiting: rows.filter(passes.waiting).length,
  inactive: rows.filter(passes.inactive).length,
});

/** `search`: a part of its key or of one of its addresses, whatever the case. */
export function filterMasternodes(rows: readonly MasternodeRow[], filter: MasternodeFilter, search: string): readonly MasternodeRow[] {
  const wanted = search.trim().toLowerCase();
  return rows.filter((row) => {
    if (!passes[filter](row)) return false;
    const { nodeid, address, owneraddress, rewardaddress } = row.node;
    return wanted === '' || [nodeid, address, owneraddress, rewardaddress].some((field) => field?.toLowerCase().includes(wanted));
  });
}
