import { usedAddress } from '../../fixtures/preview-explorer.ts';
import { Refusal } from '../../fixtures/preview-node.ts';
import { addressOf, hexOf } from '../../fixtures/preview-views.ts';
import { never, type Scene } from '../scene.ts';

const scene = (state: string, query = '', part: Omit<Scene, 'page' | 'state' | 'query'> = {}): Scene => ({ page: 'explorer', state, query, ...part });

export const explorerScenes: readonly Scene[] = [
  scene('blocks'),
  scene('blocks-loading', '', { say: (node) => node.answer('getrecentblocks', never) }),
  scene('block', '/block/1202'),
  scene('block-first', '/block/0'),
  scene('block-full', '/block/1200'),
  scene('block-missing', '/block/99999'),
  scene('transaction-payment', `/tx/${hexOf('payment')}`),
  scene('transaction-voting', `/tx/${hexOf('voting')}`),
  scene('transaction-registration', `/tx/${hexOf('registration')}`),
  scene('transaction-rejected', `/tx/${hexOf('rejected')}`),
  scene('transaction-missing', `/tx/${hexOf('nothing')}`),
  scene('address', `/address/${usedAddress}`),
  scene('address-unused', `/address/${addressOf('nobody')}`),
  scene('outpoint', `/outpoint/${hexOf('payment')}:0`),
  scene('transaction-loading', `/tx/${hexOf('payment')}`, { say: (node) => node.answer('gettransactiondetails', never) }),
  scene('transaction-failing', `/tx/${hexOf('payment')}`, {
    say: (node) =>
      node.answer('gettransactiondetails', () => {
        throw new Refusal('misc-error', 'Too many questions wait for an answer. Ask again in a moment.', { reason: 'too-many-queries' });
      }),
  }),
  scene('search-nothing', '/search/nonsense'),
];
