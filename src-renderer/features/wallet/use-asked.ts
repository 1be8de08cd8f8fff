import { useEffect, useRef, useState } from 'react';
import type { MethodName, Request, Response } from '../../../src-shared/api/contract.ts';
import type { ClientError } from '../../api/client-error.ts';
import { useNode } from '../../stores/client-context.ts';

export interface Asked<M extends MethodName> {
  /** The newest answer; it stays while the next one is on its way. */
  readonly value: Response<M> | undefined;
  readonly error: ClientError | undefined;
  readonly again: () => void;
}

/** Changes come four times a second while many payments are made; some lists cost the node more than a glance. */
const restMs = 1_000;

/** A method's answer: asked at once with other parameters or by `again`, and not more than once a second while `changed` keeps changing. */
export function useAsked<M extends MethodName>(method: M, params: Request<M>, changed: unknown): Asked<M> {
  const { client } = useNode();
  const [value, setValue] = useState<Response<M>>();
  const [error, setError] = useState<ClientError>();
  const [round, setRound] = useState(0);
  const key = `${round} ${JSON.stringify(params)}`;
  const last = useRef({ key: '', askedMs: 0, number: 0, shown: 0 });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when the parameters are others
  useEffect(() => {
    const waitMs = last.current.key === key ? Math.max(0, last.current.askedMs + restMs - Date.now()) : 0;
    last.current.key = key;
    const timer = setTimeout(() => {
      const number = ++last.current.number;
      last.current.askedMs = Date.now();
      void client.call(method, params).then((outcome) => {
        // Of what is asked now, and no older than what is shown.
        if (last.current.key !== key || number < last.current.shown) return;
        last.current.shown = number;
        if (outcome.ok) setValue(outcome.value);
        setError(outcome.ok ? undefined : outcome.error);
      });
    }, waitMs);
    return () => clearTimeout(timer);
  }, [client, method, key, changed]);
  return { value, error, again: () => setRound((before) => before + 1) };
}
