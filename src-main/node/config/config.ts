import { readFileSync } from 'node:fs';
import { parse as parseToml } from 'smol-toml';
import type { Hash } from '../../../src-shared/domain/ids.ts';
import type { LogLevel } from '../../../src-shared/domain/log-lines.ts';
import { LimitConflict, settleLimits } from '../../../src-shared/domain/net-limit-rules.ts';
import type { LimitName, NetLimits } from '../../../src-shared/domain/net-limits.ts';
import { type NetworkName, networks } from '../../../src-shared/domain/networks.ts';
import { dataFiles, networkDirectory } from '../data-directory.ts';
import { codeOf } from '../durable-file.ts';
import { ConfigError, checkSettings, type Endpoint, type SettingName, type Settings } from './config-keys.ts';

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
  readonly masternode: boolean;
  readonly genesisFile: string | undefined;
  /** That the genesis must have. */
  readonly genesisHash: Hash | undefined;
  readonly logLevel: LogLevel;
  /** host:port of peers to keep connected. */
  readonly connect: readonly string[];
  /** host:port of peers to begin with. */
  readonly bootstrap: readonly string[];
  /** Whether peers are looked for. */
  readonly discovery: boolean;
  /** Host names; none without discovery, and so are the URLs. */
  readonly dnsSeeds: readonly string[];
  readonly discoveryUrls: readonly string[];
  /** As `parseSubnet` answers them. */
  readonly whitelist: readonly string[];
  readonly portMapping: boolean;
  /** SOCKS 5; undefined: others are reached directly. */
  readonly proxy: Endpoint | undefined;
  readonly limits: NetLimits;
}

export const parseConfigFile = (content: string, source: string): Settings => checkSettings(parsed(content, source, parseToml), source);
export const parseSettingsFile = (content: string, source: string): Settings => checkSettings(parsed(content, source, parseOwnJson), source);

/** Nobody writes it by hand, so what it says is lost with it, which is little. */
function parseOwnJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new Error(`the file is damaged (${error instanceof Error ? error.message : error}). Remove it, and choose anew what was changed in the window`);
  }
}

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

/** What holds where nobody says anything else. Who takes a proxy does not want to be found at an address, unless that is written too. */
export function defaultSettings(network: NetworkName, isProxied = false) {
  const { p2pPort, rpcPort, webPort, seeds } = networks[network];
  const isPublic = network !== 'devnet';
  return {
    listen: isProxied ? 'none' : { host: '0.0.0.0', port: p2pPort },
    rpc: { host: '127.0.0.1', port: rpcPort },
    web: { host: '127.0.0.1', port: webPort },
    masternode: false,
    log_level: 'info',
    connect: [],
    bootstrap: seeds.bootstrap,
    // A practice network knows its nodes, and no router must open anything for it.
    discovery: isPublic,
    discovery_urls: seeds.urls,
    dns_seeds: seeds.dns,
    whitelist: [],
    port_mapping: isPublic && !isProxied,
    proxy: 'none',
  } as const satisfies Settings;
}

/** What says a setting. */
export type SettingOrigin = 'config.toml' | 'settings.json' | 'command-line';

interface Source {
  readonly origin: SettingOrigin;
  /** For errors. */
  readonly name: string;
  readonly settings: Settings;
}

interface ReadSources {
  readonly network: NetworkName;
  /** Of the network. */
  readonly directory: string;
  readonly configPath: string;
  readonly settingsPath: string;
  /** Later ones go before earlier ones. */
  readonly sources: readonly Source[];
}

/** The network is the command line's; without it, that of the file `--conf` or of the root's config.toml, which then speaks for that network. */
function readSources({ root, commandLine, configFile, readText = readIfThere }: ConfigSources): ReadSources {
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

  const sources: Source[] = [
    { origin: 'config.toml', name: configPath, settings: config },
    { origin: 'settings.json', name: settingsPath, settings },
    { origin: 'command-line', name: 'command line', settings: commandLine },
  ];
  return { network, directory, configPath, settingsPath, sources };
}

