import type { MenuItemConstructorOptions } from 'electron';
import { words } from './words.ts';

export interface MenuActions {
  readonly open: () => void;
  readonly quit: () => void;
}

type Items = MenuItemConstructorOptions[];
const separator: MenuItemConstructorOptions = { type: 'separator' };

/** Without an Edit menu, copy and paste have no keys on macOS. */
export function menuTemplate(platform: NodeJS.Platform, developerTools: boolean, { open, quit }: MenuActions): Items {
  const quitItem: MenuItemConstructorOptions = { label: words.menu.quit, accelerator: 'CommandOrControl+Q', click: quit };
  const fileItems: Items = [
    { label: words.menu.open, click: open },
    { label: words.menu.closeWindow, role: 'close' },
  ];
  const macItems: Items = [{ role: 'about' }, separator, { role: 'hide' }, { role: 'hideOthers' }, { role: 'unhide' }, separator, quitItem];
  const viewItems: Items = [{ role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }, separator, { role: 'togglefullscreen' }];
  const developerItems: Items = [separator, { role: 'reload' }, { role: 'toggleDevTools' }];
  const common: Items = [
    { label: words.menu.edit, role: 'editMenu' },
    { label: words.menu.view, submenu: developerTools ? [...viewItems, ...developerItems] : viewItems },
    { label: words.menu.window, role: 'windowMenu' },
  ];
  // On macOS, Quit belongs to the app's own menu.
  if (platform === 'darwin') return [{ label: words.appName, submenu: macItems }, { label: words.menu.file, submenu: fileItems }, ...common];
  return [{ label: words.menu.file, submenu: [...fileItems, separator, quitItem] }, ...common];
}

/** `status`: how the node is. */
export const trayTemplate = (status: string, { open, quit }: MenuActions): MenuItemConstructorOptions[] => [
  { label: status, enabled: false },
  { type: 'separator' },
  { label: words.menu.open, click: open },
  { type: 'separator' },
  { label: words.menu.quit, click: quit },
];
