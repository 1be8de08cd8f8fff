import { shorten } from '../text/format.ts';
import { text } from '../text/text.ts';
import { CopyButton } from './copy-button.tsx';

interface HashProps {
  /** A hash, key or address. */
  readonly value: string;
  /** Characters kept before the cut; four are kept after it. */
  readonly head?: number;
  readonly copyable?: boolean;
}

/** Shortened in the middle; whole on hover and when copied. */
export function Hash({ value, head = 4, copyable = true }: HashProps) {
  return (
    <span className="hash">
      <span className="mono" title={value}>
        {shorten(value, head)}
      </span>
      {copyable && <CopyButton value={value} label={text.common.copyWhole(value)} />}
    </span>
  );
}
