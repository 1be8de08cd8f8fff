import type { Response } from '../../../src-shared/api/contract.ts';
import { text } from '../../text/text.ts';
import { quorumWeight } from '../../ui/weight.ts';

export type PaymentInfo = Pick<
  Response<'gettransaction'>,
  'state' | 'acceptweight' | 'commitweight' | 'totalweight' | 'finalafterms' | 'blockheight' | 'reason'
>;

export type StepState = 'done' | 'now' | 'ahead' | 'failed';
export interface LifeStep {
  readonly key: 'sent' | 'accept' | 'final' | 'block' | 'end';
  readonly state: StepState;
  readonly words: string;
  /** Votes of this step, while they count. */
  readonly votes?: { readonly name: string; readonly weight: number; readonly totalWeight: number };
}

const words = text.wallet.life;
const sent: LifeStep = { key: 'sent', state: 'done', words: words.sent };

/** One word for the whole, which tests and screen readers follow. */
export const lifeSummary = (info: PaymentInfo | undefined): string => {
  if (info === undefined) return text.wallet.states.voting;
  switch (info.state) {
    case 'voting':
      return text.wallet.states.voting;
    case 'certified':
      return text.wallet.states.certified;
    case 'final':
      return words.final(info.finalafterms);
    case 'confirmed':
      return info.finalafterms === undefined ? text.wallet.states.confirmed(info.blockheight) : words.finalInBlock(info.finalafterms, info.blockheight ?? 0);
    case 'rejected':
      return words.rejected(text.reason(info.reason));
    case 'dropped':
      // What a block spent otherwise is gone.
      return words.dropped(text.reason(info.reason), info.reason !== 'inapplicable');
  }
};

/** Nothing more will happen to it. */
export const isSettled = (info: PaymentInfo): boolean => info.state === 'confirmed' || info.state === 'rejected' || info.state === 'dropped';

/** What has happened to a payment, what is happening and what is still to come, in order. Undefined: the node has not said yet. */
export function lifeOf(info: PaymentInfo | undefined): readonly LifeStep[] {
  const total = info?.totalweight ?? 0;
  const accept = (state: StepState): LifeStep => ({
    key: 'accept',
    state,
    words: state === 'done' ? words.accepted : words.accepting,
    ...(info === undefined || total === 0 ? {} : { votes: { name: text.consensus.accept, weight: info.acceptweight, totalWeight: total } }),
  });
  const commit = (state: StepState): LifeStep => ({
    key: 'final',
    state,
    words: state === 'done' ? words.final(info?.finalafterms) : words.waitingFinal,
    ...(info === undefined || total === 0 ? {} : { votes: { name: text.consensus.commit, weight: info.commitweight, totalWeight: total } }),
  });
  const block = (state: StepState): LifeStep => ({ key: 'block', state, words: state === 'done' ? words.block(info?.blockheight ?? 0) : words.waitingBlock });
  if (info === undefined) return [sent, accept('now'), commit('ahead'), block('ahead')];
  switch (info.state) {
    case 'voting':
      return [sent, accept('now'), commit('ahead'), block('ahead')];
    case 'certified':
      return [sent, accept('done'), commit('now'), block('ahead')];
    case 'final':
      return [sent, accept('done'), commit('done'), block('now')];
    case 'confirmed':
      // A block settles also what had no quorum of commits before; that this node saw it final is said only if it did.
      return info.finalafterms === undefined && info.acceptweight < quorumWeight(total)
        ? [sent, block('done')]
        : [sent, accept('done'), commit('done'), block('done')];
    case 'rejected':
    case 'dropped':
      return [sent, { key: 'end', state: 'failed', words: lifeSummary(info) }];
  }
}
