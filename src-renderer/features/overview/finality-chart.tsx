import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { formatClockSecond, formatClockTime, formatCount, formatDuration, formatExactTime } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { decadesWithin, limitMs, scaleOf } from './finality-scale.ts';

type Samples = TopicValue<'overview'>['finality']['samples'];
const font = "12px 'Inter Variable', sans-serif";
/** About four times of day along the axis. */
const timeLabels = 4;
/** Minutes alone would say the same at each label. */
const secondsBelowMs = 10 * 60_000;

const color = (role: string): string => getComputedStyle(document.documentElement).getPropertyValue(`--time-${role}`).trim();

function drawLimit(chart: uPlot): void {
  const { ctx, bbox } = chart;
  const y = Math.round(chart.valToPos(limitMs, 'y', true)) + 0.5;
  ctx.save();
  ctx.strokeStyle = color('warning');
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.font = font.replace('12px', `${12 * devicePixelRatio}px`);
  ctx.textAlign = 'right';
  ctx.textBaseline = 'bottom';
  const right = bbox.left + bbox.width - 2 * devicePixelRatio;
  // A grid line may run through it where the chart is low.
  const { width, actualBoundingBoxAscent } = ctx.measureText(text.overview.limit);
  ctx.fillStyle = color('surface');
  ctx.fillRect(
    right - width - 2 * devicePixelRatio,
    y - actualBoundingBoxAscent - 4 * devicePixelRatio,
    width + 4 * devicePixelRatio,
    actualBoundingBoxAscent + 3 * devicePixelRatio,
  );
  ctx.fillStyle = color('warning');
  ctx.fillText(text.overview.limit, right, y - 2 * devicePixelRatio);
  ctx.restore();
}

/** The stylesheet decides, by the height of the window. */
const sizeOf = ({ clientWidth, clientHeight }: HTMLElement): { readonly width: number; readonly height: number } => ({
  width: clientWidth,
  height: clientHeight,
});

/** Payments in their order, evenly spaced, with their times of day below; how long each took upwards, logarithmically. */
const optionsFor = (
  { width, height }: { readonly width: number; readonly height: number },
  samplesNow: () => Samples,
  onHover: (index: number | undefined) => void,
): uPlot.Options => {
  const axis = { stroke: color('muted'), font, grid: { stroke: color('line'), width: 1 }, ticks: { show: false } };
  return {
    width,
    height,
    padding: [16, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { setScale: false, x: false, y: false }, points: { size: 9 } },
    scales: {
      x: { time: false, range: (_chart, min, max) => [min - 0.5, max + 0.5] },
      y: {
        distr: 3,
        range: () => {
          const { min, max } = scaleOf(samplesNow().map((sample) => sample.finalafterms));
          return [min, max];
        },
      },
    },
    series: [
      {},
      { stroke: color('accent'), width: 0, paths: () => null, points: { show: true, size: 5, fill: color('accent'), stroke: color('accent'), width: 0 } },
    ],
    axes: [
      {
        ...axis,
        size: 24,
        grid: { show: false },
        splits: () => {
          const count = samplesNow().length;
          const step = Math.max(1, Math.ceil(count / timeLabels));
          return Array.from({ length: Math.ceil(count / step) }, (_, i) => Math.floor(i * step));
        },
        values: (_chart, splits) =>
          splits.map((index) => {
            const samples = samplesNow();
            const sample = samples[index];
            if (sample === undefined) return '';
            const spanMs = (samples.at(-1)?.atms ?? 0) - (samples[0]?.atms ?? 0);
            return spanMs < secondsBelowMs ? formatClockSecond(sample.atms) : formatClockTime(sample.atms);
          }),
      },
      {
        ...axis,
        size: 72,
        splits: (_chart, _axis, min, max) => decadesWithin(min, max),
        values: (_chart, splits) => splits.map((ms) => `${ms < 1 ? ms : formatCount(ms)} ${text.overview.axisUnit}`),
        filter: (_chart, splits) => splits,
      },
    ],
    hooks: { draw: [drawLimit], setCursor: [(chart) => onHover(chart.cursor.idx ?? undefined)] },
  };
};

interface FinalityChartProps {
  readonly samples: Samples;
  /** The same in words. */
  readonly summary: string;
}

export function FinalityChart({ samples, summary }: FinalityChartProps) {
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
    const made = new uPlot(
      optionsFor(sizeOf(element), () => newest.current, setHovered),
      dataOf(newest.current),
      element,
    );
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
    <div className="finality-chart">
      <div ref={host} className="finality-plot" role="img" aria-label={summary} />
      {sample !== undefined && (
        <p className="finality-hover">
          <strong>{text.overview.sample(formatDuration(sample.finalafterms))}</strong> <span className="muted">{formatExactTime(sample.atms)}</span>
        </p>
      )}
    </div>
  );
}

const dataOf = (samples: Samples): uPlot.AlignedData => [
  samples.map((_, index) => index),
  samples.map(({ finalafterms }) => Math.max(finalafterms, scaleOf(samples.map((sample) => sample.finalafterms)).min)),
];
