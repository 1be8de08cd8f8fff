import { request } from 'node:http';

/** A device's description is some 5 KB, an answer to a call one. */
const maxBodyBytes = 128 * 1_024;
const timeoutMs = 3_000;

export interface DeviceAnswer {
  readonly status: number;
  readonly body: string;
  /** Of this machine, as the device sees it. */
  readonly localHost: string;
}

interface DeviceCall {
  readonly action: string;
  readonly body: string;
}

/**
 * One request to a device in the local network, without redirects and within bounds. Not `fetch`, which writes names of headers in lower case: there are
 * routers that do not know them so.
 */
export function askDevice(url: URL, call: DeviceCall | undefined, signal: AbortSignal): Promise<DeviceAnswer> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const headers =
    call === undefined ? {} : { SOAPAction: `"${call.action}"`, 'Content-Type': 'text/xml; charset="utf-8"', 'Content-Length': Buffer.byteLength(call.body) };
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent: false, method: call === undefined ? 'GET' : 'POST', headers: { ...headers, Connection: 'close' }, signal: limited });
    const fail = (error: Error): void => reject(signal.aborted || !limited.aborted ? error : new Error(`no answer within ${timeoutMs} ms`, { cause: error }));
    asked.on('error', fail);
    asked.on('response', (response) => {
      const localHost = response.socket.localAddress ?? '';
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes > maxBodyBytes) asked.destroy(new Error(`an answer of more than ${maxBodyBytes} bytes`));
      });
      response.on('error', fail);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8'), localHost }));
    });
    asked.end(call?.body);
  });
}
