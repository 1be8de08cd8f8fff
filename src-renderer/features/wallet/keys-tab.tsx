import { Button, PasswordInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import type { MethodName, Request, Response } from '../../../src-shared/api/contract.ts';
import type { TopicValue } from '../../../src-shared/api/topics.ts';
import type { ClientError } from '../../api/client-error.ts';
import { setupHref } from '../../routes.ts';
import { useNode } from '../../stores/client-context.ts';
import { formatCount } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { wordsOf } from '../../ui/client-error-words.ts';
import { saveFile } from '../../ui/save-file.ts';
import { Section } from '../../ui/section.tsx';
import { Notice } from '../../ui/state-panel.tsx';
import { StatusWord } from '../../ui/status-word.tsx';
import { isReady, noPassphrase, PassphraseFields } from '../setup/passphrase-fields.tsx';
import { goToStep } from '../setup/setup-steps.ts';
import { PassphraseField, usePassphrase, usePassphraseDelay } from './passphrase-field.tsx';

type Info = NonNullable<TopicValue<'wallet'>['info']>;
const names = text.wallet.keys;
/** Long enough to write 24 words down, and not for whoever comes by later. */
const wordsShownMs = 180_000;

interface Guarded {
  readonly busy: boolean;
  readonly error: ClientError | undefined;
  /** Undefined if it was refused. The answer is the caller's alone: it is kept nowhere here. */
  readonly ask: <M extends MethodName>(method: M, params: Request<M>) => Promise<Response<M> | undefined>;
}

function useGuarded(): Guarded {
  const { client } = useNode();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ClientError>();
  const ask: Guarded['ask'] = async (method, params) => {
    setBusy(true);
    const outcome = await client.call(method, params);
    setBusy(false);
    setError(outcome.ok ? undefined : outcome.error);
    return outcome.ok ? outcome.value : undefined;
  };
  return { busy, error, ask };
}

interface GuardedFormProps {
  readonly asksPassphrase: boolean;
  readonly guarded: Guarded;
  readonly action: string;
  readonly onAsk: (passphrase: string) => void;
  readonly canAsk?: boolean;
  readonly testId: string;
  readonly passphraseLabel?: string;
  readonly children?: ReactNode;
}

/** What is not given without the passphrase. */
function GuardedForm({ asksPassphrase, guarded, action, onAsk, canAsk = true, testId, passphraseLabel = text.wallet.passphrase, children }: GuardedFormProps) {
  const passphrase = usePassphrase();
  const delayMs = usePassphraseDelay();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onAsk(passphrase.take());
  };
  return (
    <form className="wallet-form" onSubmit={submit} autoComplete="off">
      {asksPassphrase && <PassphraseField passphrase={passphrase} label={passphraseLabel} testId={`${testId}-passphrase`} />}
      {children}
      {guarded.error !== undefined && <Notice tone="bad" advice={wordsOf(guarded.error)} />}
      <Button
        type="submit"
        variant="default"
        loading={guarded.busy}
        disabled={!canAsk || (asksPassphrase && (passphrase.typed === '' || delayMs > 0))}
        data-testid={`${testId}-confirm`}
      >
        {action}
      </Button>
    </form>
  );
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const characters = atob(base64);
  const bytes = new Uint8Array(characters.length);
  for (let at = 0; at < characters.length; at++) bytes[at] = characters.charCodeAt(at);
  return bytes;
}

function BackupCard({ asksPassphrase }: { readonly asksPassphrase: boolean }) {
  const guarded = useGuarded();
  const [other, setOther] = useState('');
  const [saved, setSaved] = useState<string>();
  const save = async (passphrase: string): Promise<void> => {
    const backuppassphrase = other;
    setOther('');
    const file = await guarded.ask('backupwallet', { passphrase, ...(backuppassphrase === '' ? {} : { backuppassphrase }) });
    setSaved(file?.name);
    if (file !== undefined) saveFile(file.name, bytesOf(file.data), 'application/octet-stream');
  };
  return (
    <Section title={names.backup}>
      <p className="small muted">{names.backupMeans}</p>
      <GuardedForm asksPassphrase={asksPassphrase} guarded={guarded} action={names.backupNow} onAsk={(passphrase) => void save(passphrase)} testId="backup">
        <PasswordInput
          label={names.backupPassphrase}
          description={names.backupPassphraseMeans}
          value={other}
          onChange={(event) => setOther(event.currentTarget.value)}
          autoComplete="new-password"
        />
      </GuardedForm>
      <div role="status">{saved !== undefined && <StatusWord tone="good">{names.backedUp(saved)}</StatusWord>}</div>
    </Section>
  );
}