/** Command line before settings.json before config.toml before the default. Throws ConfigError. */
export function resolveConfig(from: ConfigSources): NodeConfig {
  const { network, directory, sources } = readSources(from);
  const defaults = defaultSettings(network);
  const merged = mergedSettings(network, sources);
  refuseUnused(merged, sources);
  const opened = (endpoint: Endpoint | 'none'): Endpoint | undefined => (endpoint === 'none' ? undefined : endpoint);
  const findsOthers = merged.discovery;
  return {
    network,
    root: from.root,
    directory,
    listen: opened(merged.listen),
    rpc: opened(merged.rpc),
    web: opened(merged.web),
    masternode: merged.masternode,
    genesisFile: merged.genesis_file,
    genesisHash: merged.genesis_hash,
    logLevel: merged.log_level,
    connect: merged.connect,
    bootstrap: findsOthers || merged.bootstrap !== defaults.bootstrap ? merged.bootstrap : [],
    discovery: findsOthers,
    dnsSeeds: findsOthers ? merged.dns_seeds : [],
    discoveryUrls: findsOthers ? merged.discovery_urls : [],
    whitelist: merged.whitelist,
    // Of a node that nobody can reach anyhow there is no port to map.
    portMapping: merged.port_mapping && merged.listen !== 'none',
    proxy: opened(merged.proxy),
    limits: limitsOf(network, sources),
  };
}

function mergedSettings(network: NetworkName, sources: readonly Source[]): ReturnType<typeof defaultSettings> & Settings {
  const written: Settings = Object.assign({}, ...sources.map(({ settings }) => settings));
  return Object.assign({}, defaultSettings(network, isProxied(written)), written);
}
export const isProxied = ({ proxy }: Pick<Settings, 'proxy'>): boolean => proxy !== undefined && proxy !== 'none';

export interface ExplainedConfig {
  readonly configPath: string;
  readonly settingsPath: string;
  readonly network: NetworkName;
  readonly settings: Settings;
  readonly limits: NetLimits;
  /** Undefined: the default. */
  readonly originOf: (name: SettingName) => SettingOrigin | undefined;
  readonly originOfLimit: (name: LimitName) => SettingOrigin | undefined;
}

/** What `resolveConfig` decides, with what says so. Throws ConfigError. */
export function explainConfig(from: ConfigSources): ExplainedConfig {
  const { network, configPath, settingsPath, sources } = readSources(from);
  return {
    configPath,
    settingsPath,
    network,
    settings: { ...mergedSettings(network, sources), network },
    limits: limitsOf(network, sources),
    originOf: (name) => sources.findLast(({ settings }) => settings[name] !== undefined)?.origin,
    originOfLimit: (name) => sources.findLast(({ settings }) => settings.limits?.[name] !== undefined)?.origin,
  };
}

/** What is written and does nothing was meant to do something. */
function refuseUnused(merged: Pick<Settings, 'discovery' | 'listen' | 'proxy'>, sources: readonly Source[]): void {
  const refuse = (key: SettingName, because: string): void => {
    const source = sources.findLast(({ settings }) => settings[key] !== undefined && settings[key] !== false);
    if (source !== undefined) throw new ConfigError(`${source.name}: ${key}: it would not be used, since ${because}`);
  };
  if (merged.discovery === false) for (const key of ['discovery_urls', 'dns_seeds'] as const) refuse(key, 'discovery is false');
  if (merged.listen === 'none') refuse('port_mapping', isProxied(merged) ? 'listen is none, as it is with a proxy unless it is written' : 'listen is none');
}

/** Later sources go before earlier ones. */
function limitsOf(network: NetworkName, sources: readonly Source[]): NetLimits {
  try {
    return settleLimits(network, Object.assign({}, ...sources.map(({ settings }) => settings.limits ?? {})));
  } catch (error) {
    if (!(error instanceof LimitConflict)) throw error;
    // At least one of the two was written: a default gives way.
    const { lower, upper } = error;
    const source = sources.findLast(({ settings }) => settings.limits?.[lower] !== undefined || settings.limits?.[upper] !== undefined);
    throw new ConfigError(`${source?.name}: ${error.message}`);
  }
}

export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new ConfigError(`${path}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}
