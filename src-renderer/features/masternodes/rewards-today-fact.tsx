import { useOverview } from '../../stores/topics.ts';
import { text } from '../../text/text.ts';
import { useNodeNow } from '../../ui/clock.ts';
import { OwnAmount } from '../../ui/own-amount.tsx';
import { useAsked } from '../wallet/use-asked.ts';
import { maxRewards, rewardsSince, startOfDay } from './rewards-today.ts';

const names = text.masternodes.own;

/** What this wallet was paid today; rewards that go elsewhere are not its own to count. */
export function RewardsToday({ address }: { readonly address: string }) {
  const now = useNodeNow();
  const height = useOverview()?.height;
  const info = useAsked('getaddressinfo', { address }, undefined).value;
  const listed = useAsked('listtransactions', { category: 'reward', count: maxRewards }, height).value;
  if (info === undefined || listed === undefined) return <>–</>;
  if (!info.ismine) return <span className="muted">{names.elsewhere}</span>;
  const rewards = rewardsSince(listed, startOfDay(now));
  return (
    <span data-testid="rewards-today">
      {rewards.isPartial && `${names.atLeast} `}
      <OwnAmount time={rewards.time} />
    </span>
  );
}
