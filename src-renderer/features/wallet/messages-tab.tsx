import { Button, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { NetworkName } from '../../../src-shared/domain/networks.ts';
import type { ClientError } from '../../api/client-error.ts';
import { useParameter } from '../../routes.ts';
import { useNode } from '../../stores/client-context.ts';
import { text } from '../../text/text.ts';
import { wordsOf } from '../../ui/client-error-words.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Section } from '../../ui/section.tsx';
import { Notice } from '../../ui/state-panel.tsx';
import { StatusWord } from '../../ui/status-word.tsx';
import { PassphraseField, usePassphrase, usePassphraseDelay } from './passphrase-field.tsx';
import { readRecipient } from './send-fields.ts';

const names = text.wallet.messages;
/** The contract's. */
const maxMessage = 10_000;

interface FieldsProps {
  readonly network: NetworkName;
  readonly address: string;
  readonly onAddress: (address: string) => void;
  readonly message: string;
  readonly onMessage: (message: string) => void;
  readonly testId: string;
}

function MessageFields({ network, address, onAddress, message, onMessage, testId }: FieldsProps) {
  const read = readRecipient(address, network);
  return (
    <>
      <TextInput
        label={text.wallet.addresses.address}
        value={address}
        onChange={(event) => onAddress(event.currentTarget.value)}
        error={read.kind === 'wrong' ? text.recipientErrors[read.error] : undefined}
        spellCheck={false}
        classNames={{ input: 'mono' }}
        data-testid={`${testId}-address`}
      />
      <Textarea
        label={names.message}
        value={message}
        onChange={(event) => onMessage(event.currentTarget.value)}
        maxLength={maxMessage}
        autosize
        minRows={3}
        maxRows={8}
        data-testid={`${testId}-message`}
      />
    </>
  );
}

function SignCard({ network, asksPassphrase }: MessagesTabProps) {
  const { client } = useNode();
  const [address, setAddress] = useState(useParameter('address') ?? '');
  const [message, setMessage] = useState('');
  const [signature, setSignature] = useState<string>();
  const [error, setError] = useState<ClientError>();
  const [busy, setBusy] = useState(false);
  const passphrase = usePassphrase();
  const delayMs = usePassphraseDelay();
  const read = readRecipient(address, network);
  const sign = (event: FormEvent): void => {
    event.preventDefault();
    if (read.kind !== 'address') return;
    setBusy(true);
    void client.call('signmessage', { address: read.address, message, passphrase: passphrase.take() }).then((outcome) => {
      setBusy(false);
      setSignature(outcome.ok ? outcome.value : undefined);
      setError(outcome.ok ? undefined : outcome.error);
    });
  };
  // A signature is of what was signed, and of nothing that is typed after it.
  const edit =
    <Value,>(set: (value: Value) => void) =>
    (value: Value): void => {
      set(value);
      setSignature(undefined);
    };
  return (
    <Section title={names.sign}>
      <form className="wallet-form" onSubmit={sign} autoComplete="off">
        <p className="small muted">{names.signMeans}</p>
        <MessageFields network={network} address={address} onAddress={edit(setAddress)} message={message} onMessage={edit(setMessage)} testId="sign" />
        {asksPassphrase && <PassphraseField passphrase={passphrase} testId="sign-passphrase" />}
        {error !== undefined && <Notice tone="bad" advice={wordsOf(error)} />}
        <Button
          type="submit"
          loading={busy}
          disabled={read.kind !== 'address' || message === '' || (asksPassphrase && (passphrase.typed === '' || delayMs > 0))}
          data-testid="sign-confirm"
        >
          {names.signNow}
        </Button>
        <div role="status">
          {signature !== undefined && (
            <>
              <p className="card-label">{names.signature}</p>
              <p className="line">
                <span className="mono whole" data-testid="signature">
                  {signature}
                </span>
                <CopyButton value={signature} label={names.copySignature} />
              </p>
            </>
          )}
        </div>
      </form>
    </Section>
  );
}

function VerifyCard({ network }: { readonly network: NetworkName }) {
  const { client } = useNode();
  const [address, setAddress] = useState('');
  const [message, setMessage] = useState('');
  const [signature, setSignature] = useState('');
  const [verdict, setVerdict] = useState<boolean>();
  const [error, setError] = useState<ClientError>();
  const read = readRecipient(address, network);
  const verify = (event: FormEvent): void => {
    event.preventDefault();
    if (read.kind !== 'address') return;
    void client.call('verifymessage', { address: read.address, message, signature: signature.trim() }).then((outcome) => {
      setVerdict(outcome.ok ? outcome.value : undefined);
      setError(outcome.ok ? undefined : outcome.error);
    });
  };
  const edit =
    (set: (value: string) => void) =>
    (value: string): void => {
      set(value);
      setVerdict(undefined);
    };
  return (
    <Section title={names.verify}>
      <form className="wallet-form" onSubmit={verify} autoComplete="off">
        <p className="small muted">{names.verifyMeans}</p>
        <MessageFields network={network} address={address} onAddress={edit(setAddress)} message={message} onMessage={edit(setMessage)} testId="verify" />
        <TextInput
          label={names.signature}
          value={signature}
          onChange={(event) => edit(setSignature)(event.currentTarget.value)}
          spellCheck={false}
          classNames={{ input: 'mono' }}
          data-testid="verify-signature"
        />
        {error !== undefined && <Notice tone="bad" advice={wordsOf(error)} />}
        <Button type="submit" variant="default" disabled={read.kind !== 'address' || signature.trim() === ''} data-testid="verify-confirm">
          {names.verifyNow}
        </Button>
        <div role="status" data-testid="verdict-of-signature">
          {verdict !== undefined && <StatusWord tone={verdict ? 'good' : 'bad'}>{verdict ? names.valid : names.invalid}</StatusWord>}
        </div>
      </form>
    </Section>
  );
}

interface MessagesTabProps {
  readonly network: NetworkName;
  readonly asksPassphrase: boolean;
}

/** Who can sign with an address's key owns the address. */
export function MessagesTab({ network, asksPassphrase }: MessagesTabProps) {
  return (
    <div className="wallet-halves">
      <SignCard network={network} asksPassphrase={asksPassphrase} />
      <VerifyCard network={network} />
    </div>
  );
}
