import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { didYouMean, editDistance } from '../../../src-shared/domain/nearest-name.ts';
import { type ConfigSources, parseConfigFile, resolveConfig } from './config.ts';
import type { Settings } from './config-keys.ts';

const root = join('/', 'data');
function resolveWith(files: Readonly<Record<string, string>>, commandLine: Settings = {}, rest: Partial<ConfigSources> = {}) {
  const readText = (path: string): string | undefined => files[path.slice(root.length + 1).replaceAll('\\', '/')];
  return resolveConfig({ root, commandLine, configFile: undefined, readText, ...rest });
}

describe('precedence', () => {
  it('is command line, settings, configuration, default', () => {
    const files = {
      'testnet/config.toml': 'rpc = "127.0.0.1:1"\nweb = "127.0.0.1:2"\nlog_level = "warn"',
      'testnet/settings.json': '{"web":"127.0.0.1:3","log_level":"debug"}',
    };
    const config = resolveWith(files, { network: 'testnet', log_level: 'error' });
    expect(config).toMatchObject({
      rpc: { port: 1 },
      web: { port: 3 },
      logLevel: 'error',
      listen: { host: '0.0.0.0', port: 24_100 },
      connect: [],
      masternode: false,
    });
    expect(config.directory).toBe(join(root, 'testnet'));
  });
  it('the root’s file may choose the network, and then speaks for it', () => {
    expect(resolveWith({ 'config.toml': 'network = "devnet"\nmasternode = true' })).toMatchObject({
      network: 'devnet',
      masternode: true,
      directory: join(root, 'devnet'),
    });
    expect(resolveWith({})).toMatchObject({ network: 'mainnet', directory: root, rpc: { host: '127.0.0.1', port: 24_001 } });
  });
  it('a door may be closed', () => {
    expect(resolveWith({ 'config.toml': 'listen = "none"\nweb = "none"' }, { rpc: 'none' })).toMatchObject({
      listen: undefined,
      web: undefined,
      rpc: undefined,
    });
  });
});

describe('a proxy', () => {
  it('keeps this node from being found, unless that is written too', () => {
    const files = { 'config.toml': 'proxy = "127.0.0.1:9050"' };
    expect(resolveWith(files)).toMatchObject({ proxy: { host: '127.0.0.1', port: 9_050 }, listen: undefined, portMapping: false, discovery: true });
    expect(resolveWith(files, { listen: { host: '127.0.0.1', port: 5 } })).toMatchObject({ listen: { port: 5 }, portMapping: false });
    expect(resolveWith(files, { proxy: 'none' })).toMatchObject({ proxy: undefined, listen: { port: 24_000 }, portMapping: true });
    expect(() => resolveWith({ 'config.toml': 'proxy = "[::1]:9050"\nport_mapping = true' })).toThrow('as it is with a proxy unless it is written');
  });
});

describe('what refuses to start', () => {
  it.each([
    ['proxy = "127.0.0.1:0"', 'proxy: expected host:port, or none'],
    ['proxy = "socks5://127.0.0.1:9050"', 'proxy: expected host:port, or none'],
    ['lisen = "x"', 'there is no setting "lisen", did you mean "listen"?'],
    ['genesisfile = "x"', 'did you mean "genesis_file"?'],
    ['[rpc]\nport = 1', 'rpc: expected a text'],
    ['rpc = "0.0.0.0:1"', 'rpc: expected an address of this machine'],
    ['web = "[::]:1"', 'web: expected an address of this machine'],
    ['listen = "host"', 'listen: expected host:port, or none'],
    ['listen = "host:70000"', 'listen: expected host:port, or none'],
    ['masternode = "yes"', 'masternode: expected true or false'],
    ['connect = "a:1"', 'connect: expected a list'],
    ['connect = ["a:1", "b"]', 'connect: expected host:port, not "b"'],
    ['bootstrap = ["a:0"]', 'bootstrap: expected host:port, not "a:0"'],
    ['bootstrap = [1]', 'bootstrap: expected host:port, not 1'],
    [`bootstrap = [${'"a:1",'.repeat(1_001)}]`, 'bootstrap: expected at most 1000 of them, not 1001'],
    ['discovery = 1', 'discovery: expected true or false'],
    ['discovery_urls = ["ftp://a.example/"]', 'discovery_urls: expected an http or https URL, not "ftp://a.example/"'],
    ['discovery_urls = ["https://me:word@a.example/"]', 'discovery_urls: expected an http or https URL'],
    ['dns_seeds = ["1.2.3.4"]', 'dns_seeds: expected a host name, not "1.2.3.4"'],
    ['dns_seeds = ["a..example"]', 'dns_seeds: expected a host name'],
    ['dns_seeds = ["-a.example"]', 'dns_seeds: expected a host name'],
    ['whitelist = ["10.0.0.0/33"]', 'whitelist: expected an IP or a network like 203.0.113.0/24, not "10.0.0.0/33"'],
    ['port_mapping = "upnp"', 'port_mapping: expected true or false'],
    ['max_peer = 5', 'there is no setting "max_peer", did you mean "max_peers"?'],
    ['max_peers = 0', 'config.toml: max_peers: expected a whole number from 1 to 1000'],
    ['max_peers = 5.5', 'max_peers: expected a whole number from 1 to 1000'],
    ['pong_seconds = 0.5', 'pong_seconds: expected a number of seconds from 1 to 60'],
    ['pong_seconds = inf', 'pong_seconds: expected a number of seconds from 1 to 60'],
    ['limits = 5', 'there is no setting "limits"'],
    ['network = "main"', 'network: expected one of mainnet, testnet, devnet'],
    ['log_level = "loud"', 'log_level: expected one of error, warn, info, debug'],
    ['__proto__ = 1', 'there is no setting "__proto__"'],
    ['rpc = ', 'config.toml'],
  ])('%s', (content, message) => {
    expect(() => parseConfigFile(content, 'config.toml')).toThrow(message);
  });
  it('a file of another network, and a file that is not there', () => {
    expect(() => resolveWith({ 'testnet/config.toml': 'network = "devnet"' }, { network: 'testnet' })).toThrow('it says devnet, and the command line testnet');
    expect(() => resolveWith({ 'settings.json': '{"network":"testnet"}' })).toThrow('these are the settings of mainnet');
    expect(() => resolveWith({ 'settings.json': '[]' })).toThrow('expected names and values');
    expect(() => resolveWith({ 'settings.json': '' })).toThrow(/settings\.json: the file is damaged .* Remove it/);
    expect(() => resolveWith({}, {}, { configFile: join(root, 'mine.toml') })).toThrow('there is no such file');
  });
});

