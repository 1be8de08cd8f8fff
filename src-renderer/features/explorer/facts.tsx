import type { ReactNode } from 'react';

interface FactProps {
  readonly name: string;
  readonly children: ReactNode;
}

export function Fact({ name, children }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Names and values, as many beside each other as fit. */
export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className="explorer-facts">{children}</dl>;
}
