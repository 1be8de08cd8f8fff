import { Button, Modal, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { maxLabelLength } from '../../../src-shared/domain/payment-uri.ts';
import { useAction } from '../../stores/use-action.ts';
import { text } from '../../text/text.ts';
import { ActionOutcome } from '../../ui/action-outcome.tsx';
import { OwnAmount } from '../../ui/own-amount.tsx';
import { type Account, accountName } from './account-store.ts';

const names = text.wallet.accounts;

function AccountRow({ account }: { readonly account: Account }) {
  const action = useAction();
  const [name, setName] = useState(account.name);
  const rename = (event: FormEvent): void => {
    event.preventDefault();
    void action.run('setaccountname', { account: account.account, name: name.trim() }, names.renamed);
  };
  return (
    <li data-testid="account-row">
      <form className="account-row" onSubmit={rename} autoComplete="off">
        <TextInput
          size="xs"
          aria-label={names.nameOf(account.account)}
          placeholder={accountName({ account: account.account, name: '' })}
          maxLength={maxLabelLength}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <span className="number">
          <OwnAmount time={account.spendable} />
        </span>
        <Button type="submit" size="xs" variant="default" disabled={name.trim() === account.name || action.state.kind === 'busy'}>
          {names.rename}
        </Button>
      </form>
      <ActionOutcome state={action.state} />
    </li>
  );
}

interface AccountsDialogProps {
  readonly opened: boolean;
  readonly accounts: readonly Account[];
  readonly onClose: () => void;
}

/** Accounts keep coins apart that are not to be mixed; all come from the same words. */
export function AccountsDialog({ opened, accounts, onClose }: AccountsDialogProps) {
  const action = useAction();
  const [name, setName] = useState('');
  const create = (event: FormEvent): void => {
    event.preventDefault();
    void action.run('createaccount', { name: name.trim() }, names.created).then((worked) => worked && setName(''));
  };
  return (
    <Modal opened={opened} onClose={onClose} title={names.title} closeButtonProps={{ 'aria-label': text.wallet.close }}>
      <div className="wallet-form">
        <p className="small muted">{names.means}</p>
        <ul className="account-list">
          {accounts.map((account) => (
            <AccountRow key={`${account.account} ${account.name}`} account={account} />
          ))}
        </ul>
        <form className="account-row" onSubmit={create} autoComplete="off">
          <TextInput
            size="xs"
            aria-label={names.newName}
            placeholder={names.newName}
            maxLength={maxLabelLength}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-testid="account-name"
          />
          <Button type="submit" size="xs" disabled={name.trim() === '' || action.state.kind === 'busy'} data-testid="account-create">
            {names.create}
          </Button>
        </form>
        <ActionOutcome state={action.state} />
      </div>
    </Modal>
  );
}