describe('the peer network', () => {
  it('is as protocol section 10 has it where nothing is said', () => {
    expect(resolveWith({})).toMatchObject({
      bootstrap: [],
      discovery: true,
      dnsSeeds: [],
      discoveryUrls: [],
      whitelist: [],
      portMapping: true,
      limits: { maxPeers: 50, maxPeersPerIp: 4, pingIntervalMs: 30_000 },
    });
    expect(resolveWith({}, { network: 'devnet' })).toMatchObject({
      discovery: false,
      portMapping: false,
      limits: { maxPeersPerIp: 0, pingIntervalMs: 2_000 },
    });
  });

  it('is what the files say, settings before configuration, limit by limit', () => {
    const config = resolveWith(
      {
        'testnet/config.toml': `
          bootstrap = ["Seed.example:24100"]
          discovery_urls = ["https://a.example/peers"]
          dns_seeds = ["Seed.Example"]
          whitelist = ["10.1.2.3/8", "2001:DB8::1"]
          port_mapping = false
          max_peers = 20
          ping_seconds = 12.5
          forget_days = 3`,
        'testnet/settings.json': '{"max_peers": 40, "max_outbound": 40}',
      },
      { network: 'testnet' },
    );
    expect(config).toMatchObject({
      bootstrap: ['Seed.example:24100'],
      discovery: true,
      dnsSeeds: ['seed.example'],
      discoveryUrls: ['https://a.example/peers'],
      whitelist: ['10.0.0.0/8', '2001:db8::1/128'],
      portMapping: false,
      limits: { maxPeers: 40, maxOutbound: 40, masternodeSlotsMax: 30, pingIntervalMs: 12_500, forgetAfterMs: 259_200_000, pongTimeoutMs: 5_000 },
    });
  });

  it('refuses limits that contradict each other, wherever they come from', () => {
    const files = { 'testnet/config.toml': 'max_outbound = 30', 'testnet/settings.json': '{"max_peers": 20}' };
    expect(() => resolveWith(files, { network: 'testnet' })).toThrow('settings.json: max_outbound, 30, is more than max_peers, 20');
  });

  it('refuses what would not be used', () => {
    expect(() => resolveWith({ 'config.toml': 'discovery = false\ndns_seeds = ["a.example"]' })).toThrow(
      'config.toml: dns_seeds: it would not be used, since discovery is false',
    );
    expect(() => resolveWith({ 'devnet/config.toml': 'discovery_urls = ["http://a.example/"]' }, { network: 'devnet' })).toThrow(
      'discovery_urls: it would not be',
    );
    expect(() => resolveWith({ 'config.toml': 'port_mapping = true' }, { listen: 'none' })).toThrow('port_mapping: it would not be used, since listen is none');
    expect(resolveWith({ 'config.toml': 'listen = "none"\nport_mapping = false' }).portMapping).toBe(false);
    expect(resolveWith({ 'config.toml': 'listen = "none"' }).portMapping).toBe(false);
    expect(resolveWith({ 'config.toml': 'discovery = false\nbootstrap = ["a:1"]' })).toMatchObject({ discovery: false, bootstrap: ['a:1'] });
  });
});

describe('the nearest name', () => {
  it.each([
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['listen', 'listen', 0],
    ['lable', 'label', 2],
  ])('%s and %s are %i apart', (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance);
    expect(editDistance(to, from)).toBe(distance);
  });
  it('is not named where nothing is near', () => {
    expect(didYouMean('xyz', ['rpc', 'web'])).toBe('');
    expect(didYouMean('RPC', ['rpc', 'web'])).toBe(', did you mean "rpc"?');
  });
  it('is not looked for in megabytes', () => {
    const names = Array.from({ length: 200 }, (_, index) => `getsomething${index}`);
    expect(didYouMean('x'.repeat(4_000_000), names)).toBe('');
  });
});
