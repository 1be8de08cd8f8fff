import { Button } from '@mantine/core';
import { formatAmount, shorten } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Ago } from '../../ui/ago.tsx';
import { Amount } from '../../ui/amount.tsx';
import { wordsOf } from '../../ui/client-error-words.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { EmptyPanel, Notice } from '../../ui/state-panel.tsx';
import { StatusWord } from '../../ui/status-word.tsx';
import { categoryIcons, type HistoryEntry, stateTones, stateWords } from './history-words.ts';
import { useHistory } from './use-history.ts';

function HistoryRow({ entry }: { readonly entry: HistoryEntry }) {
  const [address] = entry.addresses;
  const undone = entry.state === 'rejected' || entry.state === 'dropped';
  return (
    <li className="history-row" data-testid="history-row" data-txid={entry.txid}>
      <Icon name={categoryIcons[entry.category]} className="muted" />
      <div className="history-what">
        <p className="line">
          <span className="history-category">{text.wallet.categories[entry.category]}</span>
          {entry.label !== '' ? (
            <span className="cut history-label" title={[entry.label, ...entry.addresses].join('\n')}>
              {entry.label}
            </span>
          ) : (
            address !== undefined &&
            entry.category !== 'reward' && (
              <span className="mono muted cut" title={entry.addresses.join('\n')}>
                {shorten(address, 8)}
              </span>
            )
          )}
          <CopyButton value={entry.txid} label={text.common.copyWhole(entry.txid)} />
        </p>
        <p className="line small">
          <span data-testid="history-state" data-state={entry.state}>
            <StatusWord tone={stateTones[entry.state]}>{stateWords(entry)}</StatusWord>
          </span>
          <span className="muted">
            <Ago atMs={entry.time} />
          </span>
        </p>
      </div>
      <div className="number">
        <p className={undone ? 'muted undone' : entry.amount.startsWith('-') ? '' : 'good'}>
          <Amount time={entry.amount} signed />
        </p>
        {entry.fee !== undefined && <p className="small muted">{text.wallet.feePart(formatAmount(entry.fee))}</p>}
      </div>
    </li>
  );
}

export function HistoryCard({ newest }: { readonly newest: readonly HistoryEntry[] }) {
  const { entries, hasOlder, error, loadOlder } = useHistory(newest);
  return (
    <section className="card history-card">
      <div className="card-head">
        <h2>{text.wallet.history}</h2>
      </div>
      {entries.length === 0 ? (
        <EmptyPanel advice={text.wallet.noHistory} />
      ) : (
        <ul className="history-list">
          {entries.map((entry) => (
            <HistoryRow key={entry.txid} entry={entry} />
          ))}
        </ul>
      )}
      {error !== undefined && <Notice tone="bad" advice={wordsOf(error)} onRetry={loadOlder} />}
      {hasOlder && error === undefined && (
        <Button variant="subtle" size="xs" onClick={loadOlder}>
          {text.wallet.older}
        </Button>
      )}
    </section>
  );
}
