import type { Response } from '../../../src-shared/api/contract.ts';
import { blockHref, blocksHref } from '../../explorer-places.ts';
import { useOverview } from '../../stores/topics.ts';
import { formatCount, formatDuration } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Ago } from '../../ui/ago.tsx';
import { BlockHeight } from '../../ui/block-height.tsx';
import { Hash } from '../../ui/hash.tsx';
import { EmptyPanel } from '../../ui/state-panel.tsx';
import { useAsked } from '../wallet/use-asked.ts';
import { Lookup } from './lookup.tsx';
import { PlaceTitle } from './place-title.tsx';

const names = text.explorer.blocks;
const columns = text.consensus.blockColumns;
const pageRows = 25;

type Block = Response<'getrecentblocks'>[number];

function BlockRow({ block, self }: { readonly block: Block; readonly self: string | undefined }) {
  return (
    <tr data-testid="explorer-block">
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
      <td className={block.decidems === undefined ? 'number muted' : 'number'}>
        {block.height === 0 ? '' : block.decidems === undefined ? text.consensus.notSeen : formatDuration(block.decidems)}
      </td>
      <td>
        <Hash value={block.hash} href={blockHref(block.hash)} />
      </td>
    </tr>
  );
}

/** The newest as they come, or a page of those below a height. */
export function BlocksList({ before }: { readonly before: number | undefined }) {
  const overview = useOverview();
  const asked = useAsked('getrecentblocks', { count: pageRows, ...(before === undefined ? {} : { before }) }, overview?.bestblockhash);
  return (
    <Lookup asked={asked} missing={text.consensus.noBlocks}>
      {(blocks) => (
        <>
          <PlaceTitle
            title={before === undefined ? names.title : names.below(before)}
            tools={
              <>
                {before !== undefined && (
                  <>
                    <a className="link" href={blocksHref()}>
                      {names.latest}
                    </a>
                    <a className="link" href={blocksHref(before + pageRows > (overview?.height ?? 0) ? undefined : before + pageRows)}>
                      {names.newer}
                    </a>
                  </>
                )}
                {(blocks.at(-1)?.height ?? 0) > 0 && (
                  <a className="link" href={blocksHref(blocks.at(-1)?.height)} data-testid="blocks-older">
                    {names.older}
                  </a>
                )}
              </>
            }
          />
          <section className="card">
            {blocks.length === 0 ? (
              <EmptyPanel advice={text.consensus.noBlocks} />
            ) : (
              <div className="table-scroll">
                <table className="table">
                  <thead>
                    <tr>
                      <th scope="col" className="number">
                        {columns.height}
                      </th>
                      <th scope="col">{columns.age}</th>
                      <th scope="col">{columns.proposer}</th>
                      <th scope="col" className="number">
                        {columns.transactions}
                      </th>
                      <th scope="col" className="number">
                        {columns.decided}
                      </th>
                      <th scope="col">{columns.hash}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {blocks.map((block) => (
                      <BlockRow key={block.hash} block={block} self={overview?.nodeid} />
                    ))}
                  </tbody>
                </table>
              </div>
            )}
          </section>
        </>
      )}
    </Lookup>
  );
}
