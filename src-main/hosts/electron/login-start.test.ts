import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loginStart } from './login-start.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'login-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function surroundings(platform: NodeJS.Platform, isPackaged = true, environment: Record<string, string> = {}) {
  let openAtLogin = false;
  const app = {
    isPackaged,
    getLoginItemSettings: () => ({ openAtLogin }),
    setLoginItemSettings: (settings: { openAtLogin?: boolean }) => {
      openAtLogin = settings.openAtLogin === true;
    },
  };
  return { app: app as never, platform, home, environment, executable: '/opt/TIME 100%/time' };
}

test.each(['darwin', 'win32'] as const)('%s remembers it itself', (platform) => {
  const login = loginStart(surroundings(platform));
  expect(login?.isOn()).toBe(false);
  login?.set(true);
  expect(login?.isOn()).toBe(true);
});

test('on linux it is a file that desktops read, with the program’s path as it is', () => {
  const login = loginStart(surroundings('linux'));
  const file = join(home, '.config', 'autostart', 'org.timecoin.node.desktop');
  login?.set(true);
  expect([login?.isOn(), readFileSync(file, 'utf8')]).toEqual([true, expect.stringContaining('\nExec="/opt/TIME 100%%/time"\n')]);
  login?.set(false);
  login?.set(false);
  expect([login?.isOn(), existsSync(file)]).toEqual([false, false]);
});

test('an image starts itself and not what is in it', () => {
  const config = join(home, 'elsewhere');
  loginStart(surroundings('linux', true, { XDG_CONFIG_HOME: config, APPIMAGE: '/home/a/"TIME".AppImage' }))?.set(true);
  expect(readFileSync(join(config, 'autostart', 'org.timecoin.node.desktop'), 'utf8')).toContain('Exec="/home/a/\\\\"TIME\\\\".AppImage"');
});

test('what is not packaged does not start at login', () => expect(loginStart(surroundings('linux', false))).toBeUndefined());
