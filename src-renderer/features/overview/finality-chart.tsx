import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { formatClockSecond, formatClockTime, formatCount, formatDuration, formatExactTime } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import type { ChartKind } from '../../ui/chart.tsx';
import { chartAxis, chartColor, chartCursor, drawThreshold } from '../../ui/chart-look.ts';
import { decadesWithin, limitMs, scaleOf } from './finality-scale.ts';

type Sample = TopicValue<'overview'>['finality']['samples'][number];
/** About four times of day along the axis. */
const timeLabels = 4;
/** Minutes alone would say the same at each label. */
const secondsBelowMs = 10 * 60_000;
const axisPx = 72;

const scaleFor = (samples: readonly Sample[]): { readonly min: number; readonly max: number } => scaleOf(samples.map(({ finalafterms }) => finalafterms));

/** Payments in their order, evenly spaced, with their times of day below; how long each took upwards, logarithmically. */
export const finalityChart: ChartKind<Sample> = {
  className: 'finality-plot',
  axisPx,
  dataOf: (samples) => [samples.map((_, index) => index), samples.map(({ finalafterms }) => Math.max(finalafterms, scaleFor(samples).min))],
  optionsFor: (newest) => ({
    padding: [16, 8, 0, 0],
    cursor: chartCursor(9),
    scales: {
      x: { time: false, range: () => [-0.5, newest().length - 0.5] },
      y: {
        distr: 3,
        range: () => {
          const { min, max } = scaleFor(newest());
          return [min, max];
        },
      },
    },
    series: [
      {},
      {
        stroke: chartColor('accent'),
        width: 0,
        paths: () => null,
        points: { show: true, size: 5, fill: chartColor('accent'), stroke: chartColor('accent'), width: 0 },
      },
    ],
    axes: [
      {
        ...chartAxis(),
        size: 24,
        grid: { show: false },
        splits: () => {
          const count = newest().length;
          const step = Math.max(1, Math.ceil(count / timeLabels));
          // In the middle of its part, so that the first one keeps clear of the axis at the left.
          return Array.from({ length: Math.floor(count / step) }, (_, i) => Math.floor((i + 1 / 2) * step));
        },
        values: (_chart, splits) =>
          splits.map((index) => {
            const samples = newest();
            const sample = samples[index];
            if (sample === undefined) return '';
            const spanMs = (samples.at(-1)?.atms ?? 0) - (samples[0]?.atms ?? 0);
            return spanMs < secondsBelowMs ? formatClockSecond(sample.atms) : formatClockTime(sample.atms);
          }),
      },
      {
        ...chartAxis(),
        size: axisPx,
        splits: (_chart, _axis, min, max) => decadesWithin(min, max),
        values: (_chart, splits) => splits.map((ms) => `${ms < 1 ? ms : formatCount(ms)} ${text.overview.axisUnit}`),
        filter: (_chart, splits) => splits,
      },
    ],
    hooks: { draw: [(chart) => drawThreshold(chart, limitMs, text.overview.limit)] },
  }),
  wordsOf: ({ atms, finalafterms }) => (
    <>
      <strong>{text.overview.sample(formatDuration(finalafterms))}</strong> <span className="muted">{formatExactTime(atms)}</span>
    </>
  ),
};
