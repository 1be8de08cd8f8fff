import type { Response } from '../../src-shared/api/contract.ts';
import { blockHref } from '../explorer-places.ts';
import { formatCount, formatDuration } from '../text/format.ts';
import { text } from '../text/text.ts';
import { Ago } from './ago.tsx';
import { BlockHeight } from './block-height.tsx';
import { Hash } from './hash.tsx';
import { EmptyPanel } from './state-panel.tsx';
import { TableScroll } from './table-scroll.tsx';

type Block = Response<'getrecentblocks'>[number];

interface BlocksTableProps {
  /** Newest first. */
  readonly blocks: readonly Block[];
  /** The key of this node, where it is known: its own blocks say so. */
  readonly self: string | undefined;
}

/** Nobody proposes the genesis block, and nobody decides it. */
const decideWords = ({ height, decidems }: Block): string => (height === 0 ? '' : decidems === undefined ? text.consensus.notSeen : formatDuration(decidems));

/** Decided blocks: who proposed each, and how fast it was decided. */
export function BlocksTable({ blocks, self }: BlocksTableProps) {
  const names = text.consensus.blockColumns;
  if (blocks.length === 0) return <EmptyPanel advice={text.consensus.noBlocks} />;
  return (
    <TableScroll>
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
    </TableScroll>
  );
}
