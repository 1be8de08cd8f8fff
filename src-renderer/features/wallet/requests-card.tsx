import { Button, Drawer, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Response } from '../../../src-shared/api/contract.ts';
import { maxLabelLength } from '../../../src-shared/domain/payment-uri.ts';
import type { ClientError } from '../../api/client-error.ts';
import { transactionHref } from '../../explorer-places.ts';
import { useNode } from '../../stores/client-context.ts';
import { useAction } from '../../stores/use-action.ts';
import { formatAmount, shorten } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { ActionOutcome } from '../../ui/action-outcome.tsx';
import { Ago } from '../../ui/ago.tsx';
import { wordsOf } from '../../ui/client-error-words.ts';
import { useCopy } from '../../ui/copy-button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Hash } from '../../ui/hash.tsx';
import { OwnAmount } from '../../ui/own-amount.tsx';
import { Section } from '../../ui/section.tsx';
import { EmptyPanel, LoadingPanel, Notice } from '../../ui/state-panel.tsx';
import { StatusWord, type Tone } from '../../ui/status-word.tsx';
import { QrCode } from './qr-code.tsx';
import { readAmount } from './send-fields.ts';
import { useAsked } from './use-asked.ts';
import { useWalletChange } from './wallet-change.ts';

type Request = Response<'createpaymentrequest'>;
const names = text.wallet.requests;
/** More than the wallet keeps open (src-main/node/keys/wallet-book.ts). */
const maxRequests = 1_000;
const tones: Record<Request['state'], Tone> = { open: 'muted', partly: 'warning', paid: 'good' };

/** What is coming in is said before it is final, and counts when it is. */
function stateWords({ state, pending }: Request): string {
  return Number(pending) > 0 ? names.pending(formatAmount(pending)) : names.states[state];
}

const columns: readonly Column<Request>[] = [
  {
    id: 'label',
    header: text.wallet.label,
    widthPx: 88,
    cell: ({ label, address }) => (label === '' ? <span className="mono">{shorten(address, 8)}</span> : label),
    value: ({ label, address }) => (label === '' ? address : label),
  },
  { id: 'created', header: names.created, widthPx: 84, cell: ({ created }) => <Ago atMs={created} />, value: ({ created }) => created },
  {
    id: 'amount',
    header: text.wallet.amount,
    widthPx: 112,
    isNumber: true,
    cell: ({ amount }) => (amount === undefined ? <span className="muted">{names.anyAmount}</span> : <OwnAmount time={amount} />),
    value: ({ amount }) => (amount === undefined ? undefined : Number(amount)),
  },
  {
    id: 'state',
    header: text.wallet.historyTab.columns.state,
    widthPx: 130,
    cell: (request) => (
      <span className="history-cell" title={stateWords(request)}>
        <StatusWord tone={tones[request.state]}>{stateWords(request)}</StatusWord>
      </span>
    ),
    value: ({ state }) => names.states[state],
  },
];

function RequestForm({ account, onMade }: { readonly account: number; readonly onMade: (request: Request) => void }) {
  const { client } = useNode();
  const [amount, setAmount] = useState('');
  const [label, setLabel] = useState('');
  const [error, setError] = useState<ClientError>();
  const read = readAmount(amount, undefined);
  const ask = (event: FormEvent): void => {
    event.preventDefault();
    if (read.kind === 'wrong') return;
    void client.call('createpaymentrequest', { ...(read.kind === 'amount' ? { amount: read.time } : {}), label: label.trim(), account }).then((outcome) => {
      setError(outcome.ok ? undefined : outcome.error);
      if (!outcome.ok) return;
      setAmount('');
      setLabel('');
      onMade(outcome.value);
    });
  };
  return (
    <form className="wallet-form" onSubmit={ask} autoComplete="off">
      <div className="request-form">
        <TextInput
          size="xs"
          label={text.wallet.requestAmount}
          placeholder={names.anyAmount}
          inputMode="decimal"
          value={amount}
          onChange={(event) => setAmount(event.currentTarget.value)}
          error={read.kind === 'wrong' ? text.wallet.amountErrors[read.error] : undefined}
          data-testid="request-amount"
        />
        <TextInput
          size="xs"
          label={names.labelFor}
          maxLength={maxLabelLength}
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
          data-testid="request-label"
        />
        <Button type="submit" size="xs" disabled={read.kind === 'wrong'} data-testid="request-create">
          {names.create}
        </Button>
      </div>
      {error !== undefined && <Notice tone="bad" advice={wordsOf(error)} />}
    </form>
  );
}

