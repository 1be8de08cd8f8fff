import type { consensusMethods } from '../../../src-shared/api/methods/consensus.ts';
import { toHex } from '../../core/crypto/hex.ts';
import type { HandlersOf } from './handler.ts';
import type { NodeServices } from './node-services.ts';
import { blocksBelow, consensusInfoOf, recentBlocksOf, votingOf } from './present-consensus.ts';

export function consensusHandlers(services: NodeServices): HandlersOf<typeof consensusMethods> {
  return {
    getconsensusinfo: () => consensusInfoOf(services),
    getvotingtransactions: () => votingOf(services),
    getevidence: async ({ count }) =>
      (await services.storage.query('evidence', { limit: count })).map(({ hash, nodeId, description, encoded }) => ({
        hash,
        nodeid: nodeId,
        description,
        proof: toHex(encoded),
      })),
    getrecentblocks: ({ count, before }) => (before === undefined ? recentBlocksOf(services, count) : blocksBelow(services, before, count)),
  };
}
