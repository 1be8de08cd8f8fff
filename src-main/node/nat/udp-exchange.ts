import { createSocket } from 'node:dgram';
import { isIPv4 } from 'node:net';

export interface UdpExchange<T> {
  /** IPv4 */
  readonly host: string;
  readonly port: number;
  /** Made for the address of this machine that faces the host. */
  readonly request: (localHost: string) => Uint8Array;
  /** Undefined: not the answer to this request. Throws an Error if it is one, and a refusal. */
  readonly read: (reply: Uint8Array) => T | undefined;
  readonly signal: AbortSignal;
  /** After each of these it is sent again, and after the last given up. */
  readonly waitsMs?: readonly number[];
}

/** RFC 6886 section 3.1 begins like this, and goes on for a minute; who has not answered to four in a local network does not speak it. */
const defaultWaitsMs = [250, 500, 1_000, 2_000];

/** Asks until it is answered. The socket is connected: the system passes on nothing of other hosts, and says when nobody is there. */
export async function exchange<T>({ host, port, request, read, signal, waitsMs = defaultWaitsMs }: UdpExchange<T>): Promise<T> {
  signal.throwIfAborted();
  // A name would be looked up, which can take longer than everything else.
  if (!isIPv4(host)) throw new Error(`${host} is no IPv4 address`);
  const socket = createSocket('udp4');
  let timer: NodeJS.Timeout | undefined;
  const answer = Promise.withResolvers<T>();
  const abort = (): void => answer.reject(signal.reason);
  signal.addEventListener('abort', abort);
  socket.on('error', answer.reject);
  socket.on('message', (reply) => {
    try {
      const value = read(reply);
      if (value !== undefined) answer.resolve(value);
    } catch (error) {
      answer.reject(error);
    }
  });
  socket.connect(port, host, () => {
    const bytes = request(socket.address().address);
    const send = (round: number): void => {
      const waitMs = waitsMs[round];
      if (waitMs === undefined) return answer.reject(new Error('no answer'));
      socket.send(bytes);
      timer = setTimeout(() => send(round + 1), waitMs);
    };
    send(0);
  });
  try {
    return await answer.promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    socket.close();
  }
}
