import type { ConnectionStatus } from './api/connection-status.ts';
import { useNode } from './stores/client-context.ts';
import { useConnection } from './stores/connection-store.ts';
import { useHearing } from './stores/hearing.ts';
import { overviewTopic } from './stores/topics.ts';
import type { Advice } from './text/advice.ts';
import { text } from './text/text.ts';
import { useLocalNow } from './ui/clock.ts';
import { Notice } from './ui/state-panel.tsx';

const broken = (status: ConnectionStatus): Advice | undefined => {
  switch (status.kind) {
    case 'waiting':
      return status.why === 'refused' ? text.shell.refused : text.shell.notRunning;
    case 'no-key':
      return text.shell.noKey;
    case 'open':
    case 'connecting':
      return undefined;
  }
};

/** Above every page while the window does not hear the node, or does not understand it. */
export function ConnectionNotice() {
  const { retry } = useNode();
  const { status, misunderstood } = useConnection();
  const receivedMs = overviewTopic.store((state) => state.receivedMs);
  const hearing = useHearing();
  const now = useLocalNow();
  const advice = broken(status);
  if (advice !== undefined) {
    return (
      <Notice tone="bad" advice={advice} {...(status.kind === 'waiting' ? { onRetry: retry } : {})}>
        <p className="small muted" aria-live="off" data-testid="disconnected">
          {status.kind === 'waiting' && text.shell.nextTry(status.retryAtMs - now)} {receivedMs > 0 && text.shell.oldNumbers}
        </p>
      </Notice>
    );
  }
  if (misunderstood !== undefined) return <Notice tone="bad" advice={text.shell.misunderstood(misunderstood)} />;
  if (hearing === 'silent') return <Notice tone="warning" advice={text.shell.silent(now - receivedMs)} />;
  return null;
}
