import { SegmentedControl } from '@mantine/core';
import { formatCount } from '../text/format.ts';

interface SegmentsProps<Value extends string> {
  /** What is chosen, for who cannot see it. */
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly options: readonly { readonly value: Value; readonly label: string; readonly count?: number | undefined }[];
  readonly testId?: string;
}

/** One of a few: tabs of a page, filters of a list. */
export function Segments<Value extends string>({ label, value, onChange, options, testId }: SegmentsProps<Value>) {
  return (
    <SegmentedControl
      className="segments"
      size="xs"
      aria-label={label}
      transitionDuration={120}
      value={value}
      onChange={(chosen) => onChange(chosen as Value)}
      data={options.map((option) => ({
        value: option.value,
        label: option.count === undefined ? option.label : `${option.label} ${formatCount(option.count)}`,
      }))}
      data-testid={testId}
    />
  );
}
