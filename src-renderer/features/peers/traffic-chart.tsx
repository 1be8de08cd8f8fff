import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { formatBytes, formatClockSecond, formatClockTime } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { linesOf, topOf } from './traffic-scale.ts';

type Samples = TopicValue<'network'>['traffic']['samples'];
const font = "12px 'Inter Variable', sans-serif";
/** A label every two minutes, at full minutes. */
const labelStepS = 120;

const spanS = 600;

const color = (role: string): string => getComputedStyle(document.documentElement).getPropertyValue(`--time-${role}`).trim();
const sizeOf = ({ clientWidth, clientHeight }: HTMLElement): { readonly width: number; readonly height: number } => ({
  width: clientWidth,
  height: clientHeight,
});

/** Sent as a whole line, received as a dashed one: colour is not all that tells them apart. */
const optionsFor = ({ width, height }: { readonly width: number; readonly height: number }, onHover: (index: number | undefined) => void): uPlot.Options => {
  const axis = { stroke: color('muted'), font, ticks: { show: false } };
  const top = (chart: uPlot): number => topOf(Math.max(...chart.data.slice(1).flatMap((series) => [...(series as number[])]), 0));
  return {
    width,
    height,
    padding: [12, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { setScale: false, x: false, y: false }, points: { size: 7 } },
    // Ten minutes, also while the node has run for less.
    scales: { x: { time: false, range: (_chart, _min, max) => [max - spanS, max] }, y: { range: (chart) => [0, top(chart)] } },
    series: [
      {},
      { stroke: color('accent'), width: 1.5, points: { show: false } },
      { stroke: color('good'), width: 1.5, dash: [5, 3], points: { show: false } },
    ],
    axes: [
      {
        ...axis,
        size: 24,
        grid: { show: false },
        splits: (_chart, _axis, min, max) => {
          const first = Math.ceil(min / labelStepS) * labelStepS;
          return Array.from({ length: Math.max(0, Math.floor((max - first) / labelStepS) + 1) }, (_, i) => first + i * labelStepS);
        },
        values: (_chart, splits) => splits.map((seconds) => formatClockTime(seconds * 1_000)),
      },
      {
        ...axis,
        grid: { stroke: color('line'), width: 1 },
        size: 84,
        splits: (chart) => [...linesOf(top(chart))],
        values: (_chart, splits) => splits.map((bytes) => text.peers.traffic.perSecond(bytes)),
      },
    ],
    hooks: { setCursor: [(chart) => onHover(chart.cursor.idx ?? undefined)] },
  };
};

interface TrafficChartProps {
  readonly samples: Samples;
  /** The same in words. */
  readonly summary: string;
}

export function TrafficChart({ samples, summary }: TrafficChartProps) {
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
    const made = new uPlot(optionsFor(sizeOf(element), setHovered), dataOf(newest.current), element);
    chart.current = made;
    const resized = new ResizeObserver(() => made.setSize(sizeOf(element)));
    resized.observe(element);
    return () => {
      resized.disconnect();
      made.destroy();
    };
  }, [scheme]);
  useEffect(() => chart.current?.setData(dataOf(samples)), [samples]);
  const sample = hovered === undefined ? undefined : samples[hovered];
  return (
    <div className="traffic-chart">
      <div ref={host} className="traffic-plot" role="img" aria-label={summary} />
      {sample !== undefined && (
        <p className="traffic-hover">
          {text.peers.traffic.sent} <strong>{formatBytes(sample.sent)}</strong> · {text.peers.traffic.received} <strong>{formatBytes(sample.received)}</strong>{' '}
          <span className="muted">{formatClockSecond(sample.atms)}</span>
        </p>
      )}
    </div>
  );
}

const dataOf = (samples: Samples): uPlot.AlignedData => [
  samples.map(({ atms }) => atms / 1_000),
  samples.map(({ sent }) => sent),
  samples.map(({ received }) => received),
];
