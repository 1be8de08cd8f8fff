// Runs behind the router: asks it for a port in one way, looks at the port that it got, and gives it back. One line says what came of it.
import type { Gateway } from '../../src-main/node/nat/gateway.ts';
import { igdGateway } from '../../src-main/node/nat/igd.ts';
import { natPmpGateway } from '../../src-main/node/nat/nat-pmp.ts';
import { pcpGateway } from '../../src-main/node/nat/pcp.ts';
import { searchGateways } from '../../src-main/node/nat/ssdp.ts';

const [method, router = '', localHost = '', port = ''] = process.argv.slice(2);
const signal = AbortSignal.timeout(20_000);

async function gateway(): Promise<Gateway> {
  if (method === 'pcp') return pcpGateway(router, new Uint8Array(12));
  if (method === 'nat-pmp') return natPmpGateway(router);
  const [location] = await searchGateways({ localHosts: [localHost], signal });
  if (location === undefined) throw new Error('no router was found');
  return igdGateway(location, Math.random);
}

const asked = await gateway();
const request = { internalPort: Number(port), suggestedPort: Number(port) };
const mapping = await asked.map(request, signal);
process.stdout.write(`${JSON.stringify(mapping)}\n`);
// Whoever started this looks at the router meanwhile.
for await (const _ of process.stdin) break;
await asked.unmap({ ...request, ...mapping }, signal);
process.stdout.write('removed\n');
process.exit(0);
