import { shorten } from '../text/format.ts';
import { text } from '../text/text.ts';
import { CopyButton } from './copy-button.tsx';
import './to-explorer.css';

interface HashProps {
  /** A hash, key or address. */
  readonly value: string;
  /** Characters kept before the cut; four are kept after it. */
  readonly head?: number;
  readonly copyable?: boolean;
  /** Where more is said of it. */
  readonly href?: string | undefined;
}

/** Shortened in the middle; whole on hover and when copied. */
export function Hash({ value, head = 4, copyable = true, href }: HashProps) {
  return (
    <span className="hash">
      {href === undefined ? (
        <span className="mono" title={value}>
          {shorten(value, head)}
        </span>
      ) : (
        <a className="mono to-explorer" href={href} title={value}>
          {shorten(value, head)}
        </a>
      )}
      {copyable && <CopyButton value={value} label={text.common.copyWhole(value)} />}
    </span>
  );
}
