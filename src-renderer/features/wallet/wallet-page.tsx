import { SegmentedControl } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { TopicValue } from '../../../src-shared/api/topics.ts';
import type { NetworkName } from '../../../src-shared/domain/networks.ts';
import { hrefOf, setupHref, usePaymentLink } from '../../routes.ts';
import { useOverview, useWallet } from '../../stores/topics.ts';
import { text } from '../../text/text.ts';
import { Amount } from '../../ui/amount.tsx';
import { EmptyPanel, LoadingPanel } from '../../ui/state-panel.tsx';
import { HistoryCard } from './history-card.tsx';
import { PaymentProgress } from './payment-progress.tsx';
import { ReceiveCard } from './receive-card.tsx';
import { fieldsFrom } from './send-fields.ts';
import { SendForm } from './send-form.tsx';
import { SendReview } from './send-review.tsx';
import { startPayment, useSend } from './send-store.ts';
import './wallet.css';

type Tab = 'send' | 'receive';

function Balance({ balances: { mine } }: { readonly balances: TopicValue<'wallet'>['balances'] }) {
  const parts = [
    { name: text.wallet.pending, means: text.wallet.pendingMeans, time: mine.untrusted_pending },
    { name: text.wallet.immature, means: text.wallet.immatureMeans, time: mine.immature },
    { name: text.wallet.locked, means: text.wallet.lockedMeans, time: mine.locked },
  ];
  return (
    <section className="card balance">
      <div>
        <h2 className="card-label">{text.wallet.spendable}</h2>
        <p className="figure" data-testid="balance-spendable" data-amount={mine.trusted}>
          <Amount time={mine.trusted} />
        </p>
      </div>
      <dl className="balance-parts">
        {parts.map(({ name, means, time }) => (
          <div key={name} title={means}>
            <dt>{name}</dt>
            <dd>
              <Amount time={time} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

interface SendStageProps {
  readonly network: NetworkName;
  /** Decimal string of TIME. */
  readonly spendable: string;
  readonly asksPassphrase: boolean;
}

function SendStage({ network, spendable, asksPassphrase }: SendStageProps) {
  const { stage } = useSend();
  switch (stage.kind) {
    case 'form':
      return <SendForm network={network} spendable={spendable} returned={stage.returned} />;
    case 'review':
      return <SendReview payment={stage.payment} estimate={stage.estimate} asksPassphrase={asksPassphrase} />;
    case 'sent':
      return <PaymentProgress key={stage.txid} payment={stage.payment} txid={stage.txid} />;
  }
}

export function WalletPage() {
  const overview = useOverview();
  const wallet = useWallet();
  const [tab, setTab] = useState<Tab>('send');
  const link = usePaymentLink();
  const network = overview?.chain;
  useEffect(() => {
    if (link === undefined || network === undefined) return;
    startPayment(fieldsFrom(link, network));
    setTab('send');
    // Once: a reload must not fill the form anew.
    location.replace(hrefOf('wallet'));
  }, [link, network]);
  return (
    <div className="page">
      <h1 className="unseen" tabIndex={-1}>
        {text.pages.wallet}
      </h1>
      {overview === undefined || wallet === undefined ? (
        <LoadingPanel />
      ) : wallet.info === null ? (
        <section className="card">
          <EmptyPanel advice={text.wallet.noWallet}>
            <a className="link" href={setupHref}>
              {text.setup.again}
            </a>
          </EmptyPanel>
        </section>
      ) : (
        <>
          <Balance balances={wallet.balances} />
          <div className="wallet-columns">
            <section className="card">
              <SegmentedControl
                fullWidth
                size="sm"
                aria-label={text.wallet.sendOrReceive}
                mb={12}
                transitionDuration={120}
                value={tab}
                onChange={(value) => setTab(value === 'receive' ? 'receive' : 'send')}
                data={[
                  { value: 'send', label: text.wallet.tabs.send },
                  { value: 'receive', label: text.wallet.tabs.receive },
                ]}
              />
              {tab === 'send' ? (
                <SendStage network={overview.chain} spendable={wallet.balances.mine.trusted} asksPassphrase={wallet.info.passphraserequired} />
              ) : (
                <ReceiveCard nodeId={overview.nodeid} />
              )}
            </section>
            <HistoryCard newest={wallet.transactions} />
          </div>
        </>
      )}
    </div>
  );
}
