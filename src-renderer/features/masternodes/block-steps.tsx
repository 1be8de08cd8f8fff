import { text } from '../../text/text.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import type { StepState } from '../wallet/payment-life.ts';
import type { BlockLife } from './block-life.ts';

const marks: Record<StepState, IconName> = { done: 'check', now: 'circle', ahead: 'circle', failed: 'cross' };

export function Step({ state, words }: { readonly state: StepState; readonly words: string }) {
  return (
    <li className={`life-step ${state}`}>
      <Icon name={marks[state]} />
      <p>{words}</p>
    </li>
  );
}

const blockState: Record<BlockLife['kind'], StepState> = { sent: 'now', 'in-block': 'done', failed: 'failed' };

/** What has happened to a masternode's transaction. */
export function BlockSteps({ life }: { readonly life: BlockLife }) {
  return (
    <>
      <Step state="done" words={text.wallet.life.sent} />
      <Step state={blockState[life.kind]} words={life.kind === 'sent' ? text.wallet.life.waitingBlock : life.words} />
    </>
  );
}
