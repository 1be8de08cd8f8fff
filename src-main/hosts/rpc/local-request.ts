/**
 * A page of any site may send requests to this machine, and with a name of its own that leads here (DNS rebinding) even read the answers. So the
 * Host must be a name of this machine, and for JSON-RPC, which no page uses, an Origin is refused whatever it says.
 */
const localNames = new Set(['localhost', '127.0.0.1', '[::1]']);

export function isLocalHost(hostHeader: string | undefined): boolean {
  const match = /^(\[[0-9A-Fa-f:.]+\]|[^:\s]+)(?::\d{1,5})?$/.exec(hostHeader ?? '');
  const name = match?.[1]?.toLowerCase();
  return name !== undefined && (localNames.has(name) || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name));
}
