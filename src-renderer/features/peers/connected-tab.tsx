import { Button } from '@mantine/core';
import { useViewportSize } from '@mantine/hooks';
import { useEffect, useMemo, useState } from 'react';
import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { useOverview } from '../../stores/topics.ts';
import { text } from '../../text/text.ts';
import { FilterField } from '../../ui/filter-field.tsx';
import { EmptyPanel } from '../../ui/state-panel.tsx';
import { recallColumns, useColumnChoice } from './column-choice.ts';
import { ColumnChooser } from './column-chooser.tsx';
import { filterPeers } from './filter-peers.ts';
import { peerColumnIds } from './peer-columns.tsx';
import { PeerTable } from './peer-table.tsx';

export function ConnectedTab({ view }: { readonly view: TopicValue<'peers'> }) {
  const ownHeight = useOverview()?.height ?? 0;
  const [filter, setFilter] = useState('');
  const { width } = useViewportSize();
  const choice = useColumnChoice((state) => state.choice);
  useEffect(() => recallColumns(peerColumnIds, localStorage), []);
  const rows = useMemo(() => filterPeers(view.peers, filter).map((peer) => ({ peer, ownHeight })), [view, filter, ownHeight]);
  const inbound = view.peers.filter((peer) => peer.inbound).length;
  return (
    <section className="card table-card">
      {view.peers.length === 0 ? (
        <EmptyPanel advice={text.peers.empty} />
      ) : (
        <>
          <div className="tools">
            <FilterField label={text.peers.filter} hint={text.peers.filterHint} value={filter} onChange={setFilter} />
            <span className="line">
              <span className="muted">{text.peers.summary(inbound, view.peers.length - inbound)}</span>
              <ColumnChooser windowWidthPx={width} />
            </span>
          </div>
          {rows.length === 0 ? (
            <EmptyPanel advice={text.peers.noMatch}>
              <Button variant="default" size="xs" onClick={() => setFilter('')}>
                {text.peers.clear}
              </Button>
            </EmptyPanel>
          ) : (
            <PeerTable rows={rows} windowWidthPx={width} choice={choice} />
          )}
        </>
      )}
    </section>
  );
}
