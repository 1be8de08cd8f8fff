import { expect, test } from 'vitest';
import { browserOpener } from './open-browser.ts';

const url = 'http://127.0.0.1:24202/#token=a&b';

test.each([
  ['darwin', {}, 'open'],
  ['win32', {}, 'rundll32'],
  ['linux', { DISPLAY: ':0' }, 'xdg-open'],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, 'xdg-open'],
  ['linux', {}, undefined],
  ['linux', { DISPLAY: '' }, undefined],
] as const)('on %s with %j, %s', (platform, environment, command) => {
  const opener = browserOpener(platform, environment, url);
  expect(opener?.command).toBe(command);
  if (opener !== undefined) expect(opener.args.at(-1)).toBe(url);
});
