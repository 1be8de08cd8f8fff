import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { isIPv4 } from 'node:net';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How each system says where what is not local goes, and how that is read. Others are not asked. */
const sources: Readonly<
  Partial<Record<NodeJS.Platform, { readonly ask: (signal: AbortSignal) => Promise<string>; readonly read: (text: string) => string | undefined }>>
> = {
  linux: { ask: () => readFile('/proc/net/route', 'utf8'), read: gatewayOfProc },
  darwin: { ask: (signal) => output('/sbin/route', ['-n', 'get', 'default'], signal), read: gatewayOfMac },
  win32: { ask: (signal) => output('route.exe', ['print', '-4', '0.0.0.0'], signal), read: gatewayOfWindows },
};

/** The router's IPv4 address; undefined where there is none, or none that can be found out. */
export async function defaultGateway(signal: AbortSignal, platform: NodeJS.Platform = process.platform): Promise<string | undefined> {
  const source = sources[platform];
  const text = await source?.ask(signal).catch(() => undefined);
  const host = text === undefined ? undefined : source?.read(text);
  return host !== undefined && isIPv4(host) ? host : undefined;
}

async function output(command: string, args: readonly string[], signal: AbortSignal): Promise<string> {
  return (await run(command, args, { signal, timeout: 2_000, maxBuffer: 64 * 1_024, windowsHide: true })).stdout;
}

/** The default route that is up and has the lowest metric. Addresses are hexadecimal, of a number in the order of the machine: all that we run on are little-endian. */
export function gatewayOfProc(table: string): string | undefined {
  const routes = table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/));
  const [best] = routes
    .filter(
      ([, destination, gateway = '', flags = '0', , , , mask]) =>
        destination === '00000000' && mask === '00000000' && (Number.parseInt(flags, 16) & 3) === 3 && /^[0-9A-F]{8}$/i.test(gateway),
    )
    .sort((a, b) => Number(a[6]) - Number(b[6]));
  return best?.[2] === undefined ? undefined : Buffer.from(best[2], 'hex').reverse().join('.');
}

/** The row of 0.0.0.0/0 with the lowest metric, whatever the language of the headings. */
export function gatewayOfWindows(text: string): string | undefined {
  const rows = [...text.matchAll(/^\s*0\.0\.0\.0\s+0\.0\.0\.0\s+(\d+\.\d+\.\d+\.\d+)\s+\S+\s+(\d+)\s*$/gm)];
  return rows.sort((a, b) => Number(a[2]) - Number(b[2]))[0]?.[1];
}

export function gatewayOfMac(text: string): string | undefined {
  return /^\s*gateway:\s*(\S+)\s*$/m.exec(text)?.[1];
}
