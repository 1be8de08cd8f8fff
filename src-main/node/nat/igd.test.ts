import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { FakeRouter } from './fake-router.fixture.ts';
import { elementOf, igdGateway, servicesOf } from './igd.ts';
import { locationOf, searchGateways } from './ssdp.ts';

const router = new FakeRouter();
afterEach(() => router.close());
const signal = new AbortController().signal;
const location = new URL('http://192.168.77.1:38393/rootDesc.xml');

/** What MiniUPnPd 2.3.1 (Debian 12) says, without the parts that are nobody's matter here. */
const service = (type: string, control: string): string =>
  `<service><serviceType>${type}</serviceType><serviceId>urn:upnp-org:serviceId:x</serviceId><SCPDURL>/x.xml</SCPDURL><controlURL>${control}</controlURL><eventSubURL>/evt/x</eventSubURL></service>`;
const description = (...services: string[]): string =>
  `<?xml version="1.0"?>\n<root xmlns="urn:schemas-upnp-org:device-1-0" configId="1337"><specVersion><major>1</major><minor>1</minor></specVersion><device><deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:2</deviceType><serviceList>${service('urn:schemas-upnp-org:service:Layer3Forwarding:1', '/ctl/L3F')}</serviceList><deviceList><device><serviceList>${services.join('')}</serviceList></device></deviceList></device></root>`;
const ipConnection = (edition: number, control = '/ctl/IPConn'): string => service(`urn:schemas-upnp-org:service:WANIPConnection:${edition}`, control);
const answer = (action: string, body = ''): string =>
  `<?xml version="1.0"?>\r\n<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body><u:${action}Response xmlns:u="urn:schemas-upnp-org:service:WANIPConnection:2">${body}</u:${action}Response></s:Body></s:Envelope>\r\n`;
