import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { maxLabelLength } from '../../../src-shared/domain/payment-uri.ts';
import { useAction } from '../../stores/use-action.ts';
import { text } from '../../text/text.ts';
import { ActionOutcome } from '../../ui/action-outcome.tsx';

interface LabelEditorProps {
  readonly address: string;
  readonly label: string;
  readonly onSaved?: () => void;
}

/** What a person calls an address. */
export function LabelEditor({ address, label, onSaved }: LabelEditorProps) {
  const action = useAction();
  const [typed, setTyped] = useState(label);
  const save = (event: FormEvent): void => {
    event.preventDefault();
    void action.run('setlabel', { address, label: typed.trim() }, text.wallet.labelSaved).then((worked) => worked && onSaved?.());
  };
  return (
    <form className="wallet-form" onSubmit={save} autoComplete="off">
      <div className="label-edit">
        <TextInput
          size="xs"
          label={text.wallet.label}
          maxLength={maxLabelLength}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          data-testid="label"
        />
        <Button type="submit" size="xs" variant="default" disabled={typed.trim() === label || action.state.kind === 'busy'} data-testid="label-save">
          {text.wallet.save}
        </Button>
      </div>
      <ActionOutcome state={action.state} />
    </form>
  );
}
