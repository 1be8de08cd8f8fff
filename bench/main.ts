import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { admission, loopDelay } from './admission.ts';
import { finality, finalityLimit } from './finality.ts';
import { idle } from './idle.ts';
import { commitsPerSecond, signaturesPerSecond } from './limits.ts';
import { load } from './load.ts';
import type { Figure } from './result.ts';
import { start } from './start.ts';
import { sync, syncAmongHostile } from './sync.ts';

/** Each takes about a minute or less. */
const benches: Record<string, (limits: Limits) => Promise<Figure[]>> = {
  admission: ({ signatures }) => admission(signatures),
  'finality-100': () => finality(100, 15),
  'finality-1000': () => finality(1_000, 9),
  'finality-limit': () => finalityLimit(),
  sync: () => sync(),
  'sync-hostile': () => syncAmongHostile(),
  start: () => start(),
  idle: () => idle(),
  load: () => load(),
  loop: () => loopDelay(0),
  'loop-slow-disk': () => loopDelay(30),
};

interface Limits {
  /** On one core. */
  readonly signatures: number;
  readonly commits: number;
}

const number = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 10 ? 1 : 2));

function line(bench: string, { name, value, unit, limit }: Figure): string {
  const against = limit === undefined ? '' : `${number(value / limit.value)} of ${number(limit.value)} (${limit.what})`;
  return `${bench.padEnd(16)} ${name.padEnd(52)} ${`${number(value)} ${unit}`.padStart(14)}  ${against}`;
}

const names = process.argv.slice(2);
const unknown = names.find((name) => !Object.hasOwn(benches, name));
if (unknown !== undefined) {
  console.error(`no benchmark is called ${unknown}; there are: ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}
const limits: Limits = { signatures: signaturesPerSecond(), commits: commitsPerSecond() };
const results: Record<string, Figure[]> = {
  limits: [
    { name: 'Ed25519 signatures verified by libsodium, one core', value: limits.signatures, unit: '1/s' },
    { name: 'SQLite commits that reach the disk', value: limits.commits, unit: '1/s' },
  ],
};
for (const figure of results.limits ?? []) console.log(line('limits', figure));
for (const [name, run] of Object.entries(benches)) {
  if (names.length > 0 && !names.includes(name)) continue;
  const figures = await run(limits);
  results[name] = figures;
  for (const figure of figures) console.log(line(name, figure));
}
const file = new URL('./results/latest.json', import.meta.url);
mkdirSync(new URL('.', file), { recursive: true });
writeFileSync(file, `${JSON.stringify({ node: process.version, cpus: cpus().length, cpu: cpus()[0]?.model, results }, undefined, 2)}\n`);
console.log(`JSON: ${file.pathname}`);
process.exit(0);
