import type { ReactNode } from 'react';

interface PlaceTitleProps {
  readonly title: ReactNode;
  /** On its line. */
  readonly children?: ReactNode;
  /** At the end of the line. */
  readonly tools?: ReactNode;
}

/** What is shown; it takes the focus of who came by a link. */
export function PlaceTitle({ title, children, tools }: PlaceTitleProps) {
  return (
    <div className="place-head">
      <h2 tabIndex={-1} data-place-title="" data-testid="place-title">
        {title}
      </h2>
      {children}
      {tools !== undefined && <span className="line place-tools">{tools}</span>}
    </div>
  );
}
