import { Button, Drawer, Popover, TextInput } from '@mantine/core';
import { type FormEvent, useDeferredValue, useRef, useState } from 'react';
import type { Response } from '../../../src-shared/api/contract.ts';
import type { NetworkName } from '../../../src-shared/domain/networks.ts';
import { maxLabelLength } from '../../../src-shared/domain/payment-uri.ts';
import { addressHref } from '../../explorer-places.ts';
import { hrefOf } from '../../routes.ts';
import { useAction } from '../../stores/use-action.ts';
import { shorten } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { ActionOutcome } from '../../ui/action-outcome.tsx';
import { wordsOf } from '../../ui/client-error-words.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { FilterField } from '../../ui/filter-field.tsx';
import { OwnAmount } from '../../ui/own-amount.tsx';
import { Segments } from '../../ui/segments.tsx';
import { EmptyPanel, LoadingPanel, Notice } from '../../ui/state-panel.tsx';
import { type Account, accountName, ofAccount, useAccount } from './account-store.ts';
import { LabelEditor } from './label-editor.tsx';
import { QrCode } from './qr-code.tsx';
import { ReceiveLink } from './receive-link.tsx';
import { readRecipient } from './send-fields.ts';
import { startPayment } from './send-store.ts';
import { useAsked } from './use-asked.ts';
import { useWalletChange } from './wallet-change.ts';
import { showWalletTab } from './wallet-tabs.ts';

type AddressInfo = Response<'getaddressinfo'>;
type Kind = 'mine' | 'others';
const names = text.wallet.addresses;
/** As many as the contract gives at once; the search reaches the others. */
const maxShown = 1_000;

function columnsOf(kind: Kind, accounts: readonly Account[]): readonly Column<AddressInfo>[] {
  const nameOf = (number: number | undefined): string => {
    const found = accounts.find(({ account }) => account === number);
    return found === undefined ? '' : accountName(found);
  };
  const first: readonly Column<AddressInfo>[] = [
    {
      id: 'label',
      header: text.wallet.label,
      widthPx: kind === 'mine' ? 160 : undefined,
      cell: ({ label, address }) => (label === '' ? <span className="muted mono">{shorten(address, 8)}</span> : label),
      value: ({ label }) => (label === '' ? undefined : label),
    },
    {
      id: 'address',
      header: names.address,
      widthPx: kind === 'mine' ? undefined : 320,
      leastPx: 152,
      cell: ({ address }) => (
        <span className="line">
          <span className="mono cut" title={address}>
            {address}
          </span>
          <CopyButton value={address} label={text.common.copyWhole(address)} />
        </span>
      ),
      value: ({ address }) => address,
    },
  ];
  if (kind === 'others') return first;
  return [
    ...first,
    ...(accounts.length > 1
      ? [
          {
            id: 'account',
            header: names.account,
            widthPx: 120,
            cell: (one: AddressInfo) => nameOf(one.account),
            value: (one: AddressInfo) => nameOf(one.account),
          },
        ]
      : []),
    {
      id: 'used',
      header: names.used,
      means: names.usedMeans,
      widthPx: 64,
      yields: 1,
      cell: ({ used }) => (used === true ? text.common.yes : text.common.no),
      value: ({ used }) => Number(used ?? false),
    },
    {
      id: 'balance',
      header: names.balance,
      widthPx: 148,
      isNumber: true,
      cell: ({ balance }) => <OwnAmount time={balance ?? '0'} />,
      value: ({ balance }) => Number(balance ?? 0),
    },
  ];
}

