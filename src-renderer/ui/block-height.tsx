import { blockHref } from '../explorer-places.ts';
import { formatCount } from '../text/format.ts';
import './to-explorer.css';

/** Leads to the block. */
export function BlockHeight({ height }: { readonly height: number }) {
  return (
    <a className="to-explorer" href={blockHref(height)}>
      {formatCount(height)}
    </a>
  );
}