const fault = (code: number, words: string): string =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body><s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail><UPnPError xmlns="urn:schemas-upnp-org:control-1-0"><errorCode>${code}</errorCode><errorDescription>${words}</errorDescription></UPnPError></detail></s:Fault></s:Body></s:Envelope>`;

interface Call {
  readonly action: string;
  readonly body: string;
}
/** A router that describes itself, and answers calls by `reply`: undefined is yes. */
function device(reply: (call: Call) => string | undefined, described = description(ipConnection(2)), owner = '127.0.0.1') {
  const calls: Call[] = [];
  const said: Record<string, string> = {
    GetExternalIPAddress: '<NewExternalIPAddress>9.9.9.1</NewExternalIPAddress>',
    GetSpecificPortMappingEntry: `<NewInternalClient>${owner}</NewInternalClient>`,
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.method === 'GET') {
      response.end(described);
      return;
    }
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      body += part;
    });
    request.on('end', () => {
      const call = { action: /#(\w+)"$/.exec(String(request.headers.soapaction))?.[1] ?? '', body };
      calls.push(call);
      const refusal = reply(call);
      response.writeHead(refusal === undefined ? 200 : 500).end(refusal ?? answer(call.action, said[call.action]));
    });
  };
  return { calls, listener };
}
const ports = { internalPort: 24_000, suggestedPort: 24_000 };
const portOf = ({ body }: Call): string | undefined => elementOf(body, 'NewExternalPort');

describe('a description', () => {
  it('names the services that map ports, the newest first, wherever they are', () => {
    const ppp = service('urn:schemas-upnp-org:service:WANPPPConnection:1', 'http://192.168.77.1:80/ppp?a=1&amp;b=2');
    const found = servicesOf(description(ppp, ipConnection(1, 'ctl/one'), ipConnection(2)), location);
    expect(found.map(({ type, control }) => `${type.split(':').at(-2)} ${control.href}`)).toEqual([
      'WANIPConnection http://192.168.77.1:38393/ctl/IPConn',
      'WANIPConnection http://192.168.77.1:38393/ctl/one',
      'WANPPPConnection http://192.168.77.1/ppp?a=1&b=2',
    ]);
  });

  it('may have a base of its own', () => {
    const text = description(ipConnection(1)).replace('<device>', '<URLBase>http://192.168.77.1:5000/</URLBase><device>');
    expect(servicesOf(text, location)[0]?.control.href).toBe('http://192.168.77.1:5000/ctl/IPConn');
  });

  it.each(['http://192.168.77.9/ctl', 'http://example.org/ctl', 'https://192.168.77.1/ctl', 'file:///etc/hosts', 'http://'])(
    'does not lead to another machine: %s',
    (control) => {
      expect(servicesOf(description(ipConnection(1, control)), location)).toEqual([]);
    },
  );

  it.each(['', 'no XML', '<service>'.repeat(20_000), '<service></service>'.repeat(10_000)])('that says nothing has none', (text) => {
    expect(servicesOf(text, location)).toEqual([]);
  });
});

describe('a router by UPnP', () => {
  it('maps, says its address, and forgets', async () => {
    const { calls, listener } = device(() => undefined);
    const at = await router.http(listener);
    const gateway = igdGateway(at, () => 0);
    const mapping = await gateway.map(ports, signal);
    expect(mapping).toEqual({ externalHost: '9.9.9.1', externalPort: 24_000, lifetimeMs: 3_600_000 });
    await gateway.unmap({ ...ports, ...mapping }, signal);
    expect(calls.map(({ action }) => action)).toEqual(['AddPortMapping', 'GetExternalIPAddress', 'DeletePortMapping']);
    const [add, , remove] = calls as [Call, Call, Call];
    expect(['NewInternalClient', 'NewInternalPort', 'NewProtocol', 'NewLeaseDuration'].map((name) => elementOf(add.body, name))).toEqual([
      '127.0.0.1',
      '24000',
      'TCP',
      '3600',
    ]);
    expect([portOf(remove), elementOf(remove.body, 'NewProtocol')]).toEqual(['24000', 'TCP']);
  });

  it('where a neighbour has the port, another is taken, and that one removed', async () => {
    const { calls, listener } = device((call) =>
      call.action === 'AddPortMapping' && portOf(call) === '24000' ? fault(718, 'ConflictInMappingEntry') : undefined,
    );
    const gateway = igdGateway(await router.http(listener), () => 1 / 2);
    const mapping = await gateway.map(ports, signal);
    expect(mapping.externalPort).toBe(40_000);
    await gateway.unmap({ ...ports, ...mapping }, signal);
    expect(portOf(calls.at(-1) as Call)).toBe('40000');
  });

  it.each([
    ['127.0.0.1', ['GetSpecificPortMappingEntry', 'DeletePortMapping']],
    ['192.168.77.9', ['GetSpecificPortMappingEntry']],
  ])('what it never said was ours is removed only if it is: of %s', async (owner, actions) => {
    const { calls, listener } = device(() => undefined, undefined, owner);
    await igdGateway(await router.http(listener), () => 0).unmap({ ...ports, externalHost: undefined, externalPort: 24_000, lifetimeMs: 0 }, signal);
    expect(calls.map(({ action }) => action)).toEqual(actions);
  });

  it('not for ever', async () => {
    const { calls, listener } = device(() => fault(718, 'ConflictInMappingEntry'));
    await expect(igdGateway(await router.http(listener), () => 0).map(ports, signal)).rejects.toThrow('ConflictInMappingEntry (718)');
    expect(calls).toHaveLength(4);
  });

  it('that keeps mappings for ever only is asked for one', async () => {
    const { calls, listener } = device(({ body }) => (elementOf(body, 'NewLeaseDuration') === '3600' ? fault(725, 'OnlyPermanentLeasesSupported') : undefined));
    expect((await igdGateway(await router.http(listener), () => 0).map(ports, signal)).lifetimeMs).toBe(3_600_000);
    expect(calls.map(({ body }) => elementOf(body, 'NewLeaseDuration'))).toEqual(['3600', '0', undefined]);
  });

  it.each<[string, (request: IncomingMessage, response: ServerResponse) => void, string]>([
    ['refuses', device(() => fault(606, 'Action not authorized')).listener, 'Action not authorized (606)'],
    ['fails without words', device(() => 'oops').listener, 'refused (500)'],
    ['maps no ports', device(() => undefined, description()).listener, 'no service that maps ports'],
    ['is none', (_, response) => response.writeHead(404).end(), 'it answered 404'],
    ['sends you elsewhere', (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(), 'it answered 302'],
    ['never stops talking', (_, response) => response.end('<service>'.repeat(20_000)), 'more than 131072 bytes'],
    ['hangs up', (request) => request.socket.destroy(), 'socket hang up'],
  ])('one that %s is a failure with words', async (_, listener, words) => {
    await expect(igdGateway(await router.http(listener), () => 0).map(ports, signal)).rejects.toThrow(words);
  });

  it('one that says nothing is left at once when that is asked for', async () => {
    const stop = new AbortController();
    const at = await router.http(() => stop.abort());
    await expect(igdGateway(at, () => 0).map(ports, stop.signal)).rejects.toThrow('aborted');
  });
});

describe('searching', () => {
  const reply = (where: string): string =>
    `HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=120\r\nST: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\nEXT:\r\nSERVER: Debian/6.18 UPnP/1.1 MiniUPnPd/2.3.1\r\nLOCATION: ${where}\r\nBOOTID.UPNP.ORG: 1795271302\r\n\r\n`;

  it('finds each router once, and takes nobody’s word for another machine', async () => {
    const asked: string[] = [];
    const port = await router.udp((request) => {
      asked.push(/^ST: .*$/m.exec(request.toString())?.[0] ?? '');
      return ['http://127.0.0.1:5000/a.xml', 'http://192.168.77.1/evil.xml', 'http://127.0.0.1:5000/a.xml'].map((where) => Buffer.from(reply(where)));
    });
    const found = await searchGateways({ localHosts: ['127.0.0.1'], signal, to: { host: '127.0.0.1', port } });
    expect(found.map(({ href }) => href)).toEqual(['http://127.0.0.1:5000/a.xml']);
    expect(new Set(asked)).toEqual(
      new Set(['ST: urn:schemas-upnp-org:device:InternetGatewayDevice:1', 'ST: urn:schemas-upnp-org:device:InternetGatewayDevice:2']),
    );
  });

  it('ends at once when that is asked for, and without interfaces', async () => {
    const stop = new AbortController();
    const port = await router.udp(() => {
      stop.abort();
      return [];
    });
    await expect(searchGateways({ localHosts: ['127.0.0.1'], signal: stop.signal, to: { host: '127.0.0.1', port } })).rejects.toThrow('aborted');
  });

  it.each([
    ['another host', reply('http://192.168.77.2/x'), undefined],
    ['a name', reply('http://router.example/x'), undefined],
    ['another scheme', reply('https://192.168.77.1/x'), undefined],
    ['no location', 'HTTP/1.1 200 OK\r\nST: x\r\n\r\n', undefined],
    ['an announcement', reply('http://192.168.77.1/x').replace('HTTP/1.1 200 OK', 'NOTIFY * HTTP/1.1'), undefined],
    ['its own, spelt otherwise', reply('http://192.168.77.1:80/x').replace('LOCATION:', 'Location:'), 'http://192.168.77.1/x'],
  ])('an answer with %s', (_, text, href) => {
    expect(locationOf(text, '192.168.77.1')?.href).toBe(href);
  });
});
