import { readFileSync } from 'node:fs';
import { parseSettingsFile } from './config.ts';
import { checkSettings } from './config-keys.ts';
import { codeOf, writeFileDurably } from './durable-file.ts';

/**
 * Changes settings.json of a network's directory and leaves what else it says. What is there is checked before, and what would be there after: a
 * node never writes what it would refuse to start with. Throws ConfigError.
 *
 * @param changes by key, as in the file
 */
export async function changeSettings(path: string, changes: Readonly<Record<string, unknown>>): Promise<void> {
  let content = '{}';
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  parseSettingsFile(content, path);
  const settings = { ...(JSON.parse(content) as Record<string, unknown>), ...changes };
  checkSettings(settings, path);
  await writeFileDurably(path, Buffer.from(`${JSON.stringify(settings, undefined, 2)}\n`), 0o600);
}
