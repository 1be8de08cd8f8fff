import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { apiReference } from './api-reference.ts';
import { helpText, methodNames, usageOf } from './help.ts';

const help = (said: string, subcommand?: string): string => {
  const reply = helpText(said, subcommand);
  return reply.ok ? reply.value : reply.error.message;
};

it('docs/api.md says what the contract says', () => {
  const written = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8');
  expect(written === apiReference(), 'run: node scripts/run.mjs scripts/generate-api-docs.ts').toBe(true);
});

it('lists every method, and explains each', () => {
  const list = help('');
  for (const name of methodNames) {
    expect(list).toContain(usageOf(name));
    expect(help(name)).toContain('Answer:');
  }
});

it('shows which parameters can be left out, and which are secret', () => {
  expect(usageOf('sendtoaddress')).toBe('sendtoaddress address amount ( label subtractfeefromamount passphrase maxfee account inputs )');
  expect(usageOf('uptime')).toBe('uptime');
  expect(help('addnode')).toContain('command ("add" | "remove" | "onetry")');
  expect(help('getwords')).toContain('passphrase (string, secret, default "")');
});

it('explains a command behind one word, and says what was probably meant', () => {
  expect(help('masternode', 'list')).toBe(help('masternodelist'));
  expect(help('getblok')).toBe('There is no method "getblok", did you mean "getblock"?');
});
