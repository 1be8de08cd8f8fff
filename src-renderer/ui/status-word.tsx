import type { ReactNode } from 'react';

export type Tone = 'good' | 'warning' | 'bad' | 'muted';

/** A shape for each tone, so that the colour is not all there is. */
const shapes: Record<Tone, ReactNode> = {
  good: <path d="M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2m3.2 3.6-4 4.2-2-1.9-1 1 3 3 5-5.3z" />,
  warning: <path d="M8 1.5 15 14H1zm-.8 4.3.2 4h1.2l.2-4zm.8 5a.9.9 0 1 0 0 1.8.9.9 0 0 0 0-1.8" />,
  bad: <path d="M5 2h6l3 3v6l-3 3H5l-3-3V5zm.6 4.6L7 8 5.6 9.4l1 1L8 9l1.4 1.4 1-1L9 8l1.4-1.4-1-1L8 7 6.6 5.6z" />,
  muted: <path d="M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2m0 1.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9" />,
};

export function StatusMark({ tone }: { readonly tone: Tone }) {
  return (
    <svg className={`dot ${tone}`} aria-hidden="true" viewBox="0 0 16 16" fill="currentColor" fillRule="evenodd">
      {shapes[tone]}
    </svg>
  );
}

interface StatusWordProps {
  readonly tone: Tone;
  readonly children: ReactNode;
}

export function StatusWord({ tone, children }: StatusWordProps) {
  return (
    <span className={`line status-word ${tone}`}>
      <StatusMark tone={tone} />
      <span>{children}</span>
    </span>
  );
}
