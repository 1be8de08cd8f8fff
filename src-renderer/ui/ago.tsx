import { formatExactTime } from '../text/format.ts';
import { text } from '../text/text.ts';
import { useNodeNow } from './clock.ts';

/** Relative, with the exact time on hover. The time is the node's, in ms. */
export function Ago({ atMs }: { readonly atMs: number }) {
  const elapsedMs = useNodeNow() - atMs;
  return (
    <time dateTime={new Date(atMs).toISOString()} title={formatExactTime(atMs)}>
      {elapsedMs < 1_000 ? text.common.justNow : text.common.ago(elapsedMs)}
    </time>
  );
}
