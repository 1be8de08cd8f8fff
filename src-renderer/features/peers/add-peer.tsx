import { Button, Popover, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useAction } from '../../stores/use-action.ts';
import { text } from '../../text/text.ts';
import { ActionOutcome } from '../../ui/action-outcome.tsx';
import { looksLikeAddress } from './peer-address.ts';

/** A peer to keep connected, by its address. */
export function AddPeer() {
  const { state, run } = useAction();
  const [address, setAddress] = useState('');
  const [opened, setOpened] = useState(false);
  const trimmed = address.trim();
  const isWrong = trimmed !== '' && !looksLikeAddress(trimmed);
  const add = (event: FormEvent): void => {
    event.preventDefault();
    if (trimmed === '' || isWrong) return;
    void run('addnode', { node: trimmed, command: 'add' }, text.peers.add.done(trimmed)).then((worked) => {
      if (worked) setAddress('');
    });
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" shadow="sm" trapFocus returnFocus width={340}>
      <Popover.Target>
        <Button size="xs" onClick={() => setOpened(!opened)} data-testid="peer-add">
          {text.peers.add.open}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form className="peer-form" onSubmit={add}>
          <TextInput
            size="sm"
            label={text.peers.add.label}
            placeholder={text.peers.add.hint}
            description={text.peers.add.means}
            value={address}
            onChange={(event) => setAddress(event.currentTarget.value)}
            error={isWrong ? text.peers.add.malformed : undefined}
            autoComplete="off"
            spellCheck={false}
            data-testid="peer-add-address"
          />
          <ActionOutcome state={state} />
          <div className="line peer-form-buttons">
            <Button variant="default" size="xs" onClick={() => setOpened(false)}>
              {text.peers.panel.close}
            </Button>
            <Button type="submit" size="xs" disabled={trimmed === '' || isWrong || state.kind === 'busy'} data-testid="peer-add-confirm">
              {text.peers.add.confirm}
            </Button>
          </div>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