function RequestDetails({ request, onForgotten }: { readonly request: Request; readonly onForgotten: () => void }) {
  const action = useAction();
  const { state, copy } = useCopy(request.uri);
  const forget = (): void => {
    void action.run('deletepaymentrequest', { address: request.address }, '').then((worked) => worked && onForgotten());
  };
  return (
    <div className="wallet-form" data-testid="request-panel">
      <QrCode content={request.uri} />
      <Button onClick={copy}>{state === 'copied' ? text.common.copied : text.wallet.copyLink}</Button>
      <div role="status" data-testid="request-state">
        <StatusWord tone={tones[request.state]}>{stateWords(request)}</StatusWord>
      </div>
      <dl className="wallet-facts">
        {request.label !== '' && (
          <>
            <dt>{text.wallet.label}</dt>
            <dd>{request.label}</dd>
          </>
        )}
        <dt>{text.wallet.amount}</dt>
        <dd>{request.amount === undefined ? names.anyAmount : <OwnAmount time={request.amount} />}</dd>
        <dt>{names.received}</dt>
        <dd>
          <OwnAmount time={request.received} />
        </dd>
        <dt>{names.address}</dt>
        <dd className="mono whole">{request.address}</dd>
        {request.txids.length > 0 && (
          <>
            <dt>{names.payments}</dt>
            <dd>
              <ul>
                {request.txids.map((txid) => (
                  <li key={txid}>
                    <Hash value={txid} head={8} href={transactionHref(txid)} />
                  </li>
                ))}
              </ul>
            </dd>
          </>
        )}
      </dl>
      <Button variant="default" size="xs" title={names.forgetMeans} disabled={action.state.kind === 'busy'} onClick={forget} data-testid="request-forget">
        {names.forget}
      </Button>
      <ActionOutcome state={action.state} />
    </div>
  );
}

interface RequestsCardProps {
  /** New ones are made in it. */
  readonly account: number;
}

/** Who was asked to pay, and whether they have. */
export function RequestsCard({ account }: RequestsCardProps) {
  const listed = useAsked('listpaymentrequests', { count: maxRequests }, useWalletChange());
  const [opened, setOpened] = useState<Request>();
  const close = (): void => setOpened(undefined);
  const shown = listed.value?.find(({ address }) => address === opened?.address) ?? opened;
  return (
    <Section title={names.title} means={names.means} className="requests-card">
      <RequestForm
        account={account}
        onMade={(request) => {
          setOpened(request);
          listed.again();
        }}
      />
      {listed.error !== undefined && <Notice tone="bad" advice={wordsOf(listed.error)} onRetry={listed.again} />}
      {listed.value === undefined ? (
        listed.error === undefined && <LoadingPanel />
      ) : listed.value.length === 0 ? (
        <EmptyPanel advice={names.empty} />
      ) : (
        <DataTable
          label={names.title}
          columns={columns}
          rows={listed.value}
          rowKey={({ address }) => address}
          firstOrder={{ id: 'created', descending: true }}
          onOpen={setOpened}
          openLabel={({ label, address }) => names.open(label === '' ? shorten(address, 8) : label)}
          rowTestId="request-row"
        />
      )}
      <Drawer
        opened={opened !== undefined}
        onClose={close}
        position="right"
        size={360}
        title={names.one}
        closeButtonProps={{ 'aria-label': text.wallet.close }}
      >
        {shown !== undefined && (
          <RequestDetails
            key={shown.address}
            request={shown}
            onForgotten={() => {
              close();
              listed.again();
            }}
          />
        )}
      </Drawer>
    </Section>
  );
}
