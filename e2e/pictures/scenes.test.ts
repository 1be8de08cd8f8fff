import { expect, test } from 'vitest';
import { peerTabs } from '../../src-renderer/features/peers/peer-tabs.ts';
import { setupSteps } from '../../src-renderer/features/setup/setup-steps.ts';
import { walletTabs } from '../../src-renderer/features/wallet/wallet-tabs.ts';
import { pages } from '../../src-renderer/routes.ts';
import { contactSheet } from './contact-sheet.ts';
import { pictureName, variants } from './scene.ts';
import { scenes } from './scenes.ts';

const statesOf = (page: string): string[] => scenes.filter((scene) => scene.page === page).map(({ state }) => state);

test.each([...pages, 'setup'])('%s has pictures', (page) => expect(statesOf(page)).not.toEqual([]));
test.each(peerTabs)('the part of peers %s has a picture', (tab) => expect(statesOf('peers')).toContain(tab));
test.each(walletTabs)('the part of the wallet %s has a picture', (tab) => expect(statesOf('wallet')).toContain(tab));
test.each(setupSteps)('the step %s of the first start has a picture', (step) => expect(statesOf('setup')).toContain(step));

test('no two pictures have one name, and the sheet has them all', () => {
  const names = scenes.flatMap((scene) => variants.flatMap((variant) => variant.shots.map((shot) => pictureName(scene, variant, shot))));
  expect(new Set(names).size).toBe(names.length);
  expect(names.every((name) => /^[a-z0-9-]+\.png$/.test(name))).toBe(true);
  const sheet = contactSheet(() => true);
  expect(names.filter((name) => !sheet.includes(`src="${name}"`))).toEqual([]);
  expect(contactSheet(() => false)).not.toContain('<img');
});
