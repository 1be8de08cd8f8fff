import type * as z from 'zod';
import type { networkMethods } from '../../../src-shared/api/methods/network.ts';
import type {
  ban,
  clock,
  connectionRecord,
  limit,
  messageTraffic,
  portMapping,
  reachability,
  violationRecord,
} from '../../../src-shared/api/methods/network-shapes.ts';
import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { defaultLimits, limitNames, limitSpecs, toWritten } from '../../../src-shared/domain/net-limits.ts';
import { protocolVersion } from '../../core/constants.ts';
import { type Ban, banKey } from '../../core/net/ban.ts';
import { formatNetworkAddress } from '../../core/net/network-address.ts';
import type { ViolationRecord } from '../../core/net/network-state.ts';
import type { ConnectionRecord } from '../../node/connection-history.ts';
import type { NodeServices } from './node-services.ts';
import { given, inOrderOfInterest, knownAddressOf, peerRowsOf, secondsOf, servicesOf, stateCountsOf } from './present-network.ts';

/** Rows of the page that shows them. */
const shown = { waiting: 200, bans: 500, history: 100, violations: 50, observed: 10 } as const;

/** Core's sign: their clocks minus ours, in seconds. */
export function clockOf({ views }: NodeServices): z.output<typeof clock> {
  const { state, offsetMs, members } = views.clock();
  return { state, members, ...given({ timeoffset: offsetMs === undefined ? undefined : 0 - offsetMs / 1_000 }) };
}

export function reachabilityOf({ views }: NodeServices): z.output<typeof reachability> {
  const { state, address, checkedAtMs } = views.reachability();
  return { state, ...given({ address, checkedms: checkedAtMs }) };
}

export function portMappingOf(services: NodeServices): z.output<typeof portMapping> {
  const view = services.portMapping();
  switch (view.state) {
    case 'off':
      return { state: 'off', off: view.reason };
    case 'searching':
      return { state: 'searching' };
    case 'mapped': {
      const { method, gateway, external, untilMs, lastError } = view;
      const { host, port } = external;
      const address = host === undefined ? undefined : formatNetworkAddress(host, port);
      return { state: 'mapped', method, gateway, port, untilms: Math.round(untilMs), ...given({ address, error: lastError }) };
    }
    case 'failed':
      return { state: 'failed', error: view.lastError, nexttryms: Math.round(view.nextTryMs) };
    default:
      return view satisfies never;
  }
}

export function bansOf({ views, nowMs }: NodeServices): z.output<typeof ban>[] {
  const now = nowMs();
  return views.bans().map((one) => banOf(one, now));
}

function banOf(one: Ban, nowMs: number): z.output<typeof ban> {
  const { subject, createdMs, untilMs, reason, by } = one;
  const until =
    untilMs === undefined
      ? {}
      : {
          banned_until: Math.round(untilMs),
          ban_duration: Math.max(0, Math.round((untilMs - createdMs) / 1_000)),
          time_remaining: Math.max(0, Math.ceil((untilMs - nowMs) / 1_000)),
        };
  return { address: banKey(subject), kind: subject.kind, ban_created: createdMs, ...until, reason, by };
}

export function historyOf(records: readonly ConnectionRecord[]): z.output<typeof connectionRecord>[] {
  return records.map(({ atMs, kind, address, nodeId, direction, phase, by, reason, durationMs, nextTryMs }) => ({
    atms: atMs,
    kind,
    address,
    ...given({
      nodeid: nodeId,
      direction,
      phase,
      by,
      reason,
      duration: durationMs === undefined ? undefined : secondsOf(durationMs),
      nexttryms: nextTryMs === undefined ? undefined : Math.round(nextTryMs),
    }),
  }));
}

export const violationsOf = (records: readonly ViolationRecord[]): z.output<typeof violationRecord>[] =>
  records.map(({ atMs, connection, nodeId, code, detail }) => ({ atms: atMs, id: connection, nodeid: nodeId, code, detail }));

/** The busiest first. */
export function messagesOf(services: NodeServices): z.output<typeof messageTraffic>[] {
  const { sent, received, leftOut } = services.traffic();
  const types = new Set([...Object.keys(sent.byType), ...Object.keys(received.byType), ...Object.keys(leftOut.byType)] as (keyof typeof sent.byType)[]);
  return [...types]
    .map((type) => ({
      type,
      messagessent: sent.byType[type]?.messages ?? 0,
      bytessent: sent.byType[type]?.bytes ?? 0,
      messagesrecv: received.byType[type]?.messages ?? 0,
      bytesrecv: received.byType[type]?.bytes ?? 0,
      messagesleftout: leftOut.byType[type]?.messages ?? 0,
    }))
    .sort((a, b) => b.bytessent + b.bytesrecv - a.bytessent - a.bytesrecv);
}

