import { blockHref } from '../../explorer-places.ts';
import { formatDate, formatExactTime } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { BlockHeight } from '../../ui/block-height.tsx';
import type { MasternodeInfo } from './masternode-info.ts';
import '../../ui/to-explorer.css';

/** The day of the block that registered it, which it leads to; the height of one that the node has no time of. */
export function Since({ node: { registeredheight: height, registeredtime: timeMs } }: { readonly node: MasternodeInfo }) {
  if (height === undefined) return <span className="muted">–</span>;
  if (timeMs === undefined) return <BlockHeight height={height} />;
  return (
    <a className="to-explorer" href={blockHref(height)} title={`${formatExactTime(timeMs)}\n${text.explorer.block.title(height)}`}>
      <time dateTime={new Date(timeMs).toISOString()}>{formatDate(timeMs)}</time>
    </a>
  );
}
