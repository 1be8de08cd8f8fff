import { createServer } from 'node:net';

/** Systems give ports from here on to outgoing connections: one that is free now may be taken at the next start. */
const firstEphemeralPort = 32_768;

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

async function areFree(host: string, ports: readonly number[]): Promise<boolean> {
  for (const port of ports) if (!(await isFree(host, port))) return false;
  return true;
}

export interface PortRange {
  /** Where to look first. */
  readonly first: number;
  /** From the beginning of one set to that of the next. */
  readonly stride: number;
  /** Neighbouring ports in each set. */
  readonly width: number;
}

/**
 * The first sets of neighbouring ports that were free a moment ago. They are written down for nodes, which must find each other again after a
 * restart; so the system, which would give ports that it also gives away, is not asked. Rejects if there are not as many.
 */
export async function freePortSets(host: string, count: number, { first, stride, width }: PortRange): Promise<number[][]> {
  const sets: number[][] = [];
  for (let base = first; sets.length < count; base += stride) {
    if (base + width > firstEphemeralPort) throw new Error(`there are not enough free ports on ${host} from ${first} to ${firstEphemeralPort}`);
    const ports = Array.from({ length: width }, (_, offset) => base + offset);
    if (await areFree(host, ports)) sets.push(ports);
  }
  return sets;
}
