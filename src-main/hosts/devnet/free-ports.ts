import { createServer } from 'node:net';

/** Tries one port; 0 asks the system for any. */
function isFree(host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : undefined;
      server.close(() => resolve(bound));
    });
  });
}

/**
 * Ports that were free a moment ago: the preferred ones where they are, else whatever the system gives. They are written down for the
 * nodes, which must find each other again after a restart.
 */
export async function freePorts(host: string, preferred: readonly number[]): Promise<number[]> {
  const chosen = new Set<number>();
  for (const want of preferred) {
    let port = await isFree(host, want);
    while (port === undefined || chosen.has(port)) port = await isFree(host, 0);
    chosen.add(port);
  }
  return [...chosen];
}
