import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';

/** Lines of the standard input, one after the other; nothing is read before the first is asked for. */
export class StandardInput {
  readonly #input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly #say: (text: string) => void;
  #lines: Interface | undefined;
  #next: AsyncIterator<string> | undefined;
  /** What is typed on a terminal is not shown: readline echoes into nothing. */
  readonly #nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });

  /** `say`: where a person is asked, which is not where the answer goes. */
  constructor(input: NodeJS.ReadableStream & { readonly isTTY?: boolean }, say: (text: string) => void) {
    this.#input = input;
    this.#say = say;
  }

  /** Without its end; undefined once there are no more. A person at a terminal is asked `question`, and what they type is not shown. */
  async line(question: string): Promise<string | undefined> {
    const asks = this.#input.isTTY === true;
    if (asks) this.#say(question);
    const { done = false, value } = await this.#open(asks).next();
    if (asks) this.#say('\n');
    return done ? undefined : value;
  }

  /** Those that are left. A person at a terminal is told how to end them, and what they type is not shown. */
  async rest(): Promise<string[]> {
    const lines: string[] = [];
    const asks = this.#input.isTTY === true;
    if (asks) this.#say('One parameter a line, which is not shown; Ctrl-D ends them.\n');
    const reader = this.#open(asks);
    for (let next = await reader.next(); next.done !== true; next = await reader.next()) lines.push(next.value);
    return lines;
  }

  /** Reads no more, so that the program can end. */
  close(): void {
    this.#lines?.close();
  }

  #open(hidden: boolean): AsyncIterator<string> {
    if (this.#next !== undefined) return this.#next;
    this.#lines = createInterface({ input: this.#input, ...(hidden ? { output: this.#nowhere, terminal: true } : {}) });
    // Ctrl-C where readline has the terminal: as everywhere else.
    this.#lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    this.#next = this.#lines[Symbol.asyncIterator]();
    return this.#next;
  }
}
