import { useEffect, useRef, useState } from 'react';
import { create } from 'zustand';
import { type Call, callOfLine, missingSecrets } from '../../../src-shared/api/call-line.ts';
import type { MethodName, Request } from '../../../src-shared/api/contract.ts';
import { answersSecret, helpText, parametersOf } from '../../../src-shared/api/help.ts';
import { shownLine, tellsHidden } from '../../../src-shared/api/shown-line.ts';
import { splitLine } from '../../../src-shared/api/split-line.ts';
import type { Client } from '../../api/client.ts';
import { useNode } from '../../stores/client-context.ts';
import { begin, clear, emptyTranscript, finish, leave, type Outcome, open, type Transcript } from './transcript.ts';

const useTranscript = create<Transcript>()(() => emptyTranscript);
const update = (change: (transcript: Transcript) => Transcript): void => useTranscript.setState(change(useTranscript.getState()), true);

/** A call that waits for its secrets. */
export interface Question {
  readonly id: number;
  readonly call: Call;
  readonly names: readonly string[];
}

export interface Console extends Pick<Transcript, 'entries' | 'history'> {
  readonly run: (line: string) => void;
  readonly clear: () => void;
  readonly question: Question | undefined;
  /** What was asked for; undefined: they would rather not. */
  readonly answer: (secrets: Readonly<Record<string, string>> | undefined) => void;
}

/** The passphrase that a call will need though it can be made without: of a wallet that has one, or for one that is being made. */
async function needsPassphrase(client: Client, call: Call): Promise<boolean> {
  const takes = parametersOf(call.method).some(({ name }) => name === 'passphrase');
  if (!takes || Object.hasOwn(call.params, 'passphrase')) return false;
  if (missingSecrets(call, false).length > 0) return true;
  const wallet = await client.call('getwalletinfo', {});
  return wallet.ok && wallet.value.passphraserequired;
}

async function ask(client: Client, { method, params }: Call): Promise<Outcome> {
  const startedMs = performance.now();
  // The node checks what was typed; here it is whatever it is.
  const outcome = await client.call(method, params as Request<MethodName>);
  if (!outcome.ok) return { kind: 'failed', error: outcome.error };
  return { kind: 'value', value: outcome.value, isSecret: answersSecret(method), tookMs: performance.now() - startedMs };
}

/** The console: what was typed in this window, and what came of it. */
export function useConsole(): Console {
  const { client } = useNode();
  const { entries, history } = useTranscript();
  const [question, setQuestion] = useState<Question>();
  /** Of the question that nobody has answered. */
  const waiting = useRef<number>(undefined);
  useEffect(() => {
    update(open);
    return () => {
      const id = waiting.current;
      if (id !== undefined) update((transcript) => finish(transcript, id, { kind: 'cancelled' }));
      update(leave);
    };
  }, []);

  const run = async (line: string): Promise<void> => {
    const shown = shownLine(line.trim());
    update((transcript) => begin(transcript, shown, Date.now()));
    const id = useTranscript.getState().lastId;
    const end = (outcome: Outcome): void => update((transcript) => finish(transcript, id, outcome));
    const { words, open: unclosed } = splitLine(line);
    const [first = '', ...rest] = words.map(({ text }) => text);
    if (first === 'clear' && rest.length === 0) return update(clear);
    if (first === 'help' && unclosed === undefined) {
      const help = helpText(rest[0] ?? '', rest[1]);
      return end(help.ok ? { kind: 'text', text: help.value } : { kind: 'failed', error: help.error });
    }
    const call = callOfLine(line);
    if (!call.ok) return end({ kind: 'failed', error: tellsHidden(line, shown, call.error.message) ? { ...call.error, message: '' } : call.error });
    const names = missingSecrets(call.value, await needsPassphrase(client, call.value));
    if (names.length > 0) {
      waiting.current = id;
      end({ kind: 'asking' });
      return setQuestion({ id, call: call.value, names });
    }
    end(await ask(client, call.value));
  };

  const answer: Console['answer'] = (secrets) => {
    if (question === undefined) return;
    const { id, call } = question;
    setQuestion(undefined);
    waiting.current = undefined;
    if (secrets === undefined) return update((transcript) => finish(transcript, id, { kind: 'cancelled' }));
    update((transcript) => finish(transcript, id, { kind: 'running', sinceMs: Date.now() }));
    void ask(client, { ...call, params: { ...call.params, ...secrets } }).then((outcome) => update((transcript) => finish(transcript, id, outcome)));
  };

  return { entries, history, run: (line) => void run(line), clear: () => update(clear), question, answer };
}
