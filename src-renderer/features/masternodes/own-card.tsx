import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { addressHref, outpointHref } from '../../explorer-places.ts';
import { setupHref } from '../../routes.ts';
import { text } from '../../text/text.ts';
import { BlockHeight } from '../../ui/block-height.tsx';
import { useNodeNow } from '../../ui/clock.ts';
import { Hash } from '../../ui/hash.tsx';
import { OwnAmount } from '../../ui/own-amount.tsx';
import { Section } from '../../ui/section.tsx';
import { EmptyPanel, Notice } from '../../ui/state-panel.tsx';
import { StatusWord } from '../../ui/status-word.tsx';
import { goToStep } from '../setup/setup-steps.ts';
import type { MasternodeInfo, MasternodeStatus } from './masternode-info.ts';
import { startChange, startRegistration } from './masternode-stage.ts';
import { stateTones } from './masternode-tones.ts';
import { ParticipationBar } from './participation-bar.tsx';
import { RewardAmount, useRewards } from './reward-amount.tsx';
import { SaveNodeKey } from './save-node-key.tsx';
import { Since } from './since.tsx';

const names = text.masternodes.own;

interface FactProps {
  readonly name: string;
  readonly children: ReactNode;
}

function Fact({ name, children }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface RegisteredProps {
  readonly status: MasternodeStatus;
  readonly node: MasternodeInfo;
  /** Of everybody in the snapshot. */
  readonly totalWeight: number;
  readonly needed: number | undefined;
  readonly wallet: TopicValue<'wallet'>['info'];
}

function Registered({ status, node, totalWeight, needed, wallet }: RegisteredProps) {
  const now = useNodeNow();
  const [savesKey, setSavesKey] = useState(false);
  const rewards = useRewards(node.rewardaddress);
  const { epoch, recent, rewardperblock } = status;
  return (
    <Section
      title={names.title}
      aside={
        <span className="line">
          {node.status === 'inactive' && (
            <Button size="compact-sm" onClick={() => startChange('revive', node)} title={names.reviveSelf} data-testid="own-revive">
              {names.revive}
            </Button>
          )}
          {wallet !== null && (
            <>
              <Button size="compact-sm" variant="default" onClick={() => setSavesKey(!savesKey)} aria-expanded={savesKey} data-testid="own-key">
                {names.key}
              </Button>
              <Button size="compact-sm" variant="default" onClick={() => startChange('update', node)} data-testid="own-update">
                {names.update}
              </Button>
              <Button size="compact-sm" variant="default" onClick={() => startChange('exit', node)} data-testid="own-exit">
                {names.exit}
              </Button>
            </>
          )}
        </span>
      }
    >
      <p className="line masternode-state">
        <strong className="figure">{text.tiers[node.tier]}</strong>
        <span data-testid="own-state" data-state={node.status} title={text.masternodes.stateMeans[node.status]}>
          <StatusWord tone={stateTones[node.status]}>{text.masternodes.states[node.status]}</StatusWord>
        </span>
      </p>
      {!status.enabled && (
        <Notice tone="warning" advice={names.notEnabled}>
          <a className="link" href={setupHref} onClick={() => goToStep('role')}>
            {names.chooseRole}
          </a>
        </Notice>
      )}
      <dl className="masternode-facts">
        <Fact name={names.participation}>
          {recent === undefined || needed === undefined ? (
            <span className="muted">{text.masternodes.noParticipation}</span>
          ) : (
            <ParticipationBar percent={recent.percent} needed={needed} labelled />
          )}
          <span className="small muted">{names.thisEpoch(node.participation.signed, node.participation.counted)}</span>
        </Fact>
        <Fact name={names.weight}>
          {node.weight === 0 ? (
            <span className="muted">{names.notYet}</span>
          ) : (
            <>
              {names.weightOf(node.weight, totalWeight)}
              <span className="small muted">{names.proposesEvery(Math.round(totalWeight / node.weight))}</span>
            </>
          )}
        </Fact>
        <Fact name={names.perBlock}>
          {rewardperblock === undefined ? <span className="muted">{names.noReward}</span> : <OwnAmount time={rewardperblock} />}
        </Fact>
        <Fact name={names.today}>
          <RewardAmount rewards={rewards} of="today" />
        </Fact>
        <Fact name={names.total}>
          <RewardAmount rewards={rewards} of="total" />
        </Fact>
        <Fact name={names.epoch}>{names.epochIn(epoch.blocksleft, epoch.nextepochms - now)}</Fact>
        <Fact name={names.address}>{node.address === '' ? names.noAddress : <span className="mono whole">{node.address}</span>}</Fact>
        <Fact name={names.reward}>
          <Hash value={node.rewardaddress} head={8} href={addressHref(node.rewardaddress)} />
        </Fact>
        <Fact name={names.collateral}>
          {node.collateral === undefined ? names.noCollateral : <Hash value={node.collateral} head={8} href={outpointHref(node.collateral)} />}
        </Fact>
        <Fact name={names.since}>
          <Since node={node} />
          {node.registeredtime !== undefined && node.registeredheight !== undefined && (
            <span className="small muted">
              {names.sinceBlock} <BlockHeight height={node.registeredheight} />
            </span>
          )}
        </Fact>
      </dl>
      {savesKey && wallet !== null && (
        <div className="masternode-key">
          <p className="small muted">{text.masternodes.register.backup.means}</p>
          <SaveNodeKey asksPassphrase={wallet.passphraserequired} />
        </div>
      )}
    </Section>
  );
}

interface OwnCardProps extends Omit<RegisteredProps, 'node'> {
  /** It has left, and counts until the epoch ends. */
  readonly hasLeft: boolean;
}

/** This node as a masternode, or the way to become one. */
export function OwnCard({ hasLeft, ...props }: OwnCardProps) {
  const { status, wallet } = props;
  if (status.registration !== undefined) return <Registered {...props} node={status.registration} />;
  return (
    <Section title={names.title}>
      <EmptyPanel advice={wallet === null ? names.noWallet : hasLeft ? names.left : names.none}>
        {wallet === null ? (
          <a className="link" href={setupHref}>
            {text.setup.again}
          </a>
        ) : (
          <Button onClick={startRegistration} data-testid="register-start">
            {names.register}
          </Button>
        )}
      </EmptyPanel>
    </Section>
  );
}
