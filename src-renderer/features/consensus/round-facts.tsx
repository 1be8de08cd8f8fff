import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { formatCount } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { useNodeNow } from '../../ui/clock.ts';
import { Hash } from '../../ui/hash.tsx';

type Info = TopicValue<'consensus'>['info'];

interface FactProps {
  readonly name: string;
  readonly children: React.ReactNode;
}
function Fact({ name, children }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export function RoundFacts({ info }: { readonly info: Info }) {
  const untilSlotMs = info.nextslot - useNodeNow();
  return (
    <dl className="card facts">
      <Fact name={text.consensus.height}>{formatCount(info.height)}</Fact>
      <Fact name={text.consensus.round}>{formatCount(info.round)}</Fact>
      <Fact name={text.consensus.step}>{text.consensus.steps[info.step]}</Fact>
      <Fact name={text.consensus.proposer}>
        {info.proposer === null ? text.common.none : <Hash value={info.proposer} copyable={false} />}
        {info.proposer === info.self && <span className="tag">{text.common.thisNode}</span>}
      </Fact>
      <Fact name={text.consensus.nextSlot}>{untilSlotMs <= 0 ? text.consensus.due : text.common.inSpan(untilSlotMs)}</Fact>
      <Fact name={text.consensus.epoch}>{formatCount(info.epoch)}</Fact>
    </dl>
  );
}
