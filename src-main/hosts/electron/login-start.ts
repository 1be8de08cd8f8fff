import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { App } from 'electron';
import type { LoginStart } from '../app-preferences.ts';
import { words } from './words.ts';

export interface LoginSurroundings {
  readonly app: Pick<App, 'isPackaged' | 'getLoginItemSettings' | 'setLoginItemSettings'>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly executable: string;
}

/** How the system is told to start the app at login. Undefined where it cannot be: what is not packaged is no program that a system could start. */
export function loginStart({ app, platform, home, environment, executable }: LoginSurroundings): LoginStart | undefined {
  if (!app.isPackaged) return undefined;
  if (platform === 'darwin' || platform === 'win32')
    return { isOn: () => app.getLoginItemSettings().openAtLogin, set: (on) => app.setLoginItemSettings({ openAtLogin: on }) };
  // Desktops read this folder (freedesktop.org, "Desktop Application Autostart Specification").
  const file = join(environment.XDG_CONFIG_HOME ?? join(home, '.config'), 'autostart', 'org.timecoin.node.desktop');
  return {
    isOn: () => existsSync(file),
    set: (on) => {
      if (!on) return rmSync(file, { force: true });
      mkdirSync(dirname(file), { recursive: true });
      // What an AppImage runs is in a folder that is gone after it; the image itself is named to it.
      writeFileSync(file, desktopEntry(environment.APPIMAGE ?? executable));
    },
  };
}

/** A path between quotes, where four characters and the percent sign mean something else. */
const quoted = (path: string): string =>
  `"${path
    .replace(/[\\"`$]/g, '\\$&')
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%')}"`;
const desktopEntry = (executable: string): string =>
  ['[Desktop Entry]', 'Type=Application', `Name=${words.appName}`, `Exec=${quoted(executable)}`, 'X-GNOME-Autostart-enabled=true', ''].join('\n');
