import { afterEach, expect, test, vi } from 'vitest';
import { parseAppOptions } from './app-options.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** What it says before it would end the process. */
function refusal(args: readonly string[], mode: 'strict' | 'beside-chromium'): string {
  let said = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += text;
    return true;
  });
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
  expect(() => parseAppOptions(args, mode)).toThrow('exit 1');
  return said;
}

test('by itself, the app joins a local network of its own under the default root', () => {
  expect(parseAppOptions([], 'strict')).toMatchObject({ network: undefined, isDefaultRoot: true, open: true, operands: [] });
});

test('another network, another root, no browser, and a repair', () => {
  const options = parseAppOptions(['--network', 'testnet', '--datadir=/data', '--no-open', '--repair'], 'strict');
  expect(options).toEqual({ network: 'testnet', dataRoot: '/data', isDefaultRoot: false, open: false, repair: true, operands: [] });
});

test.each([
  [['--netwrok', 'testnet'], '--network'],
  [['--network', 'tesnet'], 'testnet'],
  [['--frobnicate'], 'unknown option'],
  [['operand'], 'too many arguments'],
] as const)('strict, %j is refused', (args, words) => {
  expect(refusal(args, 'strict')).toContain(words);
});

test("Chromium's switches, the app's path and links pass; what is nearly ours does not", () => {
  const options = parseAppOptions(['.', '--ozone-platform=wayland', '--network', 'mainnet', 'timecoin:TIME1x'], 'beside-chromium');
  expect(options.network).toBe('mainnet');
  expect(options.operands).toContain('timecoin:TIME1x');
  expect(refusal(['--netwrok=mainnet'], 'beside-chromium')).toContain('Did you mean --network?');
  expect(refusal(['.', '--datdir', '/data'], 'beside-chromium')).toContain('Did you mean --datadir?');
});
