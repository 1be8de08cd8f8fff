import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ConfigSources, parseConfigFile, resolveConfig, type Settings } from './config.ts';
import { didYouMean, editDistance } from './nearest-name.ts';

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

describe('what refuses to start', () => {
  it.each([
    ['lisen = "x"', 'there is no setting "lisen", did you mean "listen"?'],
    ['genesisfile = "x"', 'did you mean "genesis_file"?'],
    ['[rpc]\nport = 1', 'rpc: expected a text'],
    ['rpc = "0.0.0.0:1"', 'rpc: expected an address of this machine'],
    ['web = "[::]:1"', 'web: expected an address of this machine'],
    ['listen = "host"', 'listen: expected host:port, or none'],
    ['listen = "host:70000"', 'listen: expected host:port, or none'],
    ['masternode = "yes"', 'masternode: expected true or false'],
    ['connect = "a:1"', 'connect: expected a list'],
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
    expect(() => resolveWith({}, {}, { configFile: join(root, 'mine.toml') })).toThrow('there is no such file');
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
});
