import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Endpoint } from '../config/config-keys.ts';

/** A SOCKS 5 proxy that wants credentials, and knows a few places, which are all on this machine. */
export class SocksServer {
  /** What was asked for, as `host:port`. */
  readonly asked: string[] = [];
  readonly usernames: string[] = [];
  readonly #places: ReadonlyMap<string, number>;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  /** @param places ports of this machine by `host:port` */
  constructor(places: ReadonlyMap<string, number>) {
    this.#places = places;
    this.#server = createServer((socket) => {
      this.#keep(socket);
      void this.#serve(socket).catch(() => socket.destroy());
    });
  }

  async listen(): Promise<Endpoint> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return { host: '127.0.0.1', port: (this.#server.address() as AddressInfo).port };
  }

  get connections(): number {
    return this.#sockets.size;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {}).on('close', () => this.#sockets.delete(socket));
  }

  async #serve(socket: Socket): Promise<void> {
    const read = readerOf(socket);
    const [, methods = 0] = await read(2);
    await read(methods);
    socket.write(Uint8Array.of(5, 2));
    const [, nameLength = 0] = await read(2);
    this.usernames.push((await read(nameLength)).toString());
    const [wordLength = 0] = await read(1);
    await read(wordLength);
    socket.write(Uint8Array.of(1, 0));
    const [, , , type = 0] = await read(4);
    const host = type === 1 ? [...(await read(4))].join('.') : type === 3 ? (await read((await read(1))[0] ?? 0)).toString() : (await read(16)).toString('hex');
    const place = `${host}:${(await read(2)).readUInt16BE()}`;
    this.asked.push(place);
    const port = this.#places.get(place);
    if (port === undefined) {
      socket.end(Uint8Array.of(5, 4, 0, 1, 0, 0, 0, 0, 0, 0));
      return;
    }
    const onward = connect({ host: '127.0.0.1', port });
    this.#keep(onward);
    await once(onward, 'connect');
    socket.write(Uint8Array.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0));
    socket.on('close', () => onward.destroy());
    onward.on('close', () => socket.destroy());
    socket.pipe(onward);
    onward.pipe(socket);
  }
}

/** Reads so many bytes, whenever they come. */
function readerOf(socket: Socket): (count: number) => Promise<Buffer> {
  return async (count) => {
    if (count === 0) return Buffer.alloc(0);
    for (;;) {
      const bytes = socket.read(count) as Buffer | null;
      if (bytes !== null) return bytes;
      await once(socket, 'readable');
    }
  };
}
