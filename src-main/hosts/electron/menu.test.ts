import { expect, test } from 'vitest';
import { menuTemplate, trayTemplate } from './menu.ts';
import { words } from './words.ts';

type Item = { readonly role?: string; readonly label?: string; readonly click?: () => void; readonly submenu?: unknown };
const flat = (items: readonly Item[]): Item[] => items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu as Item[]) : [])]);
const template = (platform: NodeJS.Platform, developerTools: boolean, quit = () => {}): Item[] =>
  flat(menuTemplate(platform, developerTools, { open: () => {}, quit }) as Item[]);

test.each(['linux', 'darwin', 'win32'] as const)('on %s, one can quit, copy and paste, and developer tools are for developers', (platform) => {
  let quits = 0;
  const items = template(platform, false, () => quits++);
  const quit = items.filter(({ label }) => label === words.menu.quit);
  expect(quit).toHaveLength(1);
  quit[0]?.click?.();
  expect(quits).toBe(1);
  const roles = items.map(({ role }) => role);
  expect(roles).toContain('editMenu');
  expect(roles).not.toContain('toggleDevTools');
  // Electron's own quit would not be asked for anywhere else, and its reload is for developers.
  expect(roles).not.toContain('reload');
  expect(template(platform, true).map(({ role }) => role)).toContain('toggleDevTools');
});

test('the tray says how the node is, opens and quits', () => {
  const calls: string[] = [];
  const items = trayTemplate('All good', { open: () => void calls.push('open'), quit: () => void calls.push('quit') });
  expect(items[0]).toEqual({ label: 'All good', enabled: false });
  for (const { click } of items as Item[]) click?.();
  expect(calls).toEqual(['open', 'quit']);
});
