import { useState } from 'react';
import type { Response } from '../../../src-shared/api/contract.ts';
import { useOverview } from '../../stores/topics.ts';
import { text } from '../../text/text.ts';
import { useNodeNow } from '../../ui/clock.ts';
import { OwnAmount } from '../../ui/own-amount.tsx';
import { useAsked } from '../wallet/use-asked.ts';
import { startOfDay } from './start-of-day.ts';

type Rewards = Response<'getrewards'>;

/** Of an address, with each block. A long chain is added up bit by bit, so until it is done the node is asked every second. */
export function useRewards(address: string): Rewards | undefined {
  const now = useNodeNow();
  const height = useOverview()?.height;
  const [isWhole, setIsWhole] = useState(true);
  const { value } = useAsked('getrewards', { address, since: startOfDay(now) }, isWhole ? height : `${height} ${now}`);
  if (value !== undefined && value.complete !== isWhole) setIsWhole(value.complete);
  return value;
}

/** Today's, or all that there were. */
export function RewardAmount({ rewards, of }: { readonly rewards: Rewards | undefined; readonly of: 'today' | 'total' }) {
  if (rewards === undefined) return <>–</>;
  const [time, isWhole] = of === 'today' ? [rewards.since, rewards.sincecomplete] : [rewards.total, rewards.complete];
  return (
    <span data-testid={`rewards-${of}`}>
      {!isWhole && `${text.masternodes.own.atLeast} `}
      <OwnAmount time={time} />
    </span>
  );
}
