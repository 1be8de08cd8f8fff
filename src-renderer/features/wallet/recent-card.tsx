import { hrefOf } from '../../routes.ts';
import { formatAmount, shorten } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Ago } from '../../ui/ago.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { OwnAmount } from '../../ui/own-amount.tsx';
import { Section } from '../../ui/section.tsx';
import { EmptyPanel } from '../../ui/state-panel.tsx';
import { StatusWord } from '../../ui/status-word.tsx';
import { categoryIcons, type HistoryEntry, isUndone, stateTones, stateWords } from './history-words.ts';
import { ReceiveLink } from './receive-link.tsx';

/** Beside the form; the rest is a page of its own. */
const shownRows = 20;

/** Whom it was paid to or where it came in. */
export function Counterparty({ entry }: { readonly entry: HistoryEntry }) {
  const [address] = entry.addresses;
  if (entry.label !== '')
    return (
      <span className="cut history-label" title={[entry.label, ...entry.addresses].join('\n')}>
        {entry.label}
      </span>
    );
  if (address === undefined || entry.category === 'reward') return null;
  return (
    <span className="mono muted cut" title={entry.addresses.join('\n')}>
      {shorten(address, 8)}
    </span>
  );
}

/** Green where it brought something, struck out where nothing came of it. */
export const amountClass = (entry: HistoryEntry): string => (isUndone(entry) ? 'muted undone' : entry.amount.startsWith('-') ? '' : 'good');

function RecentRow({ entry }: { readonly entry: HistoryEntry }) {
  return (
    <li className="history-row" data-testid="history-row" data-txid={entry.txid}>
      <Icon name={categoryIcons[entry.category]} className="muted" />
      <div className="history-what">
        <p className="line">
          <span className="history-category">{text.wallet.categories[entry.category]}</span>
          <Counterparty entry={entry} />
          <CopyButton value={entry.txid} label={text.common.copyWhole(entry.txid)} />
        </p>
        <p className="small history-state">
          <span data-testid="history-state" data-state={entry.state}>
            <StatusWord tone={stateTones[entry.state]}>{stateWords(entry)}</StatusWord>
          </span>{' '}
          <span className="muted">
            <Ago atMs={entry.time} />
          </span>
        </p>
      </div>
      <div className="number">
        <p className={amountClass(entry)}>
          <OwnAmount time={entry.amount} signed />
        </p>
        {entry.fee !== undefined && <p className="small muted">{text.wallet.feePart(formatAmount(entry.fee))}</p>}
      </div>
    </li>
  );
}

/** What happened last, in all accounts. */
export function RecentCard({ newest }: { readonly newest: readonly HistoryEntry[] }) {
  return (
    <Section
      title={text.wallet.recent}
      className="history-card"
      aside={
        <a className="link small" href={hrefOf('wallet', { show: 'history' })}>
          {text.wallet.wholeHistory}
        </a>
      }
    >
      {newest.length === 0 ? (
        <EmptyPanel advice={text.wallet.noHistory}>
          <ReceiveLink />
        </EmptyPanel>
      ) : (
        <ul className="history-list">
          {newest.slice(0, shownRows).map((entry) => (
            <RecentRow key={entry.txid} entry={entry} />
          ))}
        </ul>
      )}
    </Section>
  );
}
