import { Button, TextInput } from '@mantine/core';
import { useViewportSize } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { useOverview, usePeers } from '../../stores/topics.ts';
import { formatCount } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { EmptyPanel, LoadingPanel } from '../../ui/state-panel.tsx';
import { filterPeers } from './filter-peers.ts';
import { PeerTable } from './peer-table.tsx';
import { WaitingPeers } from './waiting-peers.tsx';
import './peers.css';

export function PeersPage() {
  const view = usePeers();
  const ownHeight = useOverview()?.height ?? 0;
  const [filter, setFilter] = useState('');
  const { width } = useViewportSize();
  const rows = useMemo(() => filterPeers(view?.peers ?? [], filter).map((peer) => ({ peer, ownHeight })), [view, filter, ownHeight]);
  const inbound = view?.peers.filter((peer) => peer.inbound).length ?? 0;
  return (
    <div className="page peers-page">
      <div className="page-head">
        <h1 tabIndex={-1}>
          {text.pages.peers} {view !== undefined && <span className="muted">{formatCount(view.peers.length)}</span>}
        </h1>
        {view !== undefined && view.peers.length > 0 && (
          <div className="line">
            <span className="muted">{text.peers.summary(inbound, view.peers.length - inbound)}</span>
            <TextInput
              size="xs"
              w={220}
              type="search"
              aria-label={text.peers.filter}
              placeholder={text.peers.filterHint}
              value={filter}
              onChange={(event) => setFilter(event.currentTarget.value)}
            />
          </div>
        )}
      </div>
      <section className="card peers-card">
        {view === undefined ? (
          <LoadingPanel />
        ) : view.peers.length === 0 ? (
          <EmptyPanel advice={text.peers.empty} />
        ) : rows.length === 0 ? (
          <EmptyPanel advice={text.peers.noMatch}>
            <Button variant="default" size="xs" onClick={() => setFilter('')}>
              {text.peers.clear}
            </Button>
          </EmptyPanel>
        ) : (
          <PeerTable rows={rows} windowWidthPx={width} />
        )}
      </section>
      {view !== undefined && view.waiting.length > 0 && <WaitingPeers waiting={view.waiting} />}
    </div>
  );
}
