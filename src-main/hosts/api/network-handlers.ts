import type { networkMethods } from '../../../src-shared/api/methods/network.ts';
import { formatNetworkAddress, parseNetworkAddress } from '../../core/net/network-address.ts';
import { CodedError } from '../../node/coded-error.ts';
import type { HandlersOf } from './handler.ts';
import type { NodeServices } from './node-services.ts';
import { peersOf } from './present-network.ts';

export function networkHandlers(services: NodeServices): HandlersOf<typeof networkMethods> {
  return {
    getpeerinfo: () => peersOf(services),
    getconnectioncount: () => services.views.peers().length,
    addnode: ({ node, command }) => {
      const parsed = parseNetworkAddress(node);
      if (parsed === undefined) throw new CodedError('invalid-parameter', `"${node}" is not host:port, like 203.0.113.5:${services.info.network.p2pPort}.`);
      const address = formatNetworkAddress(parsed.host, parsed.port);
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
  };
}
