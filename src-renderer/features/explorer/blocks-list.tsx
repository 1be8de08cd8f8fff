import { blocksHref } from '../../explorer-places.ts';
import { useOverview } from '../../stores/topics.ts';
import { text } from '../../text/text.ts';
import { BlocksTable } from '../../ui/blocks-table.tsx';
import { useAsked } from '../wallet/use-asked.ts';
import { Lookup } from './lookup.tsx';
import { PlaceTitle } from './place-title.tsx';

const names = text.explorer.blocks;
const pageRows = 25;

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
            <BlocksTable blocks={blocks} self={overview?.nodeid} />
          </section>
        </>
      )}
    </Lookup>
  );
}
