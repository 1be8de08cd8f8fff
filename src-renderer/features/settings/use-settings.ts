import { useEffect, useState } from 'react';
import type { Request, Response } from '../../../src-shared/api/contract.ts';
import type { ClientError } from '../../api/client-error.ts';
import { useNode } from '../../stores/client-context.ts';
import { useConnection } from '../../stores/connection-store.ts';

export type Settings = Response<'getsettings'>;

export interface SettingsAccess {
  /** Undefined until the node has said it. */
  readonly settings: Settings | undefined;
  readonly busy: boolean;
  readonly error: ClientError | undefined;
  /** Resolves with whether it was taken. */
  readonly change: (request: Request<'changesettings'>) => Promise<boolean>;
}

/** The node's settings, asked anew with every connection: a node that started anew has others. */
export function useSettings(): SettingsAccess {
  const { client } = useNode();
  const isOpen = useConnection(({ status }) => status.kind === 'open');
  const [settings, setSettings] = useState<Settings>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ClientError>();
  useEffect(() => {
    if (!isOpen) return;
    let current = true;
    void client.call('getsettings', {}).then((outcome) => {
      if (!current) return;
      if (outcome.ok) setSettings(outcome.value);
      else setError(outcome.error);
    });
    return () => {
      current = false;
    };
  }, [client, isOpen]);
  const change = async (request: Request<'changesettings'>): Promise<boolean> => {
    setBusy(true);
    const outcome = await client.call('changesettings', request);
    const next = outcome.ok ? await client.call('getsettings', {}) : undefined;
    if (next?.ok === true) setSettings(next.value);
    setError(outcome.ok ? undefined : outcome.error);
    setBusy(false);
    return outcome.ok;
  };
  return { settings, busy, error, change };
}
