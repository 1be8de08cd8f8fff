import { type Hash, parseHex32 } from '../../../src-shared/domain/ids.ts';
import { type LogLevel, logLevels } from '../../../src-shared/domain/log-lines.ts';
import { didYouMean } from '../../../src-shared/domain/nearest-name.ts';
import { readLimit } from '../../../src-shared/domain/net-limit-rules.ts';
import { type LimitName, limitNames, limitSpecs, type NetLimits } from '../../../src-shared/domain/net-limits.ts';
import { type NetworkName, networks } from '../../../src-shared/domain/networks.ts';
import { isIp, isLoopback, normalizeHost, parseNetworkAddress, parseSubnet } from '../../core/net/network-address.ts';

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
  readonly masternode?: boolean;
  readonly genesis_file?: string;
  readonly genesis_hash?: Hash;
  readonly log_level?: LogLevel;
  readonly connect?: readonly string[];
  readonly bootstrap?: readonly string[];
  readonly discovery?: boolean;
  readonly discovery_urls?: readonly string[];
  readonly dns_seeds?: readonly string[];
  readonly whitelist?: readonly string[];
  readonly port_mapping?: boolean;
  readonly proxy?: Endpoint | 'none';
  /** In files each of them is a key of its own, by the name that net-limits.ts gives it. */
  readonly limits?: Partial<NetLimits>;
}
export type SettingName = Exclude<keyof Settings, 'limits'>;

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

