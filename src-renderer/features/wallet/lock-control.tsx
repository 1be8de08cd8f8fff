import { Button, Popover, Select } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { useAction } from '../../stores/use-action.ts';
import { formatUntil } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { ActionOutcome } from '../../ui/action-outcome.tsx';
import { useNodeNow } from '../../ui/clock.ts';
import { Icon } from '../../ui/icon.tsx';
import { chooseIdleMinutes, idleMinutes, readIdleMinutes, useIdleMinutes } from './idle-choice.ts';
import { PassphraseField, usePassphrase, usePassphraseDelay } from './passphrase-field.tsx';

type Info = NonNullable<TopicValue<'wallet'>['info']>;
const names = text.wallet.lock;

/** Unlocking makes new addresses and accounts possible; what spends takes the passphrase all the same. */
function UnlockForm({ onDone }: { readonly onDone: () => void }) {
  const action = useAction();
  const passphrase = usePassphrase();
  const { minutes } = useIdleMinutes();
  const delayMs = usePassphraseDelay();
  const unlock = (event: FormEvent): void => {
    event.preventDefault();
    void action.run('walletpassphrase', { passphrase: passphrase.take(), timeout: minutes * 60 }, names.unlocked).then((worked) => worked && onDone());
  };
  return (
    <form className="wallet-form" onSubmit={unlock} autoComplete="off">
      <p className="small muted">{names.means}</p>
      <PassphraseField passphrase={passphrase} testId="unlock-passphrase" />
      <Select
        label={names.idle}
        data={idleMinutes.map((value) => ({ value: String(value), label: names.minutes(value) }))}
        value={String(minutes)}
        onChange={(value) => chooseIdleMinutes(readIdleMinutes(value))}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
      />
      <ActionOutcome state={action.state} />
      <Button type="submit" disabled={passphrase.typed === '' || action.state.kind === 'busy' || delayMs > 0} data-testid="unlock-confirm">
        {names.unlock}
      </Button>
    </form>
  );
}

/** Whether the wallet is locked, since a word says it, and the button that changes it. */
export function LockControl({ info }: { readonly info: Info }) {
  const [opened, setOpened] = useState(false);
  const action = useAction();
  const now = useNodeNow();
  if (!info.passphraserequired) return <span className="tag">{names.none}</span>;
  if (info.unlocked)
    return (
      <span className="line">
        <span className="line small muted" data-testid="lock-state">
          <Icon name="unlocked" />
          {info.unlockeduntil === undefined ? names.open : names.openFor(formatUntil(info.unlockeduntil - now))}
        </span>
        <button type="button" className="quiet-button" onClick={() => void action.run('walletlock', {}, names.locked)} data-testid="lock-now">
          {names.lockNow}
        </button>
      </span>
    );
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" shadow="sm" trapFocus returnFocus width={320}>
      <Popover.Target>
        <button type="button" className="quiet-button" onClick={() => setOpened(!opened)} aria-expanded={opened} data-testid="lock-state">
          <Icon name="locked" />
          {names.locked}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <UnlockForm onDone={() => setOpened(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}
