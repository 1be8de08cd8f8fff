import type { ReactNode } from 'react';

interface SectionProps {
  readonly title: string;
  /** At the other end of the title's line. */
  readonly aside?: ReactNode;
  /** On hover of the title. */
  readonly means?: string | undefined;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A card with a title. */
export function Section({ title, aside, means, className = '', children }: SectionProps) {
  return (
    <section className={`card ${className}`}>
      <div className="card-head" title={means}>
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
