import { useEffect } from 'react';
import type { TopicValue } from '../../../src-shared/api/topics.ts';
import type { NetworkName } from '../../../src-shared/domain/networks.ts';
import { hrefOf, setupHref, usePaymentLink } from '../../routes.ts';
import { useOverview, useWallet } from '../../stores/topics.ts';
import { text } from '../../text/text.ts';
import { Page } from '../../ui/page.tsx';
import { Segments } from '../../ui/segments.tsx';
import { EmptyPanel, LoadingPanel, Notice } from '../../ui/state-panel.tsx';
import { type Account, chooseAccount, useAccount } from './account-store.ts';
import { AddressesTab } from './addresses-tab.tsx';
import { BalanceCard, balanceFor } from './balance-card.tsx';
import { HistoryTab } from './history-tab.tsx';
import { KeysTab } from './keys-tab.tsx';
import { MessagesTab } from './messages-tab.tsx';
import { PaymentProgress } from './payment-progress.tsx';
import { ReceiveCard } from './receive-card.tsx';
import { RecentCard } from './recent-card.tsx';
import { RequestsCard } from './requests-card.tsx';
import { fieldsFrom } from './send-fields.ts';
import { SendForm } from './send-form.tsx';
import { SendReview } from './send-review.tsx';
import { startPayment, useSend } from './send-store.ts';
import { useAsked } from './use-asked.ts';
import { useWalletChange } from './wallet-change.ts';
import { showWalletTab, useWalletTab, type WalletTab, walletTabs } from './wallet-tabs.ts';
import './wallet.css';

type Wallet = TopicValue<'wallet'>;
type Info = NonNullable<Wallet['info']>;
const noAccounts: readonly Account[] = [];

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

interface TabProps {
  readonly tab: WalletTab;
  readonly overview: TopicValue<'overview'>;
  readonly wallet: Wallet;
  readonly info: Info;
  readonly accounts: readonly Account[];
  readonly spendable: string;
}

function Tab({ tab, overview, wallet, info, accounts, spendable }: TabProps) {
  const { account } = useAccount();
  const network = overview.chain;
  switch (tab) {
    case 'send':
      return (
        <div className="wallet-columns">
          <section className="card" aria-label={text.wallet.tabs.send}>
            <SendStage network={network} spendable={spendable} asksPassphrase={info.passphraserequired} />
          </section>
          <RecentCard newest={wallet.transactions} />
        </div>
      );
    case 'receive':
      return (
        <div className="wallet-columns">
          <ReceiveCard nodeId={overview.nodeid} account={account ?? 0} />
          <RequestsCard account={account ?? 0} />
        </div>
      );
    case 'history':
      return <HistoryTab newest={wallet.transactions} />;
    case 'addresses':
      return <AddressesTab network={network} accounts={accounts} />;
    case 'messages':
      return <MessagesTab network={network} asksPassphrase={info.passphraserequired} />;
    case 'keys':
      return <KeysTab info={info} mayBeEmpty={network === 'devnet'} />;
  }
}

function OpenWallet({ tab, overview, wallet, info }: Omit<TabProps, 'accounts' | 'spendable'>) {
  const accounts = useAsked('listaccounts', {}, useWalletChange()).value ?? noAccounts;
  const { account } = useAccount();
  // The wallet may be another than the one that had it.
  const isGone = account !== undefined && accounts.length > 0 && !accounts.some((one) => one.account === account);
  useEffect(() => {
    if (isGone) chooseAccount(undefined);
  }, [isGone]);
  const balance = balanceFor(wallet, accounts, account);
  return (
    <>
      {info.scanning !== null && (
        <Notice tone="muted" advice={{ what: text.setup.wallet.scanning(info.scanning.checked, info.scanning.found), next: text.wallet.scanningNext }} />
      )}
      <BalanceCard info={info} accounts={accounts} balance={balance} />
      <Tab tab={tab} overview={overview} wallet={wallet} info={info} accounts={accounts} spendable={balance.spendable} />
    </>
  );
}

/** One table fills the page; the others scroll with it. */
const isFilled = (tab: WalletTab): boolean => tab === 'history' || tab === 'addresses';

export function WalletPage() {
  const overview = useOverview();
  const wallet = useWallet();
  const tab = useWalletTab();
  const link = usePaymentLink();
  const network = overview?.chain;
  useEffect(() => {
    if (link === undefined || network === undefined) return;
    startPayment(fieldsFrom(link, network));
    // Once: a reload must not fill the form anew.
    location.replace(hrefOf('wallet'));
  }, [link, network]);
  const hasWallet = wallet !== undefined && wallet.info !== null;
  return (
    <Page
      title={text.pages.wallet}
      className={isFilled(tab) && hasWallet ? 'filled wallet-page' : 'wallet-page'}
      tools={
        hasWallet && (
          <Segments
            label={text.wallet.tabsLabel}
            value={tab}
            onChange={showWalletTab}
            options={walletTabs.map((value) => ({ value, label: text.wallet.tabs[value] }))}
            testId="wallet-tabs"
          />
        )
      }
    >
      {overview === undefined || wallet === undefined ? (
        <section className="card">
          <LoadingPanel />
        </section>
      ) : wallet.info === null ? (
        <section className="card">
          <EmptyPanel advice={text.wallet.noWallet}>
            <a className="link" href={setupHref}>
              {text.setup.again}
            </a>
          </EmptyPanel>
        </section>
      ) : (
        <OpenWallet tab={tab} overview={overview} wallet={wallet} info={wallet.info} />
      )}
    </Page>
  );
}
