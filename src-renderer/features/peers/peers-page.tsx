import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { useNetwork, usePeers } from '../../stores/topics.ts';
import { text } from '../../text/text.ts';
import { Page } from '../../ui/page.tsx';
import { Segments } from '../../ui/segments.tsx';
import { LoadingPanel } from '../../ui/state-panel.tsx';
import { AddPeer } from './add-peer.tsx';
import { BannedTab } from './banned-tab.tsx';
import { ConnectedTab } from './connected-tab.tsx';
import { HistoryTab } from './history-tab.tsx';
import { KnownTab } from './known-tab.tsx';
import { NetworkTab } from './network-tab.tsx';
import { PeerPanel } from './peer-panel.tsx';
import { type PeerTab, peerTabs, showPeerTab, usePeerTab } from './peer-tabs.ts';
import { TrafficTab } from './traffic-tab.tsx';
import './peers.css';

type Peers = TopicValue<'peers'>;

/** Only these are subscribed to the topic of what goes on around the connections. */
function AroundTab({ tab, peers }: { readonly tab: Exclude<PeerTab, 'connected' | 'known'>; readonly peers: Peers }) {
  const network = useNetwork();
  if (network === undefined) return <LoadingPanel />;
  switch (tab) {
    case 'banned':
      return <BannedTab network={network} />;
    case 'history':
      return <HistoryTab network={network} />;
    case 'network':
      return <NetworkTab network={network} peers={peers} />;
    case 'traffic':
      return <TrafficTab network={network} />;
  }
}

function Tab({ tab, peers }: { readonly tab: PeerTab; readonly peers: Peers }) {
  switch (tab) {
    case 'connected':
      return <ConnectedTab view={peers} />;
    case 'known':
      return <KnownTab view={peers} />;
    default:
      return <AroundTab tab={tab} peers={peers} />;
  }
}

/** The others fill the page with one table. */
const hasSeveralCards: Record<PeerTab, boolean> = { connected: false, known: false, banned: true, history: false, network: true, traffic: true };

export function PeersPage() {
  const view = usePeers();
  const tab = usePeerTab();
  const waiting = view === undefined ? 0 : Object.entries(view.states).reduce((sum, [state, count]) => (state === 'connected' ? sum : sum + count), 0);
  const counts: Partial<Record<PeerTab, number>> = view === undefined ? {} : { connected: view.peers.length, known: waiting };
  return (
    <Page
      title={text.pages.peers}
      className={`filled ${hasSeveralCards[tab] ? 'several' : ''}`}
      tools={
        <>
          <Segments
            label={text.peers.tabsLabel}
            value={tab}
            onChange={showPeerTab}
            options={peerTabs.map((value) => ({ value, label: text.peers.tabs[value], count: counts[value] }))}
            testId="peer-tabs"
          />
          <AddPeer />
        </>
      }
    >
      {view === undefined ? (
        <section className="card">
          <LoadingPanel />
        </section>
      ) : (
        <>
          <Tab tab={tab} peers={view} />
          <PeerPanel view={view} />
        </>
      )}
    </Page>
  );
}