/** A port of 0 is nowhere to connect to. */
export function parseProxy(text: string): Endpoint | 'none' {
  const endpoint = parseEndpoint(text);
  if (endpoint !== 'none' && endpoint.port === 0) throw new Error('expected host:port, or none');
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
const hash = (value: unknown): Hash => {
  const read = typeof value === 'string' ? parseHex32<Hash>(value) : undefined;
  if (read === undefined) throw new Error('expected 64 lower-case hex digits');
  return read;
};
const boolean = (value: unknown): boolean => {
  if (typeof value !== 'boolean') throw new Error('expected true or false');
  return value;
};

/** More of them is a mistake, not a configuration: each is remembered, shown, and looked at for every connection. */
const maxListed = 1_000;
/** All of them are asked at once. */
const maxSources = 32;

/** `read` answers undefined for what is none of them. */
const listOf =
  (what: string, max: number, read: (item: string) => string | undefined) =>
  (value: unknown): readonly string[] => {
    if (!Array.isArray(value)) throw new Error(`expected a list of ${what}`);
    if (value.length > max) throw new Error(`expected at most ${max} of them, not ${value.length}`);
    return value.map((item) => {
      const known = typeof item === 'string' ? read(item) : undefined;
      if (known === undefined) throw new Error(`expected ${what}, not ${JSON.stringify(item)}`);
      return known;
    });
  };
const peerAddress = (item: string): string | undefined => (parseNetworkAddress(item) === undefined ? undefined : item);
const hostName = (item: string): string | undefined =>
  item.length <= 253 && item.split('.').every((label) => /^(?!-)[A-Za-z0-9_-]{1,63}(?<!-)$/.test(label)) && !isIp(item) ? item.toLowerCase() : undefined;
/** Without a name and a word for it, which would be sent as they are written, and shown in the log. */
function listUrl(item: string): string | undefined {
  const url = URL.canParse(item) ? new URL(item) : undefined;
  return url !== undefined && (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === '' ? url.href : undefined;
}

interface KeySpec<T> {
  /** Throws a plain Error that says what is expected. */
  readonly read: (value: unknown) => T;
  /** For people: what may be written. */
  readonly form: string;
  readonly meaning: string;
}

const addressForm = '"host:port", or "none"';
/** Every key that there is, besides those of limits, in the order in which they are explained. */
export const keySpecs: { readonly [K in SettingName]-?: KeySpec<NonNullable<Settings[K]>> } = {
  network: {
    read: oneOf(Object.keys(networks) as NetworkName[]),
    form: Object.keys(networks)
      .map((name) => `"${name}"`)
      .join(', '),
    meaning: 'Which network to join. Only the config.toml of the data folder itself, or of `--conf`, can choose it.',
  },
  listen: { read: (value) => parseEndpoint(text(value)), form: addressForm, meaning: 'Where peers can connect; port 0 is any free one.' },
  rpc: { read: (value) => parseLocalEndpoint(text(value)), form: addressForm, meaning: 'Where JSON-RPC answers; an address of this machine.' },
  web: { read: (value) => parseLocalEndpoint(text(value)), form: addressForm, meaning: 'Where the window opens in a browser; an address of this machine.' },
  masternode: { read: boolean, form: 'true or false', meaning: 'Vote where this node is a masternode.' },
  genesis_file: { read: text, form: '"path"', meaning: 'The genesis of a network of one’s own, instead of the built-in one.' },
  genesis_hash: {
    read: hash,
    form: '64 hex digits',
    meaning: 'What the genesis must hash to: a node with another one refuses to start. `timed genesis` prints it.',
  },
  log_level: { read: oneOf(logLevels), form: logLevels.map((level) => `"${level}"`).join(', '), meaning: 'The least important lines that are written.' },
  connect: { read: listOf('host:port', maxListed, peerAddress), form: '["host:port", …]', meaning: 'Peers to keep connected: tried for ever.' },
  bootstrap: {
    read: listOf('host:port', maxListed, peerAddress),
    form: '["host:port", …]',
    meaning: 'Peers to begin with, where no others are known. What is written here takes the place of the network’s own.',
  },
  discovery: {
    read: boolean,
    form: 'true or false',
    meaning: 'Find peers by asking others. Without it only `connect`, a written `bootstrap` and masternodes are dialled.',
  },
  discovery_urls: {
    read: listOf('an http or https URL', maxSources, listUrl),
    form: '["https://…", …]',
    meaning: 'Lists of peers to download (`docs/peer-lists.md`). In place of the network’s own.',
  },
  dns_seeds: {
    read: listOf('a host name', maxSources, hostName),
    form: '["seed.example", …]',
    meaning: 'Names whose addresses are peers. In place of the network’s own.',
  },
  whitelist: {
    read: listOf('an IP or a network like 203.0.113.0/24', maxListed, parseSubnet),
    form: '["203.0.113.0/24", …]',
    meaning: 'IPs and networks that are never limited or banned.',
  },
  port_mapping: { read: boolean, form: 'true or false', meaning: 'Ask the router to let peers in: PCP, NAT-PMP or UPnP.' },
  proxy: {
    read: (value) => parseProxy(text(value)),
    form: addressForm,
    meaning:
      'A SOCKS 5 proxy, such as Tor’s, that leads to peers, lists of peers and names alike; this machine and its own network are reached without it. With one, `listen` is "none" and `port_mapping` false unless they are written.',
  },
};
export const settingNames = Object.keys(keySpecs) as SettingName[];

const limitOfKey = new Map(limitNames.map((name) => [limitSpecs[name].key, name]));
const allKeys = [...settingNames, ...limitOfKey.keys()];

/** `source` is named in errors: a file's path. Throws ConfigError. */
export function checkSettings(values: Readonly<Record<string, unknown>>, source: string): Settings {
  const settings: Record<string, unknown> = {};
  const limits: Partial<Record<LimitName, number>> = {};
  for (const [key, value] of Object.entries(values)) {
    const limit = limitOfKey.get(key);
    try {
      if (limit !== undefined) limits[limit] = readLimit(limit, value);
      else if (Object.hasOwn(keySpecs, key)) settings[key] = keySpecs[key as SettingName].read(value);
      else throw new ConfigError(`${source}: there is no setting "${key}"${didYouMean(key, allKeys)}`);
    } catch (error) {
      if (error instanceof ConfigError) throw error;
      throw new ConfigError(`${source}: ${key}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return { ...(settings as Settings), limits };
}
