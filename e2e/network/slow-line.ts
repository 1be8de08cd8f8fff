import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { TestNode } from './node.ts';

const tickMs = 50;

/** An address that leads to a node over a line which brings so many bytes a second, as one far from a town does; what is said to the node goes at once. */
export class SlowLine {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #timers = new Set<NodeJS.Timeout>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async to(node: TestNode, bytesPerSecond: number): Promise<SlowLine> {
    const server = createServer();
    const line = new SlowLine(server);
    server.on('connection', (near) => line.#carry(near, node, bytesPerSecond));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return line;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #carry(near: Socket, node: TestNode, bytesPerSecond: number): void {
    const [host, port] = node.addresses.p2p.split(':') as [string, string];
    const far = connect({ host, port: Number(port) });
    near.pipe(far);
    const timer = setInterval(() => {
      const waiting = Math.min(far.readableLength, Math.ceil((bytesPerSecond * tickMs) / 1_000));
      if (waiting > 0) near.write(far.read(waiting) as Buffer);
    }, tickMs);
    this.#timers.add(timer);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => {}); // `close` says it
      socket.on('close', () => {
        clearInterval(timer);
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    // Without a listener nothing is read ahead.
    far.on('readable', () => {});
  }
}
