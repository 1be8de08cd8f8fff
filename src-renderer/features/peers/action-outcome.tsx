import { wordsOf } from '../../ui/client-error-words.ts';
import { Notice } from '../../ui/state-panel.tsx';
import { StatusWord } from '../../ui/status-word.tsx';
import type { ActionState } from './use-action.ts';

/** How the last action went. */
export function ActionOutcome({ state }: { readonly state: ActionState }) {
  if (state.kind === 'failed') return <Notice tone="bad" advice={wordsOf(state.error)} />;
  return <div role="status">{state.kind === 'done' && <StatusWord tone="good">{state.words}</StatusWord>}</div>;
}
