import type { ActionState } from '../stores/use-action.ts';
import { wordsOf } from './client-error-words.ts';
import { Notice } from './state-panel.tsx';
import { StatusWord } from './status-word.tsx';

/** How the last action went. */
export function ActionOutcome({ state }: { readonly state: ActionState }) {
  if (state.kind === 'failed') return <Notice tone="bad" advice={wordsOf(state.error)} />;
  return <div role="status">{state.kind === 'done' && <StatusWord tone="good">{state.words}</StatusWord>}</div>;
}
