import { readFileSync } from 'node:fs';
import { parse as parseToml } from 'smol-toml';
import { defaultLimits, type NetLimits } from '../../src-shared/domain/net-limits.ts';
import { type NetworkName, networks } from '../../src-shared/domain/networks.ts';
import { isLoopback, normalizeHost } from '../core/net/network-address.ts';
import { dataFiles, networkDirectory } from './data-directory.ts';
import { codeOf } from './durable-file.ts';
import { type LogLevel, logLevels } from './log-level.ts';
import { didYouMean } from './nearest-name.ts';

/** Where a door is: port 0 takes any free one. */
export interface Endpoint {
  /** Normalised, without brackets. */
  readonly host: string;
  readonly port: number;
}

/** What a source may say; each key that is left out is another's to say. `none` closes a door. */
export interface Settings {
  readonly network?: NetworkName;
  readonly listen?: Endpoint | 'none';
  readonly rpc?: Endpoint | 'none';
  readonly web?: Endpoint | 'none';
  readonly connect?: readonly string[];
  readonly masternode?: boolean;
  readonly genesis_file?: string;
  readonly log_level?: LogLevel;
}
export type SettingName = keyof Settings;

/** Everything that a node is started with, decided. */
export interface NodeConfig {
  readonly network: NetworkName;
  /** The folder of all networks: what `--datadir` takes. */
  readonly root: string;
  /** Of this network alone. */
  readonly directory: string;
  readonly listen: Endpoint | undefined;
  readonly rpc: Endpoint | undefined;
  readonly web: Endpoint | undefined;
  readonly connect: readonly string[];
  readonly masternode: boolean;
  readonly genesisFile: string | undefined;
  readonly logLevel: LogLevel;
  readonly limits: NetLimits;
}

/** The message names the source and the key, and says what is expected. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const endpointForm = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9_.-]{1,253})):(\d{1,5})$/;

/** `host:port` with a port of 0 allowed, or `none`. Throws a plain Error that says what is expected. */
export function parseEndpoint(text: string): Endpoint | 'none' {
  if (text === 'none') return text;
  const match = endpointForm.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port > 65_535) throw new Error('expected host:port, or none');
  return { host: normalizeHost(host), port };
}

/** Doors through which coins can be sent do not face the network: there is no encryption in them. */
export function parseLocalEndpoint(text: string): Endpoint | 'none' {
  const endpoint = parseEndpoint(text);
  if (endpoint !== 'none' && endpoint.host !== 'localhost' && !isLoopback(endpoint.host))
    throw new Error('expected an address of this machine, like 127.0.0.1:24001; reach it from elsewhere through ssh');
  return endpoint;
}

const oneOf =
  <T extends string>(names: readonly T[]) =>
  (value: unknown): T => {
    const found = names.find((name) => name === value);
    if (found === undefined) throw new Error(`expected one of ${names.join(', ')}`);
    return found;
  };
const text = (value: unknown): string => {
  if (typeof value !== 'string' || value === '') throw new Error('expected a text');
  return value;
};
const networkNames = Object.keys(networks) as NetworkName[];

/** How each key is read; every key that there is, and nothing else. */
const readers: { readonly [K in SettingName]-?: (value: unknown) => NonNullable<Settings[K]> } = {
  network: oneOf(networkNames),
  listen: (value) => parseEndpoint(text(value)),
  rpc: (value) => parseLocalEndpoint(text(value)),
  web: (value) => parseLocalEndpoint(text(value)),
  connect: (value) => {
    if (!Array.isArray(value)) throw new Error('expected a list of host:port');
    return value.map(text);
  },
  masternode: (value) => {
    if (typeof value !== 'boolean') throw new Error('expected true or false');
    return value;
  },
  genesis_file: text,
  log_level: oneOf(logLevels),
};
export const settingNames = Object.keys(readers) as SettingName[];

/** `source` is named in errors: a file's path. Throws ConfigError. */
export function checkSettings(values: Readonly<Record<string, unknown>>, source: string): Settings {
  const settings: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    if (!Object.hasOwn(readers, name)) throw new ConfigError(`${source}: there is no setting "${name}"${didYouMean(name, settingNames)}`);
    try {
      settings[name] = readers[name as SettingName](value);
    } catch (error) {
      throw new ConfigError(`${source}: ${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return settings as Settings;
}

export const parseConfigFile = (content: string, source: string): Settings => checkSettings(parsed(content, source, parseToml), source);
export const parseSettingsFile = (content: string, source: string): Settings =>
  checkSettings(
    parsed(content, source, (json) => JSON.parse(json)),
    source,
  );

function parsed(content: string, source: string, parse: (content: string) => unknown): Record<string, unknown> {
  let value: unknown;
  try {
    value = parse(content);
  } catch (error) {
    throw new ConfigError(`${source}: ${error instanceof Error ? error.message : error}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ConfigError(`${source}: expected names and values`);
  return value as Record<string, unknown>;
}

export interface ConfigSources {
  /** The folder of all networks. */
  readonly root: string;
  readonly commandLine: Settings;
  /** `--conf`: it must exist. Without it, config.toml of the network's directory is read if it is there. */
  readonly configFile: string | undefined;
  /** Undefined where there is no such file. */
  readonly readText?: (path: string) => string | undefined;
}

/**
 * Command line before settings.json before config.toml before the default. The network is the command line's; without it, that of the file
 * `--conf` or of the root's config.toml, which then speaks for that network. Throws ConfigError.
 */
export function resolveConfig({ root, commandLine, configFile, readText = readIfThere }: ConfigSources): NodeConfig {
  const configPath = configFile ?? dataFiles(networkDirectory(root, commandLine.network ?? 'mainnet')).config;
  const content = readText(configPath);
  if (content === undefined && configFile !== undefined) throw new ConfigError(`${configFile}: there is no such file`);
  const config = content === undefined ? {} : parseConfigFile(content, configPath);
  const network = commandLine.network ?? config.network ?? 'mainnet';
  if (config.network !== undefined && config.network !== network)
    throw new ConfigError(`${configPath}: network: it says ${config.network}, and the command line ${network}`);

  const directory = networkDirectory(root, network);
  const settingsPath = dataFiles(directory).settings;
  const settingsContent = readText(settingsPath);
  const settings = settingsContent === undefined ? {} : parseSettingsFile(settingsContent, settingsPath);
  if (settings.network !== undefined && settings.network !== network) throw new ConfigError(`${settingsPath}: network: these are the settings of ${network}`);

  const { p2pPort, rpcPort, webPort } = networks[network];
  const defaults = {
    listen: { host: '0.0.0.0', port: p2pPort },
    rpc: { host: '127.0.0.1', port: rpcPort },
    web: { host: '127.0.0.1', port: webPort },
    connect: [],
    masternode: false,
    log_level: 'info',
  } as const satisfies Settings;
  const merged = { ...defaults, ...config, ...settings, ...commandLine };
  const opened = (endpoint: Endpoint | 'none'): Endpoint | undefined => (endpoint === 'none' ? undefined : endpoint);
  return {
    network,
    root,
    directory,
    listen: opened(merged.listen),
    rpc: opened(merged.rpc),
    web: opened(merged.web),
    connect: merged.connect,
    masternode: merged.masternode,
    genesisFile: merged.genesis_file,
    logLevel: merged.log_level,
    limits: defaultLimits(network),
  };
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new ConfigError(`${path}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}
