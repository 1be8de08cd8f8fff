import type { auditMethods } from '../../../src-shared/api/methods/audit.ts';
import { formatTime } from '../../../src-shared/domain/amount.ts';
import type { FinishedCheck } from '../../node/audit/audit-service.ts';
import type { CheckLevel } from '../../node/audit/verify-chain.ts';
import { CodedError } from '../../node/coded-error.ts';
import type { HandlersOf } from './handler.ts';
import type { NodeServices } from './node-services.ts';

const warmingUp = (): CodedError => new CodedError('in-warmup', 'The chain is being made.');

export function auditHandlers({ audit, restart }: Pick<NodeServices, 'audit' | 'restart'>): HandlersOf<typeof auditMethods> {
  return {
    verifychain: async ({ checklevel, nblocks }) => {
      if (audit.running !== undefined) throw new CodedError('misc-error', 'A check of the chain is under way: getauditinfo says how far it is.');
      const check = await audit.verifyChain(checklevel as CheckLevel, nblocks);
      if (check === undefined) throw warmingUp();
      return checkOf(check);
    },
    getauditinfo: () => {
      const { running, last } = audit;
      const { level, blocks, startedAtMs, progress } = running ?? {};
      return {
        ...(level !== undefined && blocks !== undefined && startedAtMs !== undefined
          ? { running: { checklevel: level, nblocks: blocks, startedat: startedAtMs, ...progress } }
          : {}),
        ...(last && { last: checkOf(last) }),
      };
    },
    checkdatabase: async () => {
      const { chain, wallet } = await audit.checkFiles();
      return { valid: chain.length + wallet.length === 0, chain: [...chain], wallet: [...wallet] };
    },
    repairdatabase: () => {
      if (restart === undefined) throw new CodedError('misc-error', 'This node cannot start itself anew: stop it, and start it with --repair.');
      restart('repair');
      return 'TIME node starting anew, to repair its database';
    },
    gettxoutsetinfo: async () => {
      const set = await audit.coinSet();
      if (set === undefined) throw warmingUp();
      const { issuedUnits = 0n } = set;
      return {
        height: set.height,
        bestblock: set.bestBlock,
        txouts: set.coins,
        total_amount: formatTime(set.totalAmount),
        muhash: set.muhash,
        expected_muhash: set.expectedMuhash,
        issued_amount: formatTime(issuedUnits),
        valid: set.muhash === set.expectedMuhash && set.totalAmount === issuedUnits,
      };
    },
  };
}

const checkOf = ({ level, from, to, revertedFrom, problem, finishedAtMs }: FinishedCheck) => ({
  valid: problem === undefined,
  checklevel: level,
  from,
  to,
  ...(revertedFrom !== undefined && { revertedfrom: revertedFrom }),
  ...(problem && { firstbadheight: problem.height, problem: problem.what }),
  finishedat: finishedAtMs,
});
