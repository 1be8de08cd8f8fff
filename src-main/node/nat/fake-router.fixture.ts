import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers datagrams and requests at this machine, as a router would. */
export class FakeRouter {
  readonly #sockets: Socket[] = [];
  readonly #servers: Server[] = [];

  /** Answers the port. `answer` gives what is sent back to each datagram, in order. */
  async udp(answer: (request: Buffer) => readonly Uint8Array[]): Promise<number> {
    const socket = createSocket('udp4');
    this.#sockets.push(socket);
    socket.on('message', (request, { port, address }) => {
      for (const reply of answer(request)) socket.send(reply, port, address);
    });
    await once(socket.bind(0, '127.0.0.1'), 'listening');
    return socket.address().port;
  }

  /** Answers the address of its description. */
  async http(answer: RequestListener): Promise<URL> {
    const server = createServer(answer);
    this.#servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/rootDesc.xml`);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.splice(0)) socket.close();
    for (const server of this.#servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }
}
