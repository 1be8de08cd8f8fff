import { Radio } from '@mantine/core';

interface ChoiceCardsProps<Value extends string> {
  readonly label: string;
  readonly value: Value | undefined;
  readonly onChange: (value: Value) => void;
  readonly choices: readonly { readonly value: Value; readonly label: string; readonly about?: string }[];
  readonly disabled?: boolean;
}

/** A few answers, each with what it means. */
export function ChoiceCards<Value extends string>({ label, value, onChange, choices, disabled = false }: ChoiceCardsProps<Value>) {
  return (
    <Radio.Group aria-label={label} value={value ?? null} onChange={(chosen) => onChange(chosen as Value)}>
      <div className="setup-choices">
        {choices.map((choice) => (
          <Radio
            key={choice.value}
            className="setup-choice"
            value={choice.value}
            label={choice.label}
            description={choice.about}
            disabled={disabled}
            data-testid={`choice-${choice.value}`}
          />
        ))}
      </div>
    </Radio.Group>
  );
}
