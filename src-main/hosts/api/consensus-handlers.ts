import type { consensusMethods, SignedContradiction } from '../../../src-shared/api/methods/consensus.ts';
import type { Contradiction } from '../../../src-shared/domain/contradiction.ts';
import { toHex } from '../../core/crypto/hex.ts';
import type { HandlersOf } from './handler.ts';
import type { NodeServices } from './node-services.ts';
import { blocksBelow, consensusInfoOf, recentBlocksOf, votingOf } from './present-consensus.ts';

export function consensusHandlers(services: NodeServices): HandlersOf<typeof consensusMethods> {
  return {
    getconsensusinfo: () => consensusInfoOf(services),
    getvotingtransactions: () => votingOf(services),
    getevidence: async ({ count }) =>
      (await services.storage.query('evidence', { limit: count })).map(({ hash, nodeId, description, contradiction, encoded }) => ({
        hash,
        nodeid: nodeId,
        description,
        ...(contradiction === undefined ? {} : { contradiction: presentContradiction(contradiction) }),
        proof: toHex(encoded),
      })),
    getrecentblocks: ({ count, before }) => (before === undefined ? recentBlocksOf(services, count) : blocksBelow(services, before, count)),
  };
}

/** JSON has no undefined in lists. */
function presentContradiction(one: Contradiction): SignedContradiction {
  if (one.kind === 'transaction-votes') return { ...one, txids: [...one.txids] };
  const [first = null, second = null] = one.values;
  return { kind: one.kind, phase: one.phase, height: one.height, round: one.round, blockhashes: [first, second] };
}
