import { writeFileDurably } from '../durable-file.ts';
import { type ConfigSources, explainConfig, parseSettingsFile, readIfThere, resolveConfig } from './config.ts';
import { checkSettings } from './config-keys.ts';

/**
 * Changes settings.json of a network's directory and leaves what else it says. What is there is checked before, and what would be there after, together
 * with what the other sources say: a node never writes what it would refuse to start with. Throws ConfigError.
 *
 * @param changes by key, as in the file; null takes the key out
 */
export async function changeSettings(from: ConfigSources, changes: Readonly<Record<string, unknown>>): Promise<void> {
  const { readText = readIfThere } = from;
  const path = explainConfig(from).settingsPath;
  const content = readText(path) ?? '{}';
  parseSettingsFile(content, path);
  const merged = { ...(JSON.parse(content) as Record<string, unknown>), ...changes };
  const settings = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
  checkSettings(settings, path);
  const next = `${JSON.stringify(settings, undefined, 2)}\n`;
  resolveConfig({ ...from, readText: (file) => (file === path ? next : readText(file)) });
  await writeFileDurably(path, Buffer.from(next), 0o600);
}
