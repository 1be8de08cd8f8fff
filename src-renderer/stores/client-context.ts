import { createContext, useContext } from 'react';
import type { Connection } from '../api/connect.ts';

export const ConnectionContext = createContext<Connection | undefined>(undefined);

export function useNode(): Connection {
  const connection = useContext(ConnectionContext);
  if (connection === undefined) throw new Error('a component that talks to the node is outside ConnectionContext');
  return connection;
}
