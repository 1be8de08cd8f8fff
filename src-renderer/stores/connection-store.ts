import { create } from 'zustand';
import type { ConnectionStatus } from '../api/connection-status.ts';

interface ConnectionState {
  readonly status: ConnectionStatus;
  /** The method or topic whose value this window could not read. */
  readonly misunderstood: string | undefined;
}

export const useConnection = create<ConnectionState>()(() => ({ status: { kind: 'connecting' }, misunderstood: undefined }));

/** After an interruption everything is heard anew, so an old complaint goes. */
export const setStatus = (status: ConnectionStatus): void => useConnection.setState(status.kind === 'open' ? { status } : { status, misunderstood: undefined });
export const setMisunderstood = (what: string): void => useConnection.setState({ misunderstood: what });
