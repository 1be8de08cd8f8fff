import { Drawer } from '@mantine/core';
import { addressHref, transactionHref } from '../../explorer-places.ts';
import { formatAmount, formatExactTime } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { BlockHeight } from '../../ui/block-height.tsx';
import { Hash } from '../../ui/hash.tsx';
import { OwnAmount } from '../../ui/own-amount.tsx';
import { StatusWord } from '../../ui/status-word.tsx';
import { type HistoryEntry, isUndone, stateTones, stateWords } from './history-words.ts';
import { LabelEditor } from './label-editor.tsx';
import { LifeSteps } from './life-steps.tsx';
import { Respend } from './respend.tsx';
import { usePayment } from './use-payment.ts';

const names = text.wallet.historyTab;

function Details({ entry }: { readonly entry: HistoryEntry }) {
  const info = usePayment(entry.txid);
  const [address] = entry.addresses;
  return (
    <div className="wallet-form">
      <p className={isUndone(entry) ? 'figure muted undone' : 'figure'}>
        <OwnAmount time={entry.amount} signed />
      </p>
      <StatusWord tone={stateTones[entry.state]}>{stateWords(entry)}</StatusWord>
      {/* Nobody votes on a masternode's transaction: its state says all there is. */}
      {!isUndone(entry) && entry.category !== 'masternode' && <LifeSteps info={info} />}
      <dl className="wallet-facts">
        <dt>{names.columns.time}</dt>
        <dd>{formatExactTime(entry.time)}</dd>
        <dt>{names.columns.category}</dt>
        <dd>{text.wallet.categories[entry.category]}</dd>
        {entry.fee !== undefined && (
          <>
            <dt>{text.wallet.fee}</dt>
            <dd>
              {formatAmount(entry.fee)} {text.unit}
            </dd>
          </>
        )}
        {entry.blockheight !== undefined && (
          <>
            <dt>{names.block}</dt>
            <dd>
              <BlockHeight height={entry.blockheight} />
            </dd>
          </>
        )}
        <dt>{text.wallet.transaction}</dt>
        <dd>
          <Hash value={entry.txid} head={8} href={transactionHref(entry.txid)} />
        </dd>
        {entry.addresses.length > 0 && (
          <>
            <dt>{entry.category === 'send' ? text.wallet.to : names.at}</dt>
            <dd>
              <ul>
                {entry.addresses.map((one) => (
                  <li key={one}>
                    <Hash value={one} head={10} href={addressHref(one)} />
                  </li>
                ))}
              </ul>
            </dd>
          </>
        )}
      </dl>
      {address !== undefined && <LabelEditor key={address} address={address} label={entry.label} />}
      {entry.respendable === true && <Respend entry={entry} />}
    </div>
  );
}

interface HistoryPanelProps {
  /** Undefined: closed. */
  readonly entry: HistoryEntry | undefined;
  readonly onClose: () => void;
}

/** All about one transaction, and what can be done about it. */
export function HistoryPanel({ entry, onClose }: HistoryPanelProps) {
  return (
    <Drawer
      opened={entry !== undefined}
      onClose={onClose}
      position="right"
      size={420}
      title={text.wallet.transaction}
      closeButtonProps={{ 'aria-label': text.wallet.close }}
    >
      {entry !== undefined && <Details key={entry.txid} entry={entry} />}
    </Drawer>
  );
}
