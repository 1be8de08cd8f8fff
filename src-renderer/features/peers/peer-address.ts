/** host:port; the node decides what it makes of it, this only spares a question that has no answer. */
export function looksLikeAddress(text: string): boolean {
  const port = Number(/^(?:\[[0-9A-Fa-f:.%]+\]|[A-Za-z0-9_.-]{1,253}):([0-9]{1,5})$/.exec(text)?.[1]);
  return port >= 1 && port <= 65_535;
}

/** The IP or name of host:port, without brackets. */
export const hostOfAddress = (address: string): string => address.slice(0, Math.max(0, address.lastIndexOf(':'))).replace(/^\[(.*)\]$/, '$1');

/** Whether `setban` takes it: a name has no IP that could be banned. */
export const isIpHost = (host: string): boolean => host.includes(':') || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host);
