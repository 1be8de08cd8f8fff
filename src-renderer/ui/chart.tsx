import { useComputedColorScheme } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { chartFont } from './chart-look.ts';
import './chart.css';

/** A chart of samples; its functions stay the same from one render to the next. */
export interface ChartKind<Sample> {
  readonly dataOf: (samples: readonly Sample[]) => uPlot.AlignedData;
  /** `newest`: the samples that are shown when an axis or a hook asks. */
  readonly optionsFor: (newest: () => readonly Sample[]) => Omit<uPlot.Options, 'width' | 'height'>;
  /** Its height is the stylesheet’s. */
  readonly className: string;
  /** Width of the axis at the left, where the words of the hovered sample begin. */
  readonly axisPx: number;
  readonly wordsOf: (sample: Sample) => ReactNode;
}

interface ChartProps<Sample> {
  readonly kind: ChartKind<Sample>;
  readonly samples: readonly Sample[];
  /** The same in words. */
  readonly summary: string;
}

const sizeOf = ({ clientWidth, clientHeight }: HTMLElement): { readonly width: number; readonly height: number } => ({
  width: clientWidth,
  height: clientHeight,
});

export function Chart<Sample>({ kind, samples, summary }: ChartProps<Sample>) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const newest = useRef(samples);
  newest.current = samples;
  const [hovered, setHovered] = useState<number>();
  const scheme = useComputedColorScheme();
  // Colours are read when it is made, so another scheme makes another chart.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme is read through CSS
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const options = kind.optionsFor(() => newest.current);
    const made = new uPlot(
      {
        ...options,
        ...sizeOf(element),
        legend: { show: false },
        hooks: { ...options.hooks, setCursor: [({ cursor }) => setHovered(cursor.idx ?? undefined)] },
      },
      kind.dataOf(newest.current),
      element,
    );
    chart.current = made;
    const resized = new ResizeObserver(() => made.setSize(sizeOf(element)));
    resized.observe(element);
    let isShown = true;
    // A canvas takes another typeface while its own is not there yet, and does not draw again by itself.
    void document.fonts.load(chartFont).then(() => {
      if (isShown) made.redraw(false, true);
    });
    return () => {
      isShown = false;
      resized.disconnect();
      made.destroy();
    };
  }, [scheme, kind]);
  useEffect(() => chart.current?.setData(kind.dataOf(samples)), [samples, kind]);
  const sample = hovered === undefined ? undefined : samples[hovered];
  return (
    <div className="chart">
      <div ref={host} className={kind.className} role="img" aria-label={summary} />
      {sample !== undefined && (
        <p className="chart-hover" style={{ left: kind.axisPx }}>
          {kind.wordsOf(sample)}
        </p>
      )}
    </div>
  );
}