/** What was before the start was not nothing: it is not known, and not told. */
function samplesOf(services: NodeServices, nowMs: number): TopicValue<'network'>['traffic']['samples'] {
  const { sentBytes, receivedBytes } = services.trafficHistory();
  // The last sample is of the second before this one.
  const firstMs = Math.floor(nowMs / 1_000) * 1_000 - sentBytes.length * 1_000;
  return sentBytes
    .map((sent, index) => ({ atms: firstMs + index * 1_000, sent, received: receivedBytes[index] ?? 0 }))
    .filter(({ atms }) => atms >= services.info.startedAtMs);
}

/** Where peers see this node; they know its IP, and of its port only what it listens on. */
const observedOf = ({ views }: NodeServices): { address: string; score: number }[] =>
  views.reachability().observed.map(({ host, peers }) => ({ address: host, score: peers }));

function limitsOf(services: NodeServices): z.output<typeof limit>[] {
  const limits = services.views.limits();
  const defaults = defaultLimits(services.info.network.name);
  return limitNames.map((name) => {
    const { key, unit, min, max, meaning } = limitSpecs[name];
    return { name: key, value: toWritten(name, limits[name]), default: toWritten(name, defaults[name]), unit, min, max, meaning };
  });
}

/** What an operator should know, in whole sentences. */
function warningsOf(services: NodeServices): string[] {
  const { state, offsetMs = 0 } = services.views.clock();
  const seconds = (Math.abs(offsetMs) / 1_000).toFixed(1);
  const clockIs = `This machine's clock is ${seconds} s ${offsetMs > 0 ? 'ahead of' : 'behind'} the masternodes'`;
  return [
    ...(state === 'warning' ? [`${clockIs}: set it.`] : []),
    ...(state === 'stopped' ? [`${clockIs}, so this node proposes no blocks: set it.`] : []),
    ...(services.views.reachability().state === 'unreachable' ? ['Others cannot connect to this node: open its port in firewall and router.'] : []),
  ];
}

export function networkInfoOf(services: NodeServices): z.output<(typeof networkMethods)['getnetworkinfo']['response']> {
  const { info, views } = services;
  const peers = views.peers();
  const inbound = peers.filter(({ direction }) => direction === 'inbound').length;
  const clockNow = clockOf(services);
  return {
    version: info.version,
    subversion: info.userAgent,
    protocolversion: protocolVersion,
    ...localServices(views.consensus().votes),
    ...given({ timeoffset: clockNow.timeoffset }),
    clock: clockNow,
    connections: peers.length,
    connections_in: inbound,
    connections_out: peers.length - inbound,
    connections_masternodes: peers.filter(({ nodeId }) => views.snapshot().byNode.has(nodeId)).length,
    listening: info.p2pAddress,
    proxy: info.proxy,
    localaddresses: observedOf(services),
    reachability: reachabilityOf(services),
    portmapping: portMappingOf(services),
    addresses: stateCountsOf(views.addresses()),
    bans: views.bans().length,
    warnings: warningsOf(services),
    limits: limitsOf(services),
  };
}

function localServices(votes: boolean): { localservices: string; localservicesnames: 'MASTERNODE'[] } {
  const { services, servicesnames } = servicesOf(votes);
  return { localservices: services, localservicesnames: servicesnames };
}

export function peersTopic(services: NodeServices): TopicValue<'peers'> {
  const addresses = services.views.addresses();
  const waiting = inOrderOfInterest(addresses.filter(({ state }) => state !== 'connected')).slice(0, shown.waiting);
  return {
    peers: peerRowsOf(services, addresses),
    states: stateCountsOf(addresses),
    waiting: waiting.map((one) => knownAddressOf(services, one)),
    nowms: services.nowMs(),
  };
}

export function networkTopic(services: NodeServices): TopicValue<'network'> {
  const { views, info } = services;
  const nowms = services.nowMs();
  const { sent, received } = services.traffic();
  return {
    practice: info.practice,
    listening: info.p2pAddress,
    observed: observedOf(services).slice(0, shown.observed),
    reachability: reachabilityOf(services),
    portmapping: portMappingOf(services),
    clock: clockOf(services),
    bans: bansOf(services).slice(0, shown.bans),
    history: historyOf(services.connections.newest(shown.history)),
    violations: violationsOf(views.violations().slice(0, shown.violations)),
    traffic: {
      bytessent: sent.total.bytes,
      bytesrecv: received.total.bytes,
      messages: messagesOf(services),
      samples: samplesOf(services, nowms),
    },
    nowms,
  };
}
