import { Refusal } from '../../fixtures/preview-node.ts';
import { answerSettings } from '../../fixtures/preview-settings.ts';
import { never, type Scene } from '../scene.ts';

const scene = (state: string, part: Omit<Scene, 'page' | 'state'> = {}): Scene => ({ page: 'settings', state, ...part });

export const settingsScenes: readonly Scene[] = [
  scene('first'),
  scene('last', { shows: (browser) => browser.getByTestId('setting').last() }),
  scene('loading', { say: (node) => node.answer('getsettings', never) }),
  scene('failing', {
    say: (node) =>
      node.answer('getsettings', () => {
        throw new Refusal('misc-error', 'settings.json could not be read.');
      }),
    shows: (browser) => browser.getByRole('alert'),
  }),
  scene('no-match', { reach: (browser) => browser.getByRole('searchbox').fill('nothing like it'), shows: (browser) => browser.getByRole('searchbox') }),
  scene('wrong', {
    reach: async (browser) => {
      await browser.getByRole('searchbox').fill('max_');
      await browser.getByTestId('setting-max_peers').fill('many');
    },
    shows: (browser) => browser.getByTestId('setting-max_peers'),
  }),
  scene('refused', {
    reach: async (browser) => {
      await browser.getByRole('searchbox').fill('max_');
      await browser.getByTestId('setting-max_peers').fill('10');
      await browser.getByTestId('setting-max_outbound').fill('20');
      await browser.getByTestId('settings-save').click();
      await browser.getByRole('alert').waitFor();
    },
    shows: (browser) => browser.getByTestId('settings-bar'),
  }),
  scene('saved', {
    reach: async (browser) => {
      await browser.getByRole('searchbox').fill('max_');
      await browser.getByTestId('setting-max_peers').fill('40');
      await browser.getByTestId('settings-save').click();
    },
    shows: (browser) => browser.getByTestId('settings-bar'),
  }),
  scene('in-the-app', {
    say: (node) => {
      answerSettings(node);
      node.answer('getpreferences', () => ({ startatlogin: true, keepawake: true }));
    },
  }),
];
