import { Button, Loader } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Advice } from '../text/advice.ts';
import { text } from '../text/text.ts';
import { StatusMark } from './status-word.tsx';

/** In place of what is not there: what that means, and the next step. */
export function EmptyPanel({ advice, children }: { readonly advice: Advice; readonly children?: ReactNode }) {
  return (
    <div className="panel">
      <strong>{advice.what}</strong>
      <p>{advice.next}</p>
      {children !== undefined && <div className="action">{children}</div>}
    </div>
  );
}

export function LoadingPanel() {
  return (
    <div className="panel" role="status">
      <Loader size="sm" type="dots" aria-hidden="true" />
      <p>{text.common.reading.what}</p>
    </div>
  );
}

interface NoticeProps {
  readonly tone: 'warning' | 'bad' | 'muted';
  readonly advice: Advice;
  readonly onRetry?: () => void;
  readonly children?: ReactNode;
}

/** What went wrong and what to do, where it happened. */
export function Notice({ tone, advice, onRetry, children }: NoticeProps) {
  return (
    <div className={`notice ${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <StatusMark tone={tone} />
      <div>
        <p>
          <strong>{advice.what}</strong> {advice.next}
        </p>
        {children}
      </div>
      {onRetry !== undefined && (
        <Button size="compact-sm" variant="default" ml="auto" onClick={onRetry}>
          {text.common.retry}
        </Button>
      )}
    </div>
  );
}
