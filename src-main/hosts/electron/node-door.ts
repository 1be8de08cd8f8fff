import type { WindowDoor } from './ipc.ts';

/** The window's way to the node that runs, or to the next one while none does: what is asked meanwhile waits. */
export class NodeDoor {
  #door = Promise.withResolvers<WindowDoor>();

  get(): Promise<WindowDoor> {
    return this.#door.promise;
  }
  open(door: WindowDoor): void {
    this.#door.resolve(door);
  }
  /** The node is about to stop, and another one to come. */
  close(): void {
    this.#door = Promise.withResolvers<WindowDoor>();
  }
}
