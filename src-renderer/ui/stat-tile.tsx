import type { ReactNode } from 'react';

interface StatTileProps {
  readonly name: string;
  readonly figure: ReactNode;
  /** What the figure is to be read with: units, shares, since when. */
  readonly children?: ReactNode;
}

/** One number that can be read from across the room. */
export function StatTile({ name, figure, children }: StatTileProps) {
  return (
    <section className="card stat-tile">
      <h2>{name}</h2>
      <p className="figure">{figure}</p>
      {children}
    </section>
  );
}
