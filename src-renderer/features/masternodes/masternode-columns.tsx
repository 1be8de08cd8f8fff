import { Button } from '@mantine/core';
import { addressHref } from '../../explorer-places.ts';
import { formatCount } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Ago } from '../../ui/ago.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { Hash } from '../../ui/hash.tsx';
import { StatusWord } from '../../ui/status-word.tsx';
import type { MasternodeInfo } from './masternode-info.ts';
import type { MasternodeRow } from './masternode-rows.ts';
import { startChange } from './masternode-stage.ts';
import { heartbeatTones, stateTones } from './masternode-tones.ts';
import { ParticipationBar } from './participation-bar.tsx';
import { Since } from './since.tsx';

const names = text.masternodes;
const tierOrder: Record<MasternodeInfo['tier'], number> = { free: 0, bronze: 1, silver: 2, gold: 3 };
const stateOrder: Record<MasternodeInfo['status'], number> = { active: 0, waiting: 1, reviving: 2, inactive: 3, exited: 4 };

function NodeCell({ node, isMine }: MasternodeRow) {
  return (
    <span className="line" title={node.address === '' ? undefined : node.address}>
      <Hash value={node.nodeid} />
      {node.self ? <span className="tag">{text.common.thisNode}</span> : isMine && <span className="tag">{names.mine}</span>}
    </span>
  );
}

function ParticipationCell({ node, needed }: MasternodeRow) {
  if (node.percent === undefined || needed === undefined) return <span className="muted">{names.noParticipation}</span>;
  return <ParticipationBar percent={node.percent} needed={needed} />;
}

function HeartbeatCell({ node: { heartbeat, self } }: MasternodeRow) {
  if (self) return <span className="muted">{text.common.thisNode}</span>;
  return (
    <StatusWord tone={heartbeatTones[heartbeat.state]}>
      {names.heartbeats[heartbeat.state]}
      {heartbeat.lastms !== undefined && (
        <span className="muted">
          {' '}
          <Ago atMs={heartbeat.lastms} />
        </span>
      )}
    </StatusWord>
  );
}

/** Of a masternode elsewhere whose collateral this wallet has: its owner can change and end it from here. */
function ActionsCell({ node, isMine }: MasternodeRow) {
  if (!isMine || node.self || node.status === 'exited') return null;
  return (
    <span className="line">
      <Button size="compact-xs" variant="default" onClick={() => startChange('update', node)} aria-label={`${names.own.update} ${node.nodeid}`}>
        {names.own.update}
      </Button>
      <Button size="compact-xs" variant="default" onClick={() => startChange('exit', node)} aria-label={`${names.own.exit} ${node.nodeid}`}>
        {names.own.exit}
      </Button>
    </span>
  );
}
const actions: Column<MasternodeRow> = { id: 'actions', header: names.columns.actions, widthPx: 160, cell: ActionsCell };

const columns: readonly Column<MasternodeRow>[] = [
  { id: 'node', header: names.columns.node, widthPx: 204, cell: NodeCell, value: ({ node }) => node.nodeid },
  { id: 'tier', header: names.columns.tier, widthPx: 64, cell: ({ node }) => text.tiers[node.tier], value: ({ node }) => tierOrder[node.tier] },
  {
    id: 'weight',
    header: names.columns.weight,
    means: names.means.weight,
    widthPx: 68,
    isNumber: true,
    cell: ({ node }) => (node.weight === 0 ? <span className="muted">{names.noWeight}</span> : formatCount(node.weight)),
    value: ({ node }) => node.weight,
  },
  {
    id: 'state',
    header: names.columns.state,
    widthPx: 112,
    cell: ({ node }) => (
      <span className="cut masternode-cell" title={names.stateMeans[node.status]}>
        <StatusWord tone={stateTones[node.status]}>{node.status === 'waiting' ? names.waits : names.states[node.status]}</StatusWord>
      </span>
    ),
    value: ({ node }) => stateOrder[node.status],
  },
  {
    id: 'heartbeat',
    header: names.columns.heartbeat,
    means: names.means.heartbeat,
    widthPx: 148,
    cell: HeartbeatCell,
    value: ({ node }) => node.heartbeat.lastms,
  },
  {
    id: 'participation',
    header: names.columns.participation,
    means: names.means.participation,
    widthPx: 144,
    cell: ParticipationCell,
    value: ({ node }) => node.percent,
  },
  {
    id: 'reward',
    header: names.columns.reward,
    widthPx: undefined,
    leastPx: 148,
    cell: ({ node }) => <Hash value={node.rewardaddress} head={8} href={addressHref(node.rewardaddress)} />,
    value: ({ node }) => node.rewardaddress,
  },
  {
    id: 'since',
    header: names.columns.since,
    means: names.means.since,
    widthPx: 100,
    isNumber: true,
    cell: ({ node }) => <Since node={node} />,
    value: ({ node }) => node.registeredheight,
  },
];

/** With what can be done, where there is one that it can be done to. */
export const masternodeColumns = (rows: readonly MasternodeRow[]): readonly Column<MasternodeRow>[] =>
  rows.some(({ isMine, node }) => isMine && !node.self) ? [...columns.slice(0, 1), actions, ...columns.slice(1)] : columns;
