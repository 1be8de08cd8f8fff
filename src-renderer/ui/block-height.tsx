import { blockHref } from '../explorer-places.ts';
import { formatCount } from '../text/format.ts';

/** Leads to the block. */
export function BlockHeight({ height }: { readonly height: number }) {
  return (
    <a className="to-explorer" href={blockHref(height)}>
      {formatCount(height)}
    </a>
  );
}
