import { sparklinePoints } from './sparkline-points.ts';

const width = 72;
const height = 18;

interface SparklineProps {
  /** Oldest first, zero or more. */
  readonly values: readonly number[];
  readonly label: string;
}

export function Sparkline({ values, label }: SparklineProps) {
  const points = sparklinePoints(values, width, height);
  return (
    <svg className="sparkline" role="img" aria-label={label} width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
      <title>{label}</title>
      {points !== '' && <polyline points={points} />}
      {points !== '' && <circle cx={width} cy={points.slice(points.lastIndexOf(',') + 1)} r="1.75" />}
    </svg>
  );
}
