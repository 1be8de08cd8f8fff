import { expect, it } from 'vitest';
import { defaultGateway, gatewayOfMac, gatewayOfProc, gatewayOfWindows } from './default-gateway.ts';

const proc = (...rows: string[]): string => ['Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT', ...rows, ''].join('\n');

it.each([
  [
    'the one there is',
    proc('eth0\t00000000\t014DA8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0', 'eth0\t004DA8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0'),
    '192.168.77.1',
  ],
  [
    'the cheapest',
    proc('wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0', 'eth0\t00000000\t0102A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0'),
    '192.168.2.1',
  ],
  [
    'none that is down, or that is half of everything',
    proc('eth0\t00000000\t0101A8C0\t0002\t0\t0\t0\t00000000\t0\t0\t0', 'tun0\t00000000\t0100080A\t0003\t0\t0\t0\t00000080\t0\t0\t0'),
    undefined,
  ],
  ['none of a tunnel without a router', proc('tun0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0'), undefined],
  ['none of nothing', '', undefined],
])('Linux: %s', (_, table, gateway) => {
  expect(gatewayOfProc(table)).toBe(gateway);
});

it('macOS', () => {
  const text =
    '   route to: default\ndestination: default\n       mask: default\n    gateway: 192.168.1.1\n  interface: en0\n      flags: <UP,GATEWAY,DONE,STATIC,PRCLONING,GLOBAL>\n';
  expect(gatewayOfMac(text)).toBe('192.168.1.1');
  expect(gatewayOfMac('route: writing to routing socket: not in table')).toBeUndefined();
});

it('Windows: the cheapest, in any language', () => {
  const text = [
    'IPv4-Routentabelle',
    'Aktive Routen:',
    '     Netzwerkziel    Netzwerkmaske          Gateway    Schnittstelle Metrik',
    '          0.0.0.0          0.0.0.0      192.168.1.1    192.168.1.34     55',
    '          0.0.0.0          0.0.0.0     192.168.2.1     192.168.2.20     25',
    'Ständige Routen:',
    '  Keine',
  ].join('\r\n');
  expect(gatewayOfWindows(text)).toBe('192.168.2.1');
  expect(gatewayOfWindows('Keine')).toBeUndefined();
});

it('a system that is not known has none', async () => {
  expect(await defaultGateway(new AbortController().signal, 'aix')).toBeUndefined();
});
