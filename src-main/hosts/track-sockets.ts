import type { Server, Socket } from 'node:net';

/** The open sockets of a server, upgraded ones included. */
export function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  return sockets;
}

/** What an answer under way may take once the node is to stop. */
const closeGraceMs = 1_000;

/** Runs what closes the server; who does not read to the end by then, such as a page that the browser has put to sleep, is cut off. */
export async function closeInTime(sockets: ReadonlySet<Socket>, close: () => PromiseLike<unknown>): Promise<void> {
  const killer = setTimeout(() => {
    for (const socket of sockets) socket.destroy();
  }, closeGraceMs);
  try {
    await close();
  } finally {
    clearTimeout(killer);
  }
}
