import { defaultLimits, limitNames, limitSpecs, toWritten } from '../../../src-shared/domain/net-limits.ts';
import { type NetworkName, networks } from '../../../src-shared/domain/networks.ts';
import { formatNetworkAddress } from '../../core/net/network-address.ts';
import { defaultSettings } from './config.ts';
import { type Endpoint, keySpecs, type SettingName, settingNames } from './config-keys.ts';

const networkNames = Object.keys(networks) as NetworkName[];

/** As it would be written in config.toml. */
function written(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'object' && value !== null && 'port' in value) {
    const { host, port } = value as Endpoint;
    return `"${formatNetworkAddress(host, port)}"`;
  }
  return JSON.stringify(value);
}

/** One value where all networks have the same, else each with its name. */
function perNetwork(shownOf: (network: NetworkName) => string): string {
  const values = networkNames.map(shownOf);
  const [first = ''] = values;
  const code = (value: string): string => (value === '' ? '' : `\`${value}\``);
  if (values.every((value) => value === first)) return code(first);
  return networkNames.map((name, i) => `${name} ${code(values[i] ?? '')}`).join(', ');
}

const table = (columns: readonly string[], rows: readonly (readonly string[])[]): string =>
  [columns, columns.map(() => '---'), ...rows].map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n');

const defaultOf = (name: SettingName, network: NetworkName): string => {
  const defaults: { readonly [K in SettingName]?: unknown } = defaultSettings(network);
  return name === 'network' ? '"mainnet"' : written(defaults[name]);
};

/** docs/config.md. */
export function configReference(): string {
  const settings = settingNames.map((name) => {
    const { form, meaning } = keySpecs[name];
    return [`\`${name}\``, perNetwork((network) => defaultOf(name, network)), form, meaning];
  });
  const limits = limitNames.map((name) => {
    const { key, unit, min, max, meaning } = limitSpecs[name];
    return [`\`${key}\``, perNetwork((network) => String(toWritten(name, defaultLimits(network)[name]))), `${min} … ${max}`, unit, meaning];
  });
  return [
    '# Configuration',
    'Made from the tables in `src-main/node/config/config-keys.ts` and `src-shared/domain/net-limits.ts` by `scripts/generate-config-docs.ts`; change those and run it again.',
    'Every key may stand in `config.toml` of the network’s folder, which is yours, or in `settings.json` beside it, which programs write. The command line goes before\n`settings.json`, and that before `config.toml`. A key that does not exist or would not be used, and a value outside its range, refuse to start and say why.',
    '## The node',
    table(['key', 'default', 'written as', 'meaning'], settings),
    '## The peer network',
    'Whole numbers; seconds and days may have a fraction, down to a millisecond. `getnetworkinfo` shows what holds. Some bound each other, such as `max_outbound` and\n`max_peers`: a default that contradicts what you write shrinks in proportion or grows as far as it\nmust, and two written values that contradict each other refuse to start.',
    table(['key', 'default', 'range', 'unit', 'meaning'], limits),
  ]
    .join('\n\n')
    .concat('\n');
}
