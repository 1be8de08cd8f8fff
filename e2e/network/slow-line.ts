import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { TestNode } from './node.ts';

const tickMs = 25;

/** What is under way, with when it set out; as much as nodes say to each other in one delay. */
type UnderWay = { readonly sinceMs: number; readonly bytes: Buffer }[];

/** An address that leads to a node over a line on which everything takes a while, in both directions, until it is told to hurry; and that can be cut. */
export class SlowLine {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #delayMs: number;
  #isCut = false;

  private constructor(server: Server, delayMs: number) {
    this.#server = server;
    this.#delayMs = delayMs;
  }

  static async to(node: TestNode, delayMs: number): Promise<SlowLine> {
    const server = createServer();
    const line = new SlowLine(server, delayMs);
    server.on('connection', (near) => (line.#isCut ? near.destroy() : line.#carry(near, node)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return line;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Nothing is held up any more, and what is under way arrives, in its order. */
  hurry(): void {
    this.#delayMs = 0;
  }

  /** Who is connected is not any more, and nobody can be until it is mended. */
  cut(): void {
    this.#isCut = true;
    this.#drop();
  }
  /** From now on everything takes so long. */
  mend(delayMs: number): void {
    this.#isCut = false;
    this.#delayMs = delayMs;
  }

  close(): void {
    this.#drop();
    this.#server.close();
  }

  #drop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    for (const socket of this.#sockets) socket.destroy();
  }

  #carry(near: Socket, node: TestNode): void {
    const [host, port] = node.addresses.p2p.split(':') as [string, string];
    const far = connect({ host, port: Number(port) });
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      const underWay: UnderWay = [];
      const timer = setInterval(() => {
        while (underWay[0] !== undefined && underWay[0].sinceMs + this.#delayMs <= performance.now()) other.write(underWay.shift()?.bytes ?? '');
      }, tickMs);
      this.#timers.add(timer);
      this.#sockets.add(socket);
      socket.on('data', (bytes: Buffer) => underWay.push({ sinceMs: performance.now(), bytes }));
      socket.on('error', () => {}); // `close` says it
      socket.on('close', () => {
        clearInterval(timer);
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
