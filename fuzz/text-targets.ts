import { decodeGenesis, encodeGenesis } from '../src-main/core/codec/genesis.ts';
import { readGenesisFile } from '../src-main/core/codec/genesis-file.ts';
import {
  formatNetworkAddress,
  isInSubnet,
  isPublic,
  networkOf,
  normalizeHost,
  parseNetworkAddress,
  parseSubnet,
} from '../src-main/core/net/network-address.ts';
import { parseConfigFile, parseSettingsFile } from '../src-main/node/config/config.ts';
import { ConfigError } from '../src-main/node/config/config-keys.ts';
import { FrameGuard } from '../src-main/node/transport/frame-guard.ts';
import { encodeAddress, parseAddress } from '../src-shared/domain/address.ts';
import { formatTime, parseTime } from '../src-shared/domain/amount.ts';
import type { Lock } from '../src-shared/domain/ids.ts';
import { formatPaymentUri, parsePaymentUri } from '../src-shared/domain/payment-uri.ts';
import { expect, type Target, withoutValues } from './target.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (input: Uint8Array): string => new TextDecoder().decode(input);
const lock = '01'.repeat(20) as Lock;
const address = encodeAddress(lock, 'devnet');

const addresses = ['1.2.3.4:24000', '[::1]:24000', '[2001:db8::1:0:0:2]:1', '[::ffff:1.2.3.4]:65535', 'node.example:24000', '[fe80::1%eth0]:24000'];
const subnets = ['203.0.113.0/24', '2001:db8::/32', '10.0.0.1', '::/0', '0.0.0.0/0', '::ffff:10.1.2.3/128'];

/** Read, written and read again, an address is the same; and whatever asks where it is has an answer. */
const networkAddress: Target = {
  name: 'network-address',
  weight: 8,
  seeds: [...addresses, ...subnets].map(bytesOf),
  run: (input) => {
    const text = textOf(input);
    const subnet = parseSubnet(text);
    if (subnet !== undefined) {
      expect(parseSubnet(subnet) === subnet, `${subnet} is not what it is read as`);
      expect(isInSubnet(normalizeHost(subnet.split('/')[0] ?? ''), subnet), `${subnet} does not hold its first address`);
      return `subnet ${subnet.includes(':')}`;
    }
    const parsed = parseNetworkAddress(text);
    if (parsed === undefined) return 'none';
    const { host, port } = parsed;
    const again = parseNetworkAddress(formatNetworkAddress(host, port));
    expect(again?.host === host && again.port === port, `${host} ${port} is read as ${again?.host} ${again?.port}`);
    expect(normalizeHost(host) === host, `${host} is not normal`);
    networkOf(host, { v4: 16, v6: 32 });
    return `address ${isPublic(host)} ${host.replace(/[0-9a-z]+/g, 'a').slice(0, 20)}`;
  },
};

const money: Target = {
  name: 'address-and-amount',
  weight: 4,
  seeds: [address, `time:${address}`, `time:${address}?amount=1.5&label=a%20b`, '21000000.00000001', '0'].map(bytesOf),
  run: (input) => {
    const text = textOf(input);
    const amount = parseTime(text);
    if (amount !== undefined) expect(parseTime(formatTime(amount)) === amount, `${amount} is written as ${formatTime(amount)}`);
    const parsed = parseAddress(text, 'devnet');
    if (parsed.ok) expect(encodeAddress(parsed.lock, 'devnet') === text, 'an address with two spellings');
    const asked = parsePaymentUri(text, 'devnet');
    if (!asked.ok) return `${amount !== undefined} ${parsed.ok} ${JSON.stringify(asked.error)}`;
    const again = parsePaymentUri(formatPaymentUri(asked.request), 'devnet');
    expect(again.ok && again.request.amount === asked.request.amount && again.request.label === asked.request.label, 'a payment request that changes');
    return `request ${asked.request.amount !== undefined} ${asked.request.label !== undefined}`;
  },
};

const genesisFile = JSON.stringify({
  network: 'devnet',
  time: 1_750_000_000_000,
  masternodes: [{ nodeKey: 'ab'.repeat(32), tier: 'bronze', ownerAddress: address, rewardAddress: address, serviceAddress: '127.0.0.1:1' }],
  allocations: [
    { address, amount: '100000', label: 'one' },
    { unspendable: true, amount: '5', label: '' },
  ],
});
const genesis: Target = {
  name: 'genesis-file',
  weight: 3,
  seeds: [bytesOf(genesisFile)],
  run: (input) => {
    const read = readGenesisFile(textOf(input));
    if (!read.ok) return `${read.error.code} ${withoutValues(read.error.path)}`;
    const { contents } = read;
    const again = encodeGenesis(decodeGenesis(encodeGenesis(contents)));
    expect(Buffer.compare(again, encodeGenesis(contents)) === 0, 'a genesis that changes');
    return 'valid';
  },
};

const configFile = `network = "devnet"
listen = "127.0.0.1:24200"
rpc = "none"
connect = ["127.0.0.1:24210", "[::1]:24220"]
masternode = true
log_level = "debug"
`;
function configTarget(name: string, content: string, parse: (content: string, source: string) => unknown): Target {
  return {
    name,
    weight: 2,
    seeds: [bytesOf(content)],
    run: (input) => {
      try {
        return `valid ${Object.keys(parse(textOf(input), 'a file') as object).sort()}`;
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        return withoutValues(error.message.split('\n', 1)[0] ?? '').replace(/"[^"]*"/g, 'name');
      }
    },
  };
}

const handshake = [32, 64, 56];
const maxFrameBytes = 300;
const frames = (sizes: readonly number[]): Uint8Array =>
  Uint8Array.from(sizes.flatMap((size) => [size & 255, (size >> 8) & 255, size >> 16, ...Array<number>(size).fill(7)]));

/** How bytes are cut into reads changes nothing: what is refused, how many frames were begun, and whether one is under way. */
const frameGuard: Target = {
  name: 'frame-guard',
  weight: 8,
  seeds: [
    frames(handshake),
    frames([...handshake, 40, 300, 18]),
    frames([...handshake, 17]),
    frames([...handshake, 301]),
    frames([...handshake, 20].slice(0, -1)),
  ],
  run: (input) => {
    const whole = new FrameGuard(handshake, maxFrameBytes);
    const refused = whole.scan(input);
    const cut = new FrameGuard(handshake, maxFrameBytes);
    const step = 1 + (((input[0] ?? 0) + 7 * (input.at(-1) ?? 0)) % 40);
    let refusedInPieces: number | undefined;
    for (let from = 0; from < input.length && refusedInPieces === undefined; from += step) refusedInPieces = cut.scan(input.subarray(from, from + step));
    expect(refused === refusedInPieces, `${refused} at once and ${refusedInPieces} in pieces of ${step}`);
    if (refused !== undefined) return `refused after ${Math.min(10, whole.begun)}`;
    expect(whole.begun === cut.begun && whole.midFrame === cut.midFrame, `the state differs in pieces of ${step}`);
    return `${Math.min(10, whole.begun)} begun ${whole.midFrame}`;
  },
};

export const textTargets: readonly Target[] = [
  frameGuard,
  networkAddress,
  money,
  genesis,
  configTarget('config-file', configFile, parseConfigFile),
  configTarget('settings-file', '{"listen":"127.0.0.1:24200","connect":["[::1]:24220"],"masternode":false}', parseSettingsFile),
];
