import { existsSync, writeFileSync } from 'node:fs';
import type { BrowserWindow } from 'electron';
import { words } from './words.ts';

export interface AppWindowOptions {
  readonly window: BrowserWindow;
  /** Its being there says that the person has been told where the window went. */
  readonly toldFile: string;
  readonly tell: (title: string, body: string) => void;
}

/** The app's one window. Closing it hides it: the node goes on in the tray. */
export class AppWindow {
  readonly #options: AppWindowOptions;
  #stopping = false;
  #told = false;

  constructor(options: AppWindowOptions) {
    this.#options = options;
    const { window } = options;
    window.once('ready-to-show', () => window.show());
    window.on('page-title-updated', (event) => event.preventDefault());
    window.on('close', (event) => {
      event.preventDefault();
      window.hide();
      if (!this.#stopping) this.#tellOnce();
    });
  }

  show(): void {
    const { window } = this.#options;
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  /** Answers what it says. */
  showStopping(stopped: number, total: number): string {
    const { window } = this.#options;
    this.#stopping = true;
    const text = words.stopping(stopped, total);
    window.setTitle(text);
    window.setProgressBar(total === 0 ? 1 : stopped / total);
    return text;
  }

  #tellOnce(): void {
    const { toldFile, tell } = this.#options;
    if (this.#told || existsSync(toldFile)) return;
    this.#told = true;
    tell(words.keepsRunning.title, words.keepsRunning.body);
    try {
      writeFileSync(toldFile, '');
    } catch {
      // A full disk: the next run says it once more.
    }
  }
}
