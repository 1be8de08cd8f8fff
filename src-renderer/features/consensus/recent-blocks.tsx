import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { text } from '../../text/text.ts';
import { BlocksTable } from '../../ui/blocks-table.tsx';
import { Section } from '../../ui/section.tsx';

interface RecentBlocksProps {
  readonly blocks: TopicValue<'consensus'>['blocks'];
  readonly self: string;
}

export function RecentBlocks({ blocks, self }: RecentBlocksProps) {
  return (
    <Section title={text.consensus.blocks}>
      <BlocksTable blocks={blocks} self={self} />
    </Section>
  );
}
