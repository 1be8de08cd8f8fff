import { createInterface } from 'node:readline/promises';

interface Asking {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
  /** What is damaged. */
  readonly detail: string;
  /** Resolves when there is nothing more to ask. */
  readonly cancelled: Promise<unknown>;
}

/** Whether a damaged database is to be repaired. Where nobody sits at a terminal it is not: they read how it is done. */
export async function askRepair({ input, output, detail, cancelled }: Asking): Promise<boolean> {
  if (input.isTTY !== true) return false;
  output.write(`The database is damaged: ${detail}.\n`);
  output.write('Check the disk. A repair sets the file aside, and fetches the chain anew from peers; the wallet is not touched.\n');
  // Not as a terminal of readline's: Ctrl-C stays the signal that the program listens to.
  const lines = createInterface({ input, output, terminal: false });
  try {
    const answer = await Promise.race([lines.question('Repair it now? [y/N] '), cancelled]);
    return typeof answer === 'string' && /^(y|yes)$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
