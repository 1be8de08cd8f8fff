import type { TopicValue } from '../src-shared/api/topics.ts';
import { hrefOf, type Page, pages } from './routes.ts';
import { useHiddenAmounts } from './stores/hidden-amounts.ts';
import { formatAmount, formatCount } from './text/format.ts';
import { text } from './text/text.ts';
import { Icon } from './ui/icon.tsx';
import { OwnAmount } from './ui/own-amount.tsx';

interface NavigationProps {
  readonly page: Page;
  readonly overview: TopicValue<'overview'> | undefined;
}

export function Navigation({ page, overview }: NavigationProps) {
  const { hidden } = useHiddenAmounts();
  const peers = overview && overview.peers.inbound + overview.peers.outbound;
  return (
    <nav className="shell-nav" aria-label={text.shell.navigation}>
      <ul>
        {pages.map((target) => (
          <li key={target}>
            <a
              className="nav-link"
              href={hrefOf(target)}
              title={text.pages[target]}
              aria-current={target === page ? 'page' : undefined}
              data-testid={`nav-${target}`}
            >
              <Icon name={target} />
              <span className="nav-name">{text.pages[target]}</span>
              {target === 'peers' && peers !== undefined && (
                <span className="nav-count" title={text.shell.connectedPeers(peers)}>
                  {formatCount(peers)}
                </span>
              )}
            </a>
          </li>
        ))}
      </ul>
      {overview !== undefined && (
        <div className="nav-balance" title={hidden ? undefined : text.shell.spendable(formatAmount(overview.balance))} data-testid="nav-balance">
          <OwnAmount time={overview.balance} />
        </div>
      )}
    </nav>
  );
}
