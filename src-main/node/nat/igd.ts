import { isIPv4 } from 'node:net';
import { askDevice } from './device-http.ts';
import { type Gateway, leaseSeconds, type Mapping, type MappingRequest } from './gateway.ts';

/** A service of a router through which ports are mapped, and where it is called. */
export interface IgdService {
  readonly type: string;
  readonly control: URL;
}

/** The newest first. PPP: the router dials in itself; it has the same actions. */
const serviceTypes = [
  'urn:schemas-upnp-org:service:WANIPConnection:2',
  'urn:schemas-upnp-org:service:WANIPConnection:1',
  'urn:schemas-upnp-org:service:WANPPPConnection:1',
];
const conflict = 718;
const onlyPermanentLeases = 725;
/** A port of a neighbour is taken; that three at random are as well is no chance. */
const maxPorts = 4;
const firstRandomPort = 20_000;
const randomPorts = 40_000;
const description = 'TIME masternode';

/** The router's words for why not. */
export class IgdError extends Error {
  override readonly name = 'IgdError';
  /** Of UPnP; undefined where it answered with none. */
  readonly code: number | undefined;
  constructor(code: number | undefined, message: string) {
    super(message);
    this.code = code;
  }
}

/** The services of a description that map ports, best first; each is called at the device that describes it. */
export function servicesOf(descriptionXml: string, location: URL): readonly IgdService[] {
  const base = URL.parse(elementOf(descriptionXml, 'URLBase') ?? '', location.href) ?? location;
  const services = descriptionXml.split(/<\/(?:\w+:)?service>/i).flatMap((part) => {
    const block = part.split(/<(?:\w+:)?service>/i).at(-1) ?? '';
    const [type, path] = [elementOf(block, 'serviceType'), elementOf(block, 'controlURL')];
    const control = path === undefined ? null : URL.parse(path, base.href);
    const isOwn = control !== null && control.protocol === 'http:' && control.hostname === location.hostname;
    return type !== undefined && isOwn && serviceTypes.includes(type) ? [{ type, control }] : [];
  });
  return services.sort((a, b) => serviceTypes.indexOf(a.type) - serviceTypes.indexOf(b.type));
}

/** The text of the first element of that name; names end at a bracket, since those that are asked for have no attributes. */
export function elementOf(xml: string, name: string): string | undefined {
  const text = new RegExp(`<(?:\\w+:)?${name}>([^<]*)<`, 'i').exec(xml)?.[1]?.trim();
  return text === undefined || text === '' ? undefined : text.replaceAll(/&(amp|lt|gt|quot|apos);/g, (_, entity: keyof typeof entities) => entities[entity]);
}
const entities = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" } as const;

/** Internet Gateway Device (UPnP), first and second edition, at the place of its description. `random`: in [0, 1). */
export function igdGateway(location: URL, random: () => number): Gateway {
  let known: { readonly service: IgdService; readonly localHost: string } | undefined;

  const find = async (signal: AbortSignal): Promise<{ readonly service: IgdService; readonly localHost: string }> => {
    const { status, body, localHost } = await askDevice(location, undefined, signal);
    const service = status === 200 ? servicesOf(body, location)[0] : undefined;
    if (service === undefined) throw new IgdError(undefined, status === 200 ? 'it describes no service that maps ports' : `it answered ${status}`);
    return { service, localHost };
  };
  const call = async (service: IgdService, action: string, args: readonly (readonly [string, string | number])[], signal: AbortSignal): Promise<string> => {
    const fields = args.map(([name, value]) => `<${name}>${value}</${name}>`).join('');
    const body = `<?xml version="1.0"?>\r\n<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body><u:${action} xmlns:u="${service.type}">${fields}</u:${action}></s:Body></s:Envelope>\r\n`;
    const answer = await askDevice(service.control, { action: `${service.type}#${action}`, body }, signal);
    if (answer.status === 200) return answer.body;
    const code = elementOf(answer.body, 'errorCode');
    throw new IgdError(code === undefined ? undefined : Number(code), `${elementOf(answer.body, 'errorDescription') ?? 'refused'} (${code ?? answer.status})`);
  };
  const add = async ({ internalPort, suggestedPort }: MappingRequest, lifetimeSeconds: number, signal: AbortSignal): Promise<number> => {
    const { service, localHost } = known ?? (await find(signal));
    for (let tries = 1, externalPort = suggestedPort; ; tries++) {
      try {
        const args = [
          ['NewRemoteHost', ''],
          ['NewExternalPort', externalPort],
          ['NewProtocol', 'TCP'],
          ['NewInternalPort', internalPort],
          ['NewInternalClient', localHost],
          ['NewEnabled', 1],
          ['NewPortMappingDescription', description],
          ['NewLeaseDuration', lifetimeSeconds],
        ] as const;
        await call(service, 'AddPortMapping', args, signal);
        known = { service, localHost };
        return externalPort;
      } catch (error) {
        if (!(error instanceof IgdError && error.code === conflict && tries < maxPorts)) throw error;
        externalPort = firstRandomPort + Math.floor(random() * randomPorts);
      }
    }
  };
  const externalHost = async (signal: AbortSignal): Promise<string | undefined> => {
    if (known === undefined) return undefined;
    const host = elementOf(await call(known.service, 'GetExternalIPAddress', [], signal), 'NewExternalIPAddress');
    return host !== undefined && isIPv4(host) && host !== '0.0.0.0' ? host : undefined;
  };

  return {
    method: 'upnp',
    host: location.hostname,
    map: async (request, signal): Promise<Mapping> => {
      const externalPort = await add(request, leaseSeconds, signal).catch((error: unknown) => {
        // What it keeps for ever is renewed all the same, since it may restart, and removed on stop.
        if (error instanceof IgdError && error.code === onlyPermanentLeases) return add(request, 0, signal);
        known = undefined;
        throw error;
      });
      // The port is open by now, whatever becomes of this.
      return { externalPort, externalHost: await externalHost(signal).catch(() => undefined), lifetimeMs: leaseSeconds * 1_000 };
    },
    unmap: async ({ externalPort }, signal) => {
      const { service, localHost } = known ?? (await find(signal));
      const args = [
        ['NewRemoteHost', ''],
        ['NewExternalPort', externalPort],
        ['NewProtocol', 'TCP'],
      ] as const;
      if (known === undefined) {
        // It never said that the port is ours, and would take another machine's from it as well.
        const entry = await call(service, 'GetSpecificPortMappingEntry', args, signal);
        if (elementOf(entry, 'NewInternalClient') !== localHost) return;
      }
      await call(service, 'DeletePortMapping', args, signal);
    },
  };
}
