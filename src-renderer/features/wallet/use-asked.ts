import { useEffect, useState } from 'react';
import type { MethodName, Request, Response } from '../../../src-shared/api/contract.ts';
import type { ClientError } from '../../api/client-error.ts';
import { useNode } from '../../stores/client-context.ts';

export interface Asked<M extends MethodName> {
  /** The newest answer; it stays while the next one is on its way. */
  readonly value: Response<M> | undefined;
  readonly error: ClientError | undefined;
  readonly again: () => void;
}

/** A method's answer, asked anew with other parameters and whenever `changed` is another. */
export function useAsked<M extends MethodName>(method: M, params: Request<M>, changed: unknown): Asked<M> {
  const { client } = useNode();
  const [value, setValue] = useState<Response<M>>();
  const [error, setError] = useState<ClientError>();
  const [round, setRound] = useState(0);
  const key = JSON.stringify(params);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when the parameters are others
  useEffect(() => {
    let current = true;
    void client.call(method, params).then((outcome) => {
      if (!current) return;
      if (outcome.ok) setValue(outcome.value);
      setError(outcome.ok ? undefined : outcome.error);
    });
    return () => {
      current = false;
    };
  }, [client, method, key, changed, round]);
  return { value, error, again: () => setRound((before) => before + 1) };
}
