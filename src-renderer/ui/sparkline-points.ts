/**
 * Points of a line through the values, from zero at the bottom to the largest at the top: lines of different rows compare by shape and by
 * their numbers beside them, not by height.
 *
 * @returns `x,y` pairs for an SVG polyline, y downwards; empty for fewer than two values
 */
export function sparklinePoints(values: readonly number[], width: number, height: number): string {
  if (values.length < 2) return '';
  const most = Math.max(...values, Number.MIN_VALUE);
  const step = width / (values.length - 1);
  return values.map((value, i) => `${(i * step).toFixed(1)},${(height - (value / most) * height).toFixed(1)}`).join(' ');
}
