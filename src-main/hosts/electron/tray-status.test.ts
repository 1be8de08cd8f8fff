import { expect, test } from 'vitest';
import { TrayStatus } from './tray-status.ts';
import { words } from './words.ts';

function opened() {
  const tips: string[] = [];
  const menus: string[] = [];
  const tray = { setToolTip: (text: string) => void tips.push(text), setContextMenu: (menu: unknown) => void menus.push(String(menu)) };
  const actions = { open: () => {}, quit: () => {} };
  return { tips, menus, status: new TrayStatus({ tray: tray as never, buildMenu: (template) => template[0]?.label as never, actions }) };
}
const alert = (code: string) => ({ code }) as never;

test('the tray says how the node is, on hover and in its menu', () => {
  const { tips, menus, status } = opened();
  status.show({ verdict: 'good', alerts: [] });
  status.show({ verdict: 'attention', alerts: [alert('disk-low'), alert('behind')] });
  expect(menus).toEqual([words.tray.starting, words.tray.verdicts.good, `${words.tray.verdicts.attention} (2)`]);
  expect(tips.at(-1)).toBe(`${words.appName}: ${words.tray.verdicts.attention} (2)`);
});

test('a menu that says the same is left as it is, since somebody may have it open', () => {
  const { menus, status } = opened();
  status.show({ verdict: 'bad', alerts: [alert('no-peers')] });
  status.show({ verdict: 'bad', alerts: [alert('disk-full')] });
  expect(menus).toHaveLength(2);
});

test('nothing takes the place of stopping', () => {
  const { tips, status } = opened();
  status.showStopping('stopping…');
  status.show({ verdict: 'good', alerts: [] });
  expect(tips.at(-1)).toBe('stopping…');
});
