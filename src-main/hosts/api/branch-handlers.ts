import type { branchMethods } from '../../../src-shared/api/methods/branches.ts';
import type { BlockHash } from '../../../src-shared/domain/ids.ts';
import type { BranchAnswer, BranchRefusalCode } from '../../core/branch-answer.ts';
import { revertAlertBlocks, undoDepthBlocks } from '../../core/constants.ts';
import { signersOfBoth } from '../../core/engine/halts.ts';
import { CodedError } from '../../node/coded-error.ts';
import type { HandlersOf } from './handler.ts';
import type { NodeServices } from './node-services.ts';

export function branchHandlers(services: NodeServices): HandlersOf<typeof branchMethods> {
  const { views, storage } = services;
  return {
    invalidateblock: async ({ blockhash, confirm }) => {
      const hash = blockhash as BlockHash;
      const block = await storage.query('block', { hash });
      return doneOf(await services.invalidateBlock(hash, block?.height, confirm), blockhash);
    },
    reconsiderblock: async ({ blockhash }) => doneOf(await services.reconsiderBlock(blockhash as BlockHash), blockhash),
    getforkinfo: () => {
      const { halted, signing } = views.consensus();
      return {
        halted,
        reverting: views.isReverting(),
        silentthrough: signing.kind === 'after-revert' ? { height: signing.through.height, epoch: signing.through.epoch } : null,
        conflicts: views.halts().map((halt) => ({
          height: halt.height,
          reason: halt.reason,
          since: halt.sinceMs,
          certificates: halt.certificates.map(({ blockHash, round, precommits }) => ({
            blockhash: blockHash,
            round,
            signers: precommits.map(({ nodeId }) => nodeId),
          })),
          faulty: [...signersOfBoth(halt)],
          liftedby: halt.liftedBy ?? null,
        })),
        invalidblocks: views.invalidBlocks().map(({ hash, height }) => ({ blockhash: hash, height })),
      };
    },
  };
}

/** What must not be overlooked, for `getblockchaininfo`. */
export function chainWarnings({ views }: Pick<NodeServices, 'views'>): string[] {
  const { halted, signing } = views.consensus();
  const halt = views.halts().find(({ liftedBy }) => liftedBy === undefined);
  return [
    ...(halted && halt !== undefined
      ? [`This node has stopped at height ${halt.height}: ${halt.reason}. It follows and votes no more until invalidateblock settles it; see getforkinfo.`]
      : []),
    ...(views.isReverting() ? ['Blocks are being taken off.'] : []),
    ...(signing.kind === 'after-revert'
      ? [`Blocks were taken off: this node signs nothing through height ${signing.through.height} and epoch ${signing.through.epoch}.`]
      : []),
  ];
}

const refusals: Record<BranchRefusalCode, (blockhash: string, blocks: number) => CodedError> = {
  'unknown-block': (blockhash) => new CodedError('not-found', `Block ${blockhash} is not in this node’s chain, nor certified beside one that is.`),
  genesis: () => new CodedError('invalid-parameter', 'The genesis block is where the network begins: nothing is before it.'),
  'not-marked': (blockhash) => new CodedError('invalid-parameter', `Block ${blockhash} is not marked as invalid.`),
  'too-deep': (_, blocks) =>
    new CodedError('too-many-blocks', `${blocks} blocks would be taken off: more than ${undoDepthBlocks} never are.`, { blocks, limit: undoDepthBlocks }),
  'not-confirmed': (_, blocks) =>
    new CodedError(
      'confirmation-needed',
      `${blocks} blocks would be taken off. If that is meant, say so: confirm must be true for more than ${revertAlertBlocks}.`,
      {
        blocks,
      },
    ),
  'no-undo-data': () => new CodedError('no-undo-data', 'What takes these blocks off was not stored: they come from an older release.'),
  'under-way': () => new CodedError('reverting', 'Blocks are being taken off already.'),
};

function doneOf(answer: BranchAnswer, blockhash: string): { reverted: number; height: number; bestblockhash: BlockHash } {
  if (!answer.ok) throw refusals[answer.code](blockhash, answer.blocks);
  return { reverted: answer.reverted, height: answer.height, bestblockhash: answer.hash };
}
