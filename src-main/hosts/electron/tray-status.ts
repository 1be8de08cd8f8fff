import type { Menu, MenuItemConstructorOptions, Tray } from 'electron';
import type { HealthView } from '../../node/health/health-watch.ts';
import { type MenuActions, trayTemplate } from './menu.ts';
import { words } from './words.ts';

export interface TrayStatusOptions {
  readonly tray: Pick<Tray, 'setToolTip' | 'setContextMenu'>;
  readonly buildMenu: (template: MenuItemConstructorOptions[]) => Menu;
  readonly actions: MenuActions;
}

/** The tray's word for how the node is, on hover and as the first line of its menu; what it means is said in the window. */
export class TrayStatus {
  readonly #options: TrayStatusOptions;
  #shown: string | undefined;
  #stopping = false;

  constructor(options: TrayStatusOptions) {
    this.#options = options;
    this.show(undefined);
  }

  /** Undefined: it does not run yet, or starts anew. */
  show(health: Pick<HealthView, 'verdict' | 'alerts'> | undefined): void {
    if (!this.#stopping) this.#say(health === undefined ? words.tray.starting : words.tray.status(words.tray.verdicts[health.verdict], health.alerts.length));
  }

  /** From now on nothing else matters. */
  showStopping(text: string): void {
    this.#stopping = true;
    this.#say(text);
  }

  #say(status: string): void {
    // A menu that is set anew closes under the hand that opened it.
    if (status === this.#shown) return;
    this.#shown = status;
    const { tray, buildMenu, actions } = this.#options;
    tray.setToolTip(this.#stopping ? status : `${words.appName}: ${status}`);
    tray.setContextMenu(buildMenu(trayTemplate(status, actions)));
  }
}
