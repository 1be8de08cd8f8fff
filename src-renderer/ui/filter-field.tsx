import { TextInput } from '@mantine/core';

interface FilterFieldProps {
  readonly label: string;
  /** What can be looked for. */
  readonly hint: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Narrows what is listed below it while somebody types. */
export function FilterField({ label, hint, value, onChange }: FilterFieldProps) {
  return (
    <TextInput
      size="xs"
      className="filter-field"
      type="search"
      aria-label={label}
      placeholder={hint}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
