import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { writeFileDurably } from '../node/durable-file.ts';

/** What the app remembers beside its networks' folders: which one it is on, and whether somebody has gone through the first start. */
const appChoice = z.object({ network: z.enum(['practice', 'testnet', 'mainnet', 'devnet']), done: z.boolean() });
export type AppChoice = Readonly<z.output<typeof appChoice>>;

const fileOf = (dataRoot: string): string => join(dataRoot, 'app.json');

/** A file that is missing or broken costs one look at the first start, and nothing else. */
export function readAppChoice(dataRoot: string): AppChoice {
  try {
    return appChoice.parse(JSON.parse(readFileSync(fileOf(dataRoot), 'utf8')));
  } catch {
    return { network: 'practice', done: false };
  }
}

export async function writeAppChoice(dataRoot: string, choice: AppChoice): Promise<void> {
  await mkdir(dataRoot, { recursive: true, mode: 0o700 });
  await writeFileDurably(fileOf(dataRoot), Buffer.from(`${JSON.stringify(choice, undefined, 2)}\n`), 0o600);
}
