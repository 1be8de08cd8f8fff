import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { apiReference, helpText, methodNames, usageOf } from './help.ts';

it('docs/api.md says what the contract says', () => {
  const written = readFileSync(new URL('../../../docs/api.md', import.meta.url), 'utf8');
  expect(written === apiReference(), 'run: node scripts/run.mjs scripts/generate-api-docs.ts').toBe(true);
});

it('lists every method, and explains each', () => {
  const list = helpText('');
  for (const name of methodNames) {
    expect(list).toContain(usageOf(name));
    expect(helpText(name)).toContain('Answer:');
  }
});

it('shows which parameters can be left out', () => {
  expect(usageOf('sendtoaddress')).toBe('sendtoaddress address amount ( label subtractfeefromamount passphrase maxfee account inputs )');
  expect(usageOf('uptime')).toBe('uptime');
  expect(helpText('addnode')).toContain('command ("add" | "remove" | "onetry")');
});
