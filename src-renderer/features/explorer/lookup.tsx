import type { ReactNode } from 'react';
import type { MethodName, Response } from '../../../src-shared/api/contract.ts';
import { blocksHref } from '../../explorer-places.ts';
import type { Advice } from '../../text/advice.ts';
import { text } from '../../text/text.ts';
import { wordsOf } from '../../ui/client-error-words.ts';
import { EmptyPanel, LoadingPanel, Notice } from '../../ui/state-panel.tsx';
import type { Asked } from '../wallet/use-asked.ts';

interface LookupProps<M extends MethodName> {
  readonly asked: Asked<M>;
  /** What to say where there is no such thing. */
  readonly missing: Advice;
  readonly children: (value: Response<M>) => ReactNode;
}

/** What was looked up, once it is there; what was there before stays while the node does not answer. */
export function Lookup<M extends MethodName>({ asked: { value, error, again }, missing, children }: LookupProps<M>) {
  if (error?.code === 'not-found' && value === undefined) return <Missing advice={missing} />;
  return (
    <>
      {error !== undefined && error.code !== 'not-found' && <Notice tone="bad" advice={wordsOf(error)} onRetry={again} />}
      {value === undefined ? error === undefined && <LoadingPanel /> : children(value)}
    </>
  );
}

/** The designed end of a search without a find. */
export function Missing({ advice, children }: { readonly advice: Advice; readonly children?: ReactNode }) {
  return (
    <section className="card" tabIndex={-1} aria-label={advice.what} data-place-title="" data-testid="explorer-missing">
      <EmptyPanel advice={advice}>
        {children}
        <a className="link" href={blocksHref()}>
          {text.explorer.toBlocks}
        </a>
      </EmptyPanel>
    </section>
  );
}
