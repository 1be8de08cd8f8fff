import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { writeFileDurably } from '../../node/durable-file.ts';

/** As Bitcoin Core has it: a user name that is no person, and a password made anew at each start that whoever may read the file may use. */
const user = '__cookie__';
const cookieMode = 0o600;

export interface Cookie {
  /** Whether an `Authorization` header carries it. Takes the same time whatever is wrong. */
  matches(authorization: string | undefined): boolean;
  /** Unless another process has put its own there since. */
  remove(): Promise<void>;
}

const digest = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();
const basic = (content: string): string => `Basic ${Buffer.from(content, 'utf8').toString('base64')}`;

export async function writeCookie(file: string): Promise<Cookie> {
  const content = `${user}:${randomBytes(32).toString('hex')}`;
  await writeFileDurably(file, Buffer.from(content, 'utf8'), cookieMode);
  const expected = digest(basic(content));
  return {
    // Hashes are of one length, so that the comparison tells nothing of either.
    matches: (authorization) => timingSafeEqual(digest(authorization ?? ''), expected),
    remove: async () => {
      const current = await readFile(file, 'utf8').catch(() => undefined);
      if (current === content) rmSync(file, { force: true });
    },
  };
}

/** The header that a client sends. Rejects with the system's error if the file cannot be read. */
export const readAuthorization = async (file: string): Promise<string> => basic((await readFile(file, 'utf8')).trim());
