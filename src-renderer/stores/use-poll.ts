import { useEffect, useState } from 'react';
import type { MethodName, Request, Response } from '../../src-shared/api/contract.ts';
import { useNode } from './client-context.ts';

/** What a panel shows changes with every message; nobody reads faster than this. */
const pollMs = 2_000;

/** A method's answer, asked for again and again while the component is shown. Undefined until the first; the last one stays while the node does not answer. */
export function usePoll<M extends MethodName>(method: M, params: Request<M>): Response<M> | undefined {
  const { client } = useNode();
  const [value, setValue] = useState<Response<M>>();
  const key = JSON.stringify(params);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when the parameters are others
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let current = true;
    setValue(undefined);
    const ask = async (): Promise<void> => {
      const outcome = await client.call(method, params);
      if (!current) return;
      if (outcome.ok) setValue(outcome.value);
      timer = setTimeout(() => void ask(), pollMs);
    };
    void ask();
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [client, method, key]);
  return value;
}
