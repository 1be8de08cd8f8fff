import { Button, Select } from '@mantine/core';
import { useState } from 'react';
import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { hideAmounts, useHiddenAmounts } from '../../stores/hidden-amounts.ts';
import { text } from '../../text/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { OwnAmount } from '../../ui/own-amount.tsx';
import { type Account, accountName, chooseAccount, useAccount } from './account-store.ts';
import { AccountsDialog } from './accounts-dialog.tsx';
import { LockControl } from './lock-control.tsx';

const names = text.wallet;
const all = 'all';

interface BalanceCardProps {
  readonly info: NonNullable<TopicValue<'wallet'>['info']>;
  readonly accounts: readonly Account[];
  /** Of the account that is chosen, or of all together. */
  readonly balance: Balance;
}

export interface Balance {
  /** Decimal strings of TIME. */
  readonly spendable: string;
  readonly pending: string;
  readonly immature: string;
  readonly locked: string;
}

/** Of all, as the topic has it at once; of one account, as the list of accounts has it. */
export function balanceFor({ balances: { mine } }: TopicValue<'wallet'>, accounts: readonly Account[], account: number | undefined): Balance {
  const one = accounts.find((candidate) => candidate.account === account);
  if (one !== undefined) return { spendable: one.spendable, pending: one.untrusted_pending, immature: one.immature, locked: one.locked };
  return { spendable: mine.trusted, pending: mine.untrusted_pending, immature: mine.immature, locked: mine.locked };
}

function AccountChoice({ accounts }: { readonly accounts: readonly Account[] }) {
  const { account } = useAccount();
  const [managing, setManaging] = useState(false);
  return (
    <span className="line">
      {accounts.length > 1 && (
        <Select
          size="xs"
          w={180}
          aria-label={names.accounts.choose}
          value={account === undefined ? all : String(account)}
          onChange={(value) => chooseAccount(value === null || value === all ? undefined : Number(value))}
          data={[{ value: all, label: names.accounts.all }, ...accounts.map((one) => ({ value: String(one.account), label: accountName(one) }))]}
          allowDeselect={false}
          data-testid="account"
        />
      )}
      <Button variant="default" size="xs" onClick={() => setManaging(true)} data-testid="accounts">
        {names.accounts.manage}
      </Button>
      <AccountsDialog opened={managing} accounts={accounts} onClose={() => setManaging(false)} />
    </span>
  );
}

export function BalanceCard({ info, accounts, balance }: BalanceCardProps) {
  const { hidden } = useHiddenAmounts();
  const parts = [
    { name: names.pending, means: names.pendingMeans, time: balance.pending },
    { name: names.immature, means: names.immatureMeans, time: balance.immature },
    { name: names.locked, means: names.lockedMeans, time: balance.locked },
  ];
  return (
    <section className="card balance">
      <div className="balance-main">
        <h2 className="card-label">{names.spendable}</h2>
        <p className="figure line" data-testid="balance-spendable" data-amount={hidden ? undefined : balance.spendable}>
          <OwnAmount time={balance.spendable} />
          <button
            type="button"
            className="copy"
            aria-pressed={hidden}
            aria-label={names.hideAmounts}
            title={hidden ? names.showAmounts : names.hideAmounts}
            onClick={() => hideAmounts(!hidden)}
            data-testid="hide-amounts"
          >
            <Icon name={hidden ? 'hidden' : 'shown'} />
          </button>
        </p>
      </div>
      <dl className="balance-parts">
        {parts.map(({ name, means, time }) => (
          <div key={name} title={means}>
            <dt>{name}</dt>
            <dd>
              <OwnAmount time={time} />
            </dd>
          </div>
        ))}
      </dl>
      <div className="balance-tools">
        <LockControl info={info} />
        <AccountChoice accounts={accounts} />
      </div>
    </section>
  );
}
