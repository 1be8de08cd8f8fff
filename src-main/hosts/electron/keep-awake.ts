import type { PowerSaveBlocker } from 'electron';

/** Keeps the machine from sleeping while the masternode is active and the person wants that. The screen may go dark. */
export class KeepAwake {
  readonly #blocker: Pick<PowerSaveBlocker, 'start' | 'stop'>;
  #wanted = false;
  #active = false;
  #id: number | undefined;

  constructor(blocker: Pick<PowerSaveBlocker, 'start' | 'stop'>) {
    this.#blocker = blocker;
  }

  setWanted(wanted: boolean): void {
    this.#wanted = wanted;
    this.#settle();
  }

  /** Whether this node's votes count now. */
  setActive(active: boolean): void {
    this.#active = active;
    this.#settle();
  }

  #settle(): void {
    const hold = this.#wanted && this.#active;
    if (hold && this.#id === undefined) this.#id = this.#blocker.start('prevent-app-suspension');
    if (hold || this.#id === undefined) return;
    this.#blocker.stop(this.#id);
    this.#id = undefined;
  }
}