/** An address of somebody, to be paid again without asking for it. */
function AddToBook({ network, onAdded }: { readonly network: NetworkName; readonly onAdded: () => void }) {
  const action = useAction();
  const [opened, setOpened] = useState(false);
  const [address, setAddress] = useState('');
  const [label, setLabel] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const read = readRecipient(address, network);
  const add = (event: FormEvent): void => {
    event.preventDefault();
    if (read.kind !== 'address') return;
    void action.run('setlabel', { address: read.address, label: label.trim() }, names.added).then((worked) => {
      if (!worked) return;
      setAddress('');
      setLabel('');
      field.current?.focus();
      onAdded();
    });
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" shadow="sm" trapFocus returnFocus width={360}>
      <Popover.Target>
        <Button size="xs" onClick={() => setOpened(!opened)} data-testid="book-add">
          {names.add}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form className="wallet-form" onSubmit={add} autoComplete="off">
          <TextInput
            ref={field}
            label={names.address}
            value={address}
            onChange={(event) => setAddress(event.currentTarget.value)}
            error={read.kind === 'wrong' ? text.recipientErrors[read.error] : undefined}
            spellCheck={false}
            classNames={{ input: 'mono' }}
            data-testid="book-address"
          />
          <TextInput
            label={text.wallet.label}
            maxLength={maxLabelLength}
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
            data-testid="book-label"
          />
          <ActionOutcome state={action.state} />
          <Button type="submit" disabled={read.kind !== 'address' || label.trim() === '' || action.state.kind === 'busy'} data-testid="book-save">
            {text.wallet.save}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

function AddressDetails({ info, onSaved }: { readonly info: AddressInfo; readonly onSaved: () => void }) {
  const pay = (): void => {
    startPayment({ to: info.address, label: info.label });
    showWalletTab('send');
  };
  return (
    <div className="wallet-form">
      <QrCode content={`timecoin:${info.address}`} />
      <div className="receive-address">
        <p className="mono whole">
          <a className="to-explorer" href={addressHref(info.address)}>
            {info.address}
          </a>
        </p>
        <CopyButton value={info.address} label={text.wallet.copyAddress} />
      </div>
      <LabelEditor key={info.label} address={info.address} label={info.label} onSaved={onSaved} />
      {info.ismine && (
        <dl className="wallet-facts">
          <dt>{names.balance}</dt>
          <dd>
            <OwnAmount time={info.balance ?? '0'} />
          </dd>
          <dt>{names.used}</dt>
          <dd>{info.used === true ? text.common.yes : text.common.no}</dd>
          <dt>{names.path}</dt>
          <dd className="mono">{info.hdkeypath}</dd>
        </dl>
      )}
      {info.ismine ? (
        <a className="link" href={hrefOf('wallet', { show: 'messages', address: info.address })}>
          {names.sign}
        </a>
      ) : (
        <Button onClick={pay} data-testid="book-pay">
          {names.pay}
        </Button>
      )}
    </div>
  );
}

interface AddressesTabProps {
  readonly network: NetworkName;
  readonly accounts: readonly Account[];
}

/** The wallet's own addresses, and the book of those of others. */
export function AddressesTab({ network, accounts }: AddressesTabProps) {
  const { account } = useAccount();
  const [kind, setKind] = useState<Kind>('mine');
  const [filter, setFilter] = useState('');
  const wanted = useDeferredValue(filter.trim());
  const listed = useAsked('listaddresses', { kind, count: maxShown, text: wanted, ...ofAccount(kind === 'mine' ? account : undefined) }, useWalletChange());
  const [opened, setOpened] = useState<AddressInfo>();
  // While the other list is on its way the one before is still there.
  const rows = listed.value?.filter(({ ismine }) => ismine === (kind === 'mine'));
  return (
    <section className="card table-card">
      <div className="tools">
        <span className="line wallet-filters">
          <Segments
            label={names.kind}
            value={kind}
            onChange={setKind}
            options={(['mine', 'others'] as const).map((value) => ({ value, label: names.kinds[value] }))}
            testId="address-kind"
          />
          <FilterField label={names.filter} hint={names.filterHint} value={filter} onChange={setFilter} />
        </span>
        <AddToBook network={network} onAdded={listed.again} />
      </div>
      {listed.error !== undefined && <Notice tone="bad" advice={wordsOf(listed.error)} onRetry={listed.again} />}
      {rows === undefined ? (
        listed.error === undefined && <LoadingPanel />
      ) : rows.length === 0 ? (
        <EmptyPanel advice={wanted === '' ? names.empty[kind] : names.noMatch}>{wanted === '' && kind === 'mine' ? <ReceiveLink /> : undefined}</EmptyPanel>
      ) : (
        <DataTable
          key={kind}
          label={names.kinds[kind]}
          columns={columnsOf(kind, accounts)}
          rows={rows}
          rowKey={({ address }) => address}
          firstOrder={kind === 'mine' ? { id: 'newest', descending: false } : { id: 'label', descending: false }}
          onOpen={setOpened}
          openLabel={({ label, address }) => names.open(label === '' ? shorten(address, 8) : label)}
          rowTestId="address-row"
        />
      )}
      <Drawer
        opened={opened !== undefined}
        onClose={() => setOpened(undefined)}
        position="right"
        size={380}
        title={names.one}
        closeButtonProps={{ 'aria-label': text.wallet.close }}
      >
        {opened !== undefined && <AddressDetails info={rows?.find(({ address }) => address === opened.address) ?? opened} onSaved={listed.again} />}
      </Drawer>
    </section>
  );
}
