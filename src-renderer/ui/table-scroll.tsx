import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** Keeps on a scroller at which sides of it there is more of its table, which table.css shows: not everybody's system has a scroll bar in sight. */
export function useMoreAside(scroller: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = scroller.current;
    const table = element?.firstElementChild;
    if (element === null || table === null || table === undefined) return;
    const judge = (): void => {
      const { scrollLeft, clientWidth, scrollWidth, offsetWidth } = element;
      element.toggleAttribute('data-more-before', scrollLeft > 0);
      element.toggleAttribute('data-more-after', scrollLeft + clientWidth < scrollWidth - 1);
      element.style.setProperty('--scroll-bar', `${offsetWidth - clientWidth}px`);
    };
    const observer = new ResizeObserver(judge);
    observer.observe(element);
    observer.observe(table);
    element.addEventListener('scroll', judge, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', judge);
    };
  }, [scroller]);
}

/** What a scroller has room for beside its bar, px; undefined before it is there. */
export function useInnerWidth(scroller: RefObject<HTMLElement | null>): number | undefined {
  const [widthPx, setWidthPx] = useState<number>();
  // Before anything is painted, so that no column comes and goes.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = (): void => setWidthPx(element.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);
  return widthPx;
}

/** A table that scrolls in itself where it has no room. */
export function TableScroll({ className = '', children }: { readonly className?: string; readonly children: ReactNode }) {
  const scroller = useRef<HTMLDivElement>(null);
  useMoreAside(scroller);
  return (
    <div className={`table-scroll ${className}`} ref={scroller}>
      {children}
    </div>
  );
}
