import type { ReactNode } from 'react';

interface PageProps {
  readonly title: string;
  /** The title is there for who cannot see the page; others see from the navigation where they are. */
  readonly titleUnseen?: boolean;
  /** Beside the title: what the page shows, or can do. */
  readonly tools?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Every page: its title, which takes the focus of who comes by keyboard, and what it shows. */
export function Page({ title, titleUnseen = false, tools, className = '', children }: PageProps) {
  const heading = (
    <h1 className={titleUnseen ? 'unseen' : ''} tabIndex={-1}>
      {title}
    </h1>
  );
  return (
    <div className={`page ${className}`}>
      {titleUnseen ? (
        heading
      ) : (
        <div className="page-head">
          {heading}
          {tools}
        </div>
      )}
      {children}
    </div>
  );
}
