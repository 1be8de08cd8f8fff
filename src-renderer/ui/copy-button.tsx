import { useEffect, useRef, useState } from 'react';
import { text } from '../text/text.ts';
import { copyText } from './copy-text.ts';
import { Icon } from './icon.tsx';

const shownMs = 1_500;
type CopyState = 'idle' | 'copied' | 'failed';

/** Copies, and how it went for a moment afterwards. `value`: also what makes it, where that is long. */
export function useCopy(value: string | (() => string)): { readonly state: CopyState; readonly copy: () => void } {
  const [state, setState] = useState<CopyState>('idle');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = (): void => {
    void copyText(typeof value === 'string' ? value : value()).then((worked) => {
      setState(worked ? 'copied' : 'failed');
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setState('idle'), shownMs);
    });
  };
  return { state, copy };
}

const stateWords: Record<CopyState, string> = { idle: '', copied: text.common.copied, failed: text.common.copyFailed };

interface CopyButtonProps {
  readonly value: string;
  /** What is copied, for who cannot see it. */
  readonly label: string;
}

export function CopyButton({ value, label }: CopyButtonProps) {
  const { state, copy } = useCopy(value);
  return (
    <button type="button" className="copy" onClick={copy} aria-label={label} title={stateWords[state] || label}>
      <Icon name={state === 'copied' ? 'check' : state === 'failed' ? 'alert' : 'copy'} />
      <span className="unseen" role="status">
        {stateWords[state]}
      </span>
    </button>
  );
}
