import type uPlot from 'uplot';
import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { formatBytes, formatClockSecond, formatClockTime } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import type { ChartKind } from '../../ui/chart.tsx';
import { chartAxis, chartColor, chartCursor } from '../../ui/chart-look.ts';
import { linesOf, topOf } from './traffic-scale.ts';

type Sample = TopicValue<'network'>['traffic']['samples'][number];
/** A label every two minutes, at full minutes. */
const labelStepS = 120;
const spanS = 600;
const axisPx = 84;

const top = (chart: uPlot): number => topOf(Math.max(...chart.data.slice(1).flatMap((series) => [...(series as number[])]), 0));

/** Sent as a whole line, received as a dashed one: colour is not all that tells them apart. */
export const trafficChart: ChartKind<Sample> = {
  className: 'traffic-plot',
  axisPx,
  dataOf: (samples) => [samples.map(({ atms }) => atms / 1_000), samples.map(({ sent }) => sent), samples.map(({ received }) => received)],
  optionsFor: () => ({
    padding: [12, 8, 0, 0],
    cursor: chartCursor(7),
    // Ten minutes, also while the node has run for less.
    scales: { x: { time: false, range: (_chart, _min, max) => [max - spanS, max] }, y: { range: (chart) => [0, top(chart)] } },
    series: [
      {},
      { stroke: chartColor('accent'), width: 1.5, points: { show: false } },
      { stroke: chartColor('good'), width: 1.5, dash: [5, 3], points: { show: false } },
    ],
    axes: [
      {
        ...chartAxis(),
        size: 24,
        grid: { show: false },
        splits: (_chart, _axis, min, max) => {
          const first = Math.ceil(min / labelStepS) * labelStepS;
          return Array.from({ length: Math.max(0, Math.floor((max - first) / labelStepS) + 1) }, (_, i) => first + i * labelStepS);
        },
        values: (_chart, splits) => splits.map((seconds) => formatClockTime(seconds * 1_000)),
      },
      {
        ...chartAxis(),
        size: axisPx,
        splits: (chart) => [...linesOf(top(chart))],
        values: (_chart, splits) => splits.map((bytes) => text.peers.traffic.perSecond(bytes)),
      },
    ],
  }),
  wordsOf: ({ atms, sent, received }) => (
    <>
      {text.peers.traffic.sent} <strong>{formatBytes(sent)}</strong> · {text.peers.traffic.received} <strong>{formatBytes(received)}</strong>{' '}
      <span className="muted">{formatClockSecond(atms)}</span>
    </>
  ),
};
