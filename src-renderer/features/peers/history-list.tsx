import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { formatExactTime } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Ago } from '../../ui/ago.tsx';
import { useNodeNow } from '../../ui/clock.ts';
import { Hash } from '../../ui/hash.tsx';
import { StatusWord, type Tone } from '../../ui/status-word.tsx';

export type HistoryEntry = TopicValue<'network'>['history'][number];

const tones: Record<HistoryEntry['kind'], Tone> = {
  connected: 'good',
  gone: 'muted',
  refused: 'warning',
  failed: 'muted',
  banned: 'bad',
  'ban-ended': 'muted',
};

/** The other end had our own key: the only address that is never tried again. */
const isOwn = (reason: string | undefined): boolean => reason?.split(':', 1)[0] === 'self';

function Why({ entry }: { readonly entry: HistoryEntry }) {
  const now = useNodeNow();
  const parts = [
    // What an operator did has no other reason than that.
    entry.reason === undefined || entry.by === 'operator' ? '' : text.peers.reason(entry.reason),
    entry.kind !== 'failed'
      ? ''
      : entry.nexttryms === undefined
        ? isOwn(entry.reason)
          ? text.peers.history.noNextTry
          : ''
        : entry.nexttryms <= now
          ? ''
          : text.peers.history.nextTry(entry.nexttryms - now),
  ].filter((part) => part !== '');
  return (
    <span title={[entry.reason, entry.nexttryms === undefined ? undefined : formatExactTime(entry.nexttryms)].filter(Boolean).join('\n')}>
      {parts.join(' · ')}
    </span>
  );
}

export function HistoryTable({ entries, withAddress }: { readonly entries: readonly HistoryEntry[]; readonly withAddress: boolean }) {
  const names = text.peers.history.columns;
  return (
    <table className="table history-table">
      <colgroup>
        <col style={{ width: 92 }} />
        <col style={{ width: withAddress ? 196 : 172 }} />
        {withAddress && <col style={{ width: '32%' }} />}
        <col />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">{names.at}</th>
          <th scope="col">{names.what}</th>
          {withAddress && <th scope="col">{names.address}</th>}
          <th scope="col">{names.reason}</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows hold no state, and two entries may say the same
          <tr key={index} data-testid="history-row">
            <td>
              <Ago atMs={entry.atms} />
            </td>
            <td>
              <StatusWord tone={tones[entry.kind]}>{text.peers.history.what(entry)}</StatusWord>
            </td>
            {withAddress && (
              <td>
                {/^[0-9a-f]{64}$/.test(entry.address) ? (
                  <Hash value={entry.address} head={8} copyable={false} />
                ) : (
                  <span className="mono history-address" title={entry.nodeid}>
                    {entry.address === '' ? text.peers.unknown : entry.address}
                  </span>
                )}
                {entry.direction !== undefined && (
                  <span className="small muted history-way" title={entry.phase}>
                    {entry.direction === 'inbound' ? text.peers.inbound : text.peers.outbound}
                  </span>
                )}
              </td>
            )}
            <td>
              <Why entry={entry} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
