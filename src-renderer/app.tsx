import { type ComponentType, useEffect, useRef } from 'react';
import { ConnectionNotice } from './connection-notice.tsx';
import { ConsensusPage } from './features/consensus/consensus-page.tsx';
import { ConsolePage } from './features/console/console-page.tsx';
import { ExplorerPage } from './features/explorer/explorer-page.tsx';
import { useSearchShortcut } from './features/explorer/search-focus.ts';
import { AlertCenter } from './features/health/alert-center.tsx';
import { LogsPage } from './features/logs/logs-page.tsx';
import { MasternodesPage } from './features/masternodes/masternodes-page.tsx';
import { OverviewPage } from './features/overview/overview-page.tsx';
import { PeersPage } from './features/peers/peers-page.tsx';
import { SettingsPage } from './features/settings/settings-page.tsx';
import { SetupPage } from './features/setup/setup-page.tsx';
import { WalletPage } from './features/wallet/wallet-page.tsx';
import { LanguageSelect } from './language-select.tsx';
import { Navigation } from './navigation.tsx';
import { isNowhere, type Page, setupHref, useIsSetup, usePage } from './routes.ts';
import { useNode } from './stores/client-context.ts';
import { useConnection } from './stores/connection-store.ts';
import { useOverview } from './stores/topics.ts';
import { text } from './text/text.ts';
import { ThemeToggle } from './theme-toggle.tsx';
import './shell.css';

const pageComponents: Record<Page, ComponentType> = {
  overview: OverviewPage,
  peers: PeersPage,
  masternodes: MasternodesPage,
  consensus: ConsensusPage,
  wallet: WalletPage,
  explorer: ExplorerPage,
  console: ConsolePage,
  logs: LogsPage,
  settings: SettingsPage,
};

/** Who opens the window for the first time, and asks for no page, is led through the first start. */
function useFirstStart(): void {
  const { client } = useNode();
  const isOpen = useConnection(({ status }) => status.kind === 'open');
  useEffect(() => {
    if (!isOpen || !isNowhere(location.hash)) return;
    void client.call('getsetup', {}).then((outcome) => {
      if (outcome.ok && !outcome.value.done && isNowhere(location.hash)) location.hash = setupHref;
    });
  }, [client, isOpen]);
}

export function App() {
  useFirstStart();
  useSearchShortcut();
  const inSetup = useIsSetup();
  const overview = useOverview();
  const page = usePage();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(page);
  useEffect(() => {
    if (inSetup) return;
    document.title = `${text.pages[page]} · ${text.product}`;
    // Who goes to another page by keyboard or screen reader starts at its top; the first page takes no focus.
    if (shown.current !== page) main.current?.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
    main.current?.scrollTo(0, 0);
    shown.current = page;
  }, [page, inSetup]);
  const PageComponent = pageComponents[page];
  const skip = (): void => main.current?.querySelector<HTMLElement>('h1')?.focus();
  return (
    <div className={inSetup ? 'shell alone' : 'shell'}>
      <button type="button" className="shell-skip" onClick={skip}>
        {text.shell.skip}
      </button>
      <header className="shell-top">
        <span className="shell-brand">{text.product}</span>
        <span className="line">
          {overview !== undefined && (
            <span className="tag" data-testid="chain">
              {overview.practice ? text.chains.practice : text.chains[overview.chain]}
            </span>
          )}
          <AlertCenter isListed={!inSetup && page === 'overview'} />
          {inSetup && <LanguageSelect testId="language" />}
          <ThemeToggle />
        </span>
      </header>
      {!inSetup && <Navigation page={page} overview={overview} />}
      <main className="shell-main" ref={main}>
        {!inSetup && <ConnectionNotice />}
        {inSetup ? <SetupPage /> : <PageComponent />}
      </main>
    </div>
  );
}
