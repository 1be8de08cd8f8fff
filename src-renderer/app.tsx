import { type ComponentType, useEffect, useRef } from 'react';
import { ConnectionNotice } from './connection-notice.tsx';
import { ConsensusPage } from './features/consensus/consensus-page.tsx';
import { AlertCenter } from './features/health/alert-center.tsx';
import { OverviewPage } from './features/overview/overview-page.tsx';
import { PeersPage } from './features/peers/peers-page.tsx';
import { WalletPage } from './features/wallet/wallet-page.tsx';
import { Navigation } from './navigation.tsx';
import { type Page, usePage } from './routes.ts';
import { useOverview } from './stores/topics.ts';
import { text } from './text/text.ts';
import { ThemeToggle } from './theme-toggle.tsx';
import './shell.css';

const pageComponents: Record<Page, ComponentType> = { overview: OverviewPage, peers: PeersPage, consensus: ConsensusPage, wallet: WalletPage };

export function App() {
  const overview = useOverview();
  const page = usePage();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(page);
  useEffect(() => {
    document.title = `${text.pages[page]} · ${text.product}`;
    // Who goes to another page by keyboard or screen reader starts at its top; the first page takes no focus.
    if (shown.current !== page) main.current?.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
    main.current?.scrollTo(0, 0);
    shown.current = page;
  }, [page]);
  const PageComponent = pageComponents[page];
  const skip = (): void => main.current?.querySelector<HTMLElement>('h1')?.focus();
  return (
    <div className="shell">
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
          <AlertCenter />
          <ThemeToggle />
        </span>
      </header>
      <Navigation page={page} overview={overview} />
      <main className="shell-main" ref={main}>
        <ConnectionNotice />
        <PageComponent />
      </main>
    </div>
  );
}
