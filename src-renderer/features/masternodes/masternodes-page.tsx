import { useMemo } from 'react';
import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { useOverview, useWallet } from '../../stores/topics.ts';
import { usePoll } from '../../stores/use-poll.ts';
import { text } from '../../text/text.ts';
import { wordsOf } from '../../ui/client-error-words.ts';
import { Page } from '../../ui/page.tsx';
import { LoadingPanel, Notice } from '../../ui/state-panel.tsx';
import { useAsked } from '../wallet/use-asked.ts';
import { ChangeCard } from './change-card.tsx';
import { lockedOutpoints } from './collateral-coins.ts';
import { ListCard } from './list-card.tsx';
import type { MasternodeStatus, TierRule } from './masternode-info.ts';
import { type MasternodeRow, masternodeRows } from './masternode-rows.ts';
import { type MasternodeStage, useMasternodeStage } from './masternode-stage.ts';
import { OwnCard } from './own-card.tsx';
import { RegisteredCard } from './registered-card.tsx';
import { RegistrationFlow } from './registration.tsx';
import { useCoinChange } from './use-coin-change.ts';
import { useMasternodes, useTiers } from './use-masternodes.ts';
import '../setup/setup.css';
import '../wallet/wallet.css';
import './masternodes.css';

type Wallet = TopicValue<'wallet'>['info'];

/** Those whose collateral this wallet has. */
function useOwnCollaterals(): ReadonlySet<string> {
  const { value } = useAsked('listunspent', {}, useCoinChange());
  return useMemo(() => lockedOutpoints(value ?? []), [value]);
}

interface StageProps {
  readonly overview: TopicValue<'overview'>;
  readonly wallet: Wallet;
  readonly status: MasternodeStatus;
  readonly tiers: readonly TierRule[];
  readonly rows: readonly MasternodeRow[];
  readonly totalWeight: number;
  readonly stage: MasternodeStage;
}

function Stage({ overview, wallet, status, tiers, rows, totalWeight, stage }: StageProps) {
  const ownTier = status.registration?.tier;
  const own = (
    <OwnCard
      status={status}
      totalWeight={totalWeight}
      needed={tiers.find(({ tier }) => tier === ownTier)?.needed}
      wallet={wallet}
      hasLeft={rows.some(({ node }) => node.self && node.status === 'exited')}
    />
  );
  switch (stage.kind) {
    case 'own':
      return own;
    case 'register':
      // A wallet that is gone meanwhile signs nothing.
      return wallet === null ? (
        own
      ) : (
        <RegistrationFlow
          step={stage.step}
          registration={stage.registration}
          tiers={tiers}
          status={status}
          wallet={wallet}
          network={overview.chain}
          practice={overview.practice}
        />
      );
    case 'registered':
      return <RegisteredCard key={stage.txid} txid={stage.txid} status={status} />;
    case 'change':
      return (
        <ChangeCard
          key={`${stage.action} ${stage.node.nodeid}`}
          action={stage.action}
          node={stage.node}
          network={overview.chain}
          collateral={tiers.find(({ tier }) => tier === stage.node.tier)?.collateral}
          asksPassphrase={wallet?.passphraserequired ?? false}
        />
      );
  }
}

export function MasternodesPage() {
  const overview = useOverview();
  const wallet = useWallet();
  const status = usePoll('masternodestatus', {});
  const tiers = useTiers();
  const list = useMasternodes();
  const collaterals = useOwnCollaterals();
  const rows = useMemo(() => masternodeRows(list.value ?? [], collaterals, tiers), [list.value, collaterals, tiers]);
  const totalWeight = useMemo(() => rows.reduce((sum, { node }) => sum + node.weight, 0), [rows]);
  const { stage } = useMasternodeStage();
  const isLoading = overview === undefined || wallet === undefined || status === undefined || list.value === undefined;
  return (
    <Page title={text.pages.masternodes}>
      {isLoading ? (
        list.error === undefined ? (
          <section className="card">
            <LoadingPanel />
          </section>
        ) : (
          <Notice tone="bad" advice={wordsOf(list.error)} onRetry={list.again} />
        )
      ) : (
        <>
          <Stage overview={overview} wallet={wallet.info} status={status} tiers={tiers} rows={rows} totalWeight={totalWeight} stage={stage} />
          {/* One question at a time. */}
          {(stage.kind === 'own' || stage.kind === 'registered') && <ListCard rows={rows} totalWeight={totalWeight} />}
        </>
      )}
    </Page>
  );
}
