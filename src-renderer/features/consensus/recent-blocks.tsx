import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { blockHref } from '../../explorer-places.ts';
import { formatCount, formatDuration } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Ago } from '../../ui/ago.tsx';
import { BlockHeight } from '../../ui/block-height.tsx';
import { Hash } from '../../ui/hash.tsx';
import { Section } from '../../ui/section.tsx';
import { EmptyPanel } from '../../ui/state-panel.tsx';

interface RecentBlocksProps {
  readonly blocks: TopicValue<'consensus'>['blocks'];
  readonly self: string;
}

/** Nobody proposes the genesis block, and nobody decides it. */
const decideWords = ({ height, decidems }: TopicValue<'consensus'>['blocks'][number]): string =>
  height === 0 ? '' : decidems === undefined ? text.consensus.notSeen : formatDuration(decidems);

export function RecentBlocks({ blocks, self }: RecentBlocksProps) {
  const names = text.consensus.blockColumns;
  return (
    <Section title={text.consensus.blocks}>
      {blocks.length === 0 ? (
        <EmptyPanel advice={text.consensus.noBlocks} />
      ) : (
        <div className="table-scroll">
          <table className="table">
            <thead>
              <tr>
                <th scope="col" className="number">
                  {names.height}
                </th>
                <th scope="col">{names.age}</th>
                <th scope="col">{names.proposer}</th>
                <th scope="col" className="number">
                  {names.transactions}
                </th>
                <th scope="col" className="number">
                  {names.decided}
                </th>
                <th scope="col" className="number">
                  {names.rounds}
                </th>
                <th scope="col">{names.hash}</th>
              </tr>
            </thead>
            <tbody>
              {blocks.map((block) => (
                <tr key={block.hash} data-testid="block-row">
                  <td className="number">
                    <BlockHeight height={block.height} />
                  </td>
                  <td>
                    <Ago atMs={block.time} />
                  </td>
                  <td>
                    {block.height === 0 ? (
                      <span className="muted">{text.consensus.genesis}</span>
                    ) : (
                      <span className="line">
                        <Hash value={block.proposer} copyable={false} />
                        {block.proposer === self && <span className="tag">{text.common.thisNode}</span>}
                      </span>
                    )}
                  </td>
                  <td className="number">{formatCount(block.transactions)}</td>
                  <td className={block.decidems === undefined ? 'number muted' : 'number'}>{decideWords(block)}</td>
                  <td className={block.round > 0 ? 'number warning' : 'number'}>{block.height === 0 ? '' : formatCount(block.round + 1)}</td>
                  <td>
                    <Hash value={block.hash} href={blockHref(block.hash)} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}
