interface PageLink {
  readonly href: string;
  readonly words: string;
}

interface PageLinksProps {
  /** Back to the beginning; undefined there. */
  readonly first: PageLink | undefined;
  /** Undefined on the last page. */
  readonly next: PageLink | undefined;
}

/** Under a list that comes in pages. */
export function PageLinks({ first, next }: PageLinksProps) {
  if (first === undefined && next === undefined) return null;
  return (
    <p className="line page-links">
      {first !== undefined && (
        <a className="link" href={first.href}>
          {first.words}
        </a>
      )}
      {next !== undefined && (
        <a className="link" href={next.href} data-testid="page-next">
          {next.words}
        </a>
      )}
    </p>
  );
}
