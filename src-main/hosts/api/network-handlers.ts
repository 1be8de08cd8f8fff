import { defaultBanSeconds, type networkMethods } from '../../../src-shared/api/methods/network.ts';
import type { NodeId } from '../../../src-shared/domain/ids.ts';
import { type BanSubject, banKey } from '../../core/net/ban.ts';
import { formatNetworkAddress, parseNetworkAddress, parseSubnet } from '../../core/net/network-address.ts';
import { CodedError } from '../../node/coded-error.ts';
import type { HandlersOf } from './handler.ts';
import type { NodeServices } from './node-services.ts';
import { inOrderOfInterest, knownAddressOf, peersOf, stateCountsOf } from './present-network.ts';
import { bansOf, historyOf, messagesOf, networkInfoOf, reachabilityOf, violationsOf } from './present-network-state.ts';

export function networkHandlers(services: NodeServices): HandlersOf<typeof networkMethods> {
  return {
    getpeerinfo: ({ id }) => peersOf(services, id),
    getconnectioncount: () => services.views.peers().length,
    getnetworkinfo: () => networkInfoOf(services),
    getnettotals: () => {
      const { sent, received } = services.traffic();
      return { totalbytesrecv: received.total.bytes, totalbytessent: sent.total.bytes, timemillis: services.nowMs(), messages: messagesOf(services) };
    },
    getpeerstates: ({ state, count, skip }) => {
      const all = services.views.addresses();
      const chosen = inOrderOfInterest(state === undefined ? all : all.filter((one) => one.state === state));
      const addresses = chosen.slice(skip, skip + count).map((one) => knownAddressOf(services, one));
      return { total: chosen.length, states: stateCountsOf(all), addresses };
    },
    getaddednodeinfo: ({ node }) => {
      const added = services.addedNodes();
      const asked = node === '' ? added : [addressOf(services, node)];
      return asked.map((addednode) => {
        if (!added.includes(addednode)) throw new CodedError('node-not-added', `${addednode} is not in the list.`);
        return { addednode, ...connectionsOf(services, addednode) };
      });
    },
    addnode: ({ node, command }) => {
      const address = addressOf(services, node);
      switch (command) {
        case 'add':
          if (!services.addNode(address)) throw new CodedError('node-already-added', `${address} is in the list already.`);
          return null;
        case 'remove':
          if (!services.removeNode(address)) throw new CodedError('node-not-added', `${address} is not in the list.`);
          return null;
        case 'onetry':
          services.tryNode(address);
          return null;
        default:
          return command satisfies never;
      }
    },
    disconnectnode: ({ address, nodeid }) => {
      if ((address === '') === (nodeid === undefined)) throw new CodedError('invalid-parameter', 'Give the address of a peer or its id, and not both.');
      const peer = services.views.peers().find((one) => (nodeid === undefined ? one.address === address : one.connection === nodeid));
      if (peer === undefined) throw new CodedError('node-not-connected', `There is no peer ${nodeid ?? address}.`);
      services.disconnectNode(peer.connection);
      return null;
    },
    setban: ({ subnet, command, bantime, absolute }) => {
      const subject = banSubjectOf(subnet);
      const isBanned = services.views.bans().some((one) => banKey(one.subject) === banKey(subject));
      switch (command) {
        case 'add': {
          if (isBanned) throw new CodedError('node-already-added', `${banKey(subject)} is banned already. Lift that ban first.`);
          const nowMs = services.nowMs();
          const untilMs = absolute && bantime > 0 ? bantime : nowMs + (bantime === 0 ? defaultBanSeconds : bantime) * 1_000;
          if (untilMs <= nowMs) throw new CodedError('invalid-parameter', 'This moment is over. An absolute bantime is in milliseconds since 1970.');
          services.setBan(subject, untilMs);
          return null;
        }
        case 'remove':
          if (!isBanned) throw new CodedError('invalid-subnet', `${banKey(subject)} is not banned.`);
          services.clearBan(subject);
          return null;
        default:
          return command satisfies never;
      }
    },
    listbanned: () => bansOf(services),
    clearbanned: () => {
      services.clearBans();
      return null;
    },
    getconnectionhistory: ({ count, nodeid, address }) => historyOf(services.connections.newest(count, { nodeId: nodeid, address })),
    getviolations: ({ count, nodeid }) =>
      violationsOf(
        services.views
          .violations()
          .filter((one) => nodeid === undefined || one.nodeId === nodeid)
          .slice(0, count),
      ),
    checkreachability: () => {
      services.checkReachability();
      return reachabilityOf(services);
    },
  };
}

/** Normalised. Throws CodedError `invalid-parameter`. */
function addressOf(services: NodeServices, node: string): string {
  const parsed = parseNetworkAddress(node);
  if (parsed === undefined) throw new CodedError('invalid-parameter', `"${node}" is not host:port, like 203.0.113.5:${services.info.network.p2pPort}.`);
  return formatNetworkAddress(parsed.host, parsed.port);
}

/** Throws CodedError `invalid-subnet`. */
function banSubjectOf(text: string): BanSubject {
  if (/^[0-9a-f]{64}$/i.test(text)) return { kind: 'node', nodeId: text.toLowerCase() as NodeId };
  const subnet = parseSubnet(text);
  if (subnet === undefined) throw new CodedError('invalid-subnet', `"${text}" is no IP, no network such as 203.0.113.0/24, and no node public key.`);
  return { kind: 'network', subnet };
}

/** Whoever answers at this address may have dialled us itself: then the connection is an inbound one. */
function connectionsOf(services: NodeServices, address: string): { connected: boolean; addresses: { address: string; connected: 'inbound' | 'outbound' }[] } {
  const state = services.views.addresses().find((one) => one.address === address);
  const peer = services.views.peers().find((one) => one.address === address || (state?.state === 'connected' && one.nodeId === state.nodeId));
  return { connected: peer !== undefined, addresses: peer === undefined ? [] : [{ address, connected: peer.direction }] };
}
