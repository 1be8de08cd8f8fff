import type uPlot from 'uplot';

/** What all charts have in common: a hairline grid, no ticks, the palette's colours as they are when a chart is made. */
export const chartFont = "12px 'Inter Variable', sans-serif";
export const chartColor = (role: string): string => getComputedStyle(document.documentElement).getPropertyValue(`--time-${role}`).trim();
export const chartAxis = (): uPlot.Axis => ({
  stroke: chartColor('muted'),
  font: chartFont,
  grid: { stroke: chartColor('line'), width: 1 },
  ticks: { show: false },
});
export const chartCursor = (pointPx: number): uPlot.Cursor => ({ y: false, drag: { setScale: false, x: false, y: false }, points: { size: pointPx } });

/** A labelled line across the chart at a value of the axis `y`: what the others are to be compared with. */
export function drawThreshold(chart: uPlot, value: number, label: string): void {
  const { ctx, bbox } = chart;
  const y = Math.round(chart.valToPos(value, 'y', true)) + 0.5;
  ctx.save();
  ctx.strokeStyle = chartColor('warning');
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.font = chartFont.replace('12px', `${12 * devicePixelRatio}px`);
  ctx.textAlign = 'right';
  ctx.textBaseline = 'bottom';
  const right = bbox.left + bbox.width - 2 * devicePixelRatio;
  // A grid line may run through it where the chart is low.
  const { width, actualBoundingBoxAscent } = ctx.measureText(label);
  ctx.fillStyle = chartColor('surface');
  ctx.fillRect(
    right - width - 2 * devicePixelRatio,
    y - actualBoundingBoxAscent - 4 * devicePixelRatio,
    width + 4 * devicePixelRatio,
    actualBoundingBoxAscent + 3 * devicePixelRatio,
  );
  ctx.fillStyle = chartColor('warning');
  ctx.fillText(label, right, y - 2 * devicePixelRatio);
  ctx.restore();
}
