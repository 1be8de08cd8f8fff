import { logLevels } from '../../../src-shared/domain/log-lines.ts';
import { defaultLimits, limitNames, limitSpecs, toWritten } from '../../../src-shared/domain/net-limits.ts';
import { formatNetworkAddress } from '../../core/net/network-address.ts';
import { type ConfigSources, defaultSettings, type ExplainedConfig, explainConfig, isProxied, type SettingOrigin } from './config.ts';
import { ConfigError, type Endpoint, keySpecs, type SettingName, settingNames } from './config-keys.ts';
import { changeSettings } from './settings-file.ts';

/** As a file has it. */
export type WrittenValue = string | number | boolean | readonly string[];

export interface ShownSetting {
  readonly key: string;
  readonly group: 'node' | 'limits';
  readonly kind: 'text' | 'choice' | 'boolean' | 'list' | 'number';
  readonly meaning: string;
  readonly form: string;
  readonly choices?: readonly string[];
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  /** Undefined: none. */
  readonly default: WrittenValue | undefined;
  readonly value: WrittenValue | undefined;
  readonly source: 'default' | SettingOrigin;
  readonly fixed: boolean;
  readonly pending: boolean;
}

/** How each is shown and typed. */
const kinds: Record<SettingName, 'text' | 'choice' | 'boolean' | 'list'> = {
  network: 'text',
  listen: 'text',
  rpc: 'text',
  web: 'text',
  masternode: 'boolean',
  genesis_file: 'text',
  genesis_hash: 'text',
  log_level: 'choice',
  connect: 'list',
  bootstrap: 'list',
  discovery: 'boolean',
  discovery_urls: 'list',
  dns_seeds: 'list',
  whitelist: 'list',
  port_mapping: 'boolean',
  proxy: 'text',
};
/** Which network this is and what it must hash to is the owner's word alone; the role has a method of its own, which knows where it cannot be chosen. */
const ownersAlone: ReadonlySet<string> = new Set<SettingName>(['network', 'genesis_file', 'genesis_hash', 'masternode']);

/** The settings of a node that runs: what it starts with next, and what says so. */
export class NodeSettings {
  readonly #from: ConfigSources;
  /** By key, when this node started. */
  readonly #started: ReadonlyMap<string, string>;
  #writing: Promise<void> = Promise.resolve();

  /** Reads the sources. Throws ConfigError. */
  constructor(from: ConfigSources) {
    this.#from = from;
    this.#started = new Map(shownSettings(explainConfig(from)).map(({ key, value }) => [key, JSON.stringify(value)]));
  }

  /** Throws ConfigError for files that somebody has broken since. */
  view(): { readonly configPath: string; readonly settingsPath: string; readonly settings: readonly ShownSetting[] } {
    const explained = explainConfig(this.#from);
    const { configPath, settingsPath } = explained;
    const settings = shownSettings(explained).map((shown) => ({ ...shown, pending: this.#started.get(shown.key) !== JSON.stringify(shown.value) }));
    return { configPath, settingsPath, settings };
  }

  /** By key, as in the file; null takes it out. One change after the other. Rejects with ConfigError, and nothing is written then. */
  change(changes: Readonly<Record<string, unknown>>): Promise<void> {
    const changed = this.#writing.then(async () => {
      const fixed = new Set(this.view().settings.flatMap(({ key, fixed }) => (fixed ? [key] : [])));
      for (const key of Object.keys(changes)) if (fixed.has(key)) throw new ConfigError(`${key} cannot be changed here.`);
      await changeSettings(this.#from, changes);
    });
    this.#writing = changed.catch(() => undefined);
    return changed;
  }
}

function shownSettings({ network, settings, limits, originOf, originOfLimit }: ExplainedConfig): ShownSetting[] {
  const standard: Readonly<Partial<Record<SettingName, unknown>>> = defaultSettings(network, isProxied(settings));
  const standardLimits = defaultLimits(network);
  return [
    ...settingNames.map((key): ShownSetting => {
      const source = originOf(key) ?? 'default';
      return {
        key,
        group: 'node',
        kind: kinds[key],
        meaning: keySpecs[key].meaning,
        form: keySpecs[key].form,
        ...(key === 'log_level' ? { choices: logLevels } : {}),
        default: asWritten(standard[key]),
        value: asWritten(settings[key]),
        source,
        fixed: source === 'command-line' || ownersAlone.has(key),
        pending: false,
      };
    }),
    ...limitNames.map((name): ShownSetting => {
      const { key, meaning, unit, min, max } = limitSpecs[name];
      const source = originOfLimit(name) ?? 'default';
      return {
        key,
        group: 'limits',
        kind: 'number',
        meaning,
        form: `${min} … ${max}`,
        unit,
        min,
        max,
        default: toWritten(name, standardLimits[name]),
        value: toWritten(name, limits[name]),
        source,
        fixed: source === 'command-line',
        pending: false,
      };
    }),
  ];
}

function asWritten(value: unknown): WrittenValue | undefined {
  if (value === undefined || typeof value === 'string' || typeof value === 'boolean' || Array.isArray(value)) return value;
  const { host, port } = value as Endpoint;
  return formatNetworkAddress(host, port);
}