function WordsCard({ asksPassphrase }: { readonly asksPassphrase: boolean }) {
  const guarded = useGuarded();
  const [words, setWords] = useState<readonly string[]>();
  useEffect(() => {
    if (words === undefined) return;
    const timer = setTimeout(() => setWords(undefined), wordsShownMs);
    return () => clearTimeout(timer);
  }, [words]);
  const show = async (passphrase: string): Promise<void> => setWords((await guarded.ask('getwords', { passphrase }))?.words.split(' '));
  return (
    <Section title={names.words}>
      <p className="small muted">{names.wordsMeans}</p>
      {words === undefined ? (
        <GuardedForm asksPassphrase={asksPassphrase} guarded={guarded} action={names.wordsShow} onAsk={(passphrase) => void show(passphrase)} testId="words" />
      ) : (
        <div className="wallet-form">
          <ol className="setup-words" data-testid="words">
            {words.map((word, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: words may repeat, and never move
              <li key={index}>{word}</li>
            ))}
          </ol>
          <Button variant="default" onClick={() => setWords(undefined)} data-testid="words-hide">
            {names.wordsHide}
          </Button>
        </div>
      )}
    </Section>
  );
}

function PassphraseCard({ asksPassphrase, mayBeEmpty }: { readonly asksPassphrase: boolean; readonly mayBeEmpty: boolean }) {
  const guarded = useGuarded();
  const [next, setNext] = useState(noPassphrase);
  const [changed, setChanged] = useState(false);
  const change = async (oldpassphrase: string): Promise<void> => {
    const newpassphrase = next.value;
    setNext(noPassphrase);
    setChanged((await guarded.ask('walletpassphrasechange', { oldpassphrase, newpassphrase })) !== undefined);
  };
  return (
    <Section title={asksPassphrase ? names.change : names.set}>
      <p className="small muted">{asksPassphrase ? names.changeMeans : names.setMeans}</p>
      <GuardedForm
        asksPassphrase={asksPassphrase}
        guarded={guarded}
        action={asksPassphrase ? names.change : names.set}
        onAsk={(passphrase) => void change(passphrase)}
        canAsk={isReady(next, mayBeEmpty && asksPassphrase)}
        testId="change"
        passphraseLabel={names.current}
      >
        <PassphraseFields passphrase={next} onChange={setNext} mayBeEmpty={mayBeEmpty && asksPassphrase} label={names.next} />
      </GuardedForm>
      <div role="status">{changed && <StatusWord tone="good">{names.changed}</StatusWord>}</div>
    </Section>
  );
}

function AboutCard({ info }: { readonly info: Info }) {
  return (
    <Section title={names.about}>
      <dl className="wallet-facts">
        <dt>{names.file}</dt>
        <dd className="mono">{info.walletname}</dd>
        <dt>{names.madeFrom}</dt>
        <dd>{names.countOfWords(info.words)}</dd>
        <dt>{names.ahead}</dt>
        <dd title={names.aheadMeans}>{formatCount(info.keysahead)}</dd>
        <dt>{names.wrong}</dt>
        <dd>{formatCount(info.wrongpassphrases)}</dd>
      </dl>
      <p className="small muted wallet-other">{names.otherMeans}</p>
      <a className="link" href={setupHref} onClick={() => goToStep('wallet')} data-testid="wallet-other">
        {names.other}
      </a>
    </Section>
  );
}

interface KeysTabProps {
  readonly info: Info;
  /** Play money needs no passphrase. */
  readonly mayBeEmpty: boolean;
}

/** How the wallet is kept: its backup, its words, its passphrase. */
export function KeysTab({ info, mayBeEmpty }: KeysTabProps) {
  const asksPassphrase = info.passphraserequired;
  return (
    <div className="wallet-halves">
      <BackupCard asksPassphrase={asksPassphrase} />
      <PassphraseCard asksPassphrase={asksPassphrase} mayBeEmpty={mayBeEmpty} />
      <WordsCard asksPassphrase={asksPassphrase} />
      <AboutCard info={info} />
    </div>
  );
}
