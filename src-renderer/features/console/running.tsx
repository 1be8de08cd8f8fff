import { Loader } from '@mantine/core';
import { isMethodName, methods } from '../../../src-shared/api/contract.ts';
import { usePoll } from '../../stores/use-poll.ts';
import { formatSpan } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { useLocalNow } from '../../ui/clock.ts';

const names = text.console;

/** How far verifychain is; the other slow ones count nothing. */
function CheckProgress() {
  const { pass, done, total } = usePoll('getauditinfo', {})?.running ?? {};
  if (pass === undefined || done === undefined || total === undefined) return null;
  return (
    <span className="line">
      <progress value={done} max={Math.max(total, 1)} aria-label={names.passes[pass]} />
      {names.progress(names.passes[pass], done, total)}
    </span>
  );
}

/** For how long the node has been at it, and of what takes minutes how far it is. */
export function Running({ line, sinceMs }: { readonly line: string; readonly sinceMs: number }) {
  const elapsedMs = useLocalNow() - sinceMs;
  const [method = ''] = line.split(/\s/, 1);
  const isSlow = isMethodName(method) && methods[method].slow === true;
  return (
    <div className="muted console-running" data-testid="console-running">
      <p className="line">
        <Loader size="xs" type="dots" aria-hidden="true" />
        <span>{isSlow ? names.runningSlow : names.running}</span>
      </p>
      {/* Nobody wants each second read aloud. */}
      <p className="line small" aria-live="off">
        {elapsedMs >= 1_000 && <span>{formatSpan(elapsedMs)}</span>}
        {method === 'verifychain' && <CheckProgress />}
      </p>
    </div>
  );
}
