import { useEffect, useState } from 'react';
import type { Request, Response } from '../../../src-shared/api/contract.ts';
import type { ClientError } from '../../api/client-error.ts';
import { useNode } from '../../stores/client-context.ts';
import { useConnection } from '../../stores/connection-store.ts';

export type Setup = Response<'getsetup'>;
type Choice = Request<'setup'>;

/** A node that starts anew is asked this often whether it is back. */
const askAgainMs = 500;

export interface SetupAccess {
  /** Undefined until the node has said it, and while it starts anew. */
  readonly setup: Setup | undefined;
  readonly busy: boolean;
  readonly error: ClientError | undefined;
  /** Resolves with whether it was taken, when a node that starts anew for it is back. */
  readonly choose: (choice: Choice) => Promise<boolean>;
}

const holds = (setup: Setup, { network, role }: Choice): boolean =>
  (network === undefined || setup.network === network) && (role === undefined || setup.role === role);

/** What was chosen, asked anew with every connection; and the way to choose. */
export function useSetup(): SetupAccess {
  const { client } = useNode();
  const isOpen = useConnection(({ status }) => status.kind === 'open');
  const [setup, setSetup] = useState<Setup>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ClientError>();
  useEffect(() => {
    if (!isOpen) return;
    let current = true;
    void client.call('getsetup', {}).then((outcome) => {
      if (current && outcome.ok) setSetup(outcome.value);
    });
    return () => {
      current = false;
    };
  }, [client, isOpen]);

  const untilBack = async (choice: Choice): Promise<void> => {
    for (;;) {
      const outcome = await client.call('getsetup', {});
      if (outcome.ok && holds(outcome.value, choice)) return setSetup(outcome.value);
      await new Promise((resolve) => setTimeout(resolve, askAgainMs));
    }
  };
  const choose = async (choice: Choice): Promise<boolean> => {
    setBusy(true);
    setError(undefined);
    const outcome = await client.call('setup', choice);
    if (outcome.ok) {
      if (outcome.value.restarting) setSetup(undefined);
      await untilBack(choice);
    } else setError(outcome.error);
    setBusy(false);
    return outcome.ok;
  };
  return { setup, busy, error, choose };
}
