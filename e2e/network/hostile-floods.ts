import { networkInterfaces } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { type AttackName, attack, residentBytes } from './attack.ts';
import { isFinal } from './chain.ts';
import { fullyConnected, type PeerInfo } from './connections.ts';
import type { Devnet } from './devnet.ts';
import type { TestNode } from './node.ts';
import { until } from './processes.ts';
import { Recorder } from './recorder.ts';
import { Testimony } from './testimony.ts';

const attackSeconds = 4;
/** Two pings are missed before the third, and it was answered before that. */
const silenceSeconds = 7;
/**
 * What is called a flood has gone on for ten seconds: less may be what gathered while a line stood still. Whose own pongs wait behind its flood for
 * longer than they may is gone before.
 */
const floodSeconds = 13;
/** As on public networks, and patience for seconds where those have it for tens of them. */
export const settings = {
  max_peers_per_ip: 4,
  max_peers_per_network: 8,
  handshake_seconds: 2,
  ping_seconds: 1,
  pong_seconds: 1,
};
/** Before and after each attack, and long enough for three pings of each of the twelve ends. */
const quietSeconds = 3;
/**
 * Of the slowest in a hundred: twice the normal value, and this. Linux gives each process that wants a core its turn within some 24 ms (the longest period
 * of its fair scheduler before 6.6; about eight slices of 2.8 ms since). Whoever waits for one turn that he did not wait for before waits for the machine.
 */
const quantumMs = 24;
/** Most do not wait for a turn: of the median, twice the normal value, and what clocks and timers leave open. */
const resolutionMs = 2;
/** A payment is final after three such steps one after another: it arrives, is accepted, is committed. */
const finalitySteps = 3;
const maxGrowthBytes = 128 * 2 ** 20;
const recordMs = 5_000;
/** A stranger who is honest becomes a peer meanwhile: within what a handshake may take here, the dial that was refused for the crowd and the next one. */
const joinMs = 2 * 2_000;
const attempts = 3;

/** What the node says about who did it. */
interface Expected {
  readonly reason: RegExp;
  readonly seconds: number;
  /** Nobody from that IP is let in any more. */
  readonly banned?: true;
}
/** Loopback addresses are never banned: whoever speaks through a tunnel has them. Another one of this machine can be, where it has any. */
const bannable = Object.values(networkInterfaces())
  .flatMap((list) => list ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
const expected: Record<AttackName, Expected> = {
  'silent sockets': { reason: /timeout: handshake|too-many-connections/, seconds: silenceSeconds },
  'silent after the encryption': { reason: /handshake-timeout/, seconds: silenceSeconds },
  'silent after the handshake': { reason: /unresponsive/, seconds: silenceSeconds },
  'one byte a second': { reason: /timeout: handshake/, seconds: silenceSeconds },
  'one byte a second, after the handshake': { reason: /unresponsive/, seconds: silenceSeconds },
  'endless GetPeers': { reason: /flood|unresponsive/, seconds: floodSeconds },
  'the largest length there is': { reason: /a frame of 16777215 bytes/, seconds: attackSeconds },
  'valid messages of every type': { reason: /flood|unresponsive/, seconds: floodSeconds },
  'invalid signatures': { reason: /bad-signature/, seconds: attackSeconds, banned: true },
  'fake addresses': { reason: /flood|unresponsive/, seconds: floodSeconds },
  'replayed handshakes': { reason: /frame-forged|handshake-failed|handshake-timeout/, seconds: silenceSeconds },
  '200 connections': { reason: /too-many-connections|full/, seconds: attackSeconds },
};
const attackNames = Object.keys(expected) as AttackName[];
/** Every one there is: those that wait together, and those that send all they can together, which is more than each alone. */
export const together: readonly (readonly AttackName[])[] = [
  attackNames.filter((name) => expected[name].seconds === silenceSeconds),
  ...attackNames.filter((name) => expected[name].seconds === attackSeconds).map((name) => [name]),
  attackNames.filter((name) => expected[name].seconds === floodSeconds),
];
export const oneByOne: readonly (readonly AttackName[])[] = attackNames.map((name) => [name]);

interface Fared {
  readonly rttsMs: readonly number[];
  readonly finalitiesMs: readonly number[];
}
const both = (a: Fared, b: Fared): Fared => ({ rttsMs: [...a.rttsMs, ...b.rttsMs], finalitiesMs: [...a.finalitiesMs, ...b.finalitiesMs] });
const percentile = (values: readonly number[], fraction: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))]!;
};
const measures: readonly { readonly name: string; readonly of: (fared: Fared) => number; readonly slackMs: number }[] = [
  { name: 'round trip, median', of: ({ rttsMs }) => percentile(rttsMs, 1 / 2), slackMs: resolutionMs },
  { name: 'round trip, p99', of: ({ rttsMs }) => percentile(rttsMs, 0.99), slackMs: quantumMs },
  { name: 'final after, median', of: ({ finalitiesMs }) => percentile(finalitiesMs, 1 / 2), slackMs: finalitySteps * resolutionMs },
  { name: 'final after, p90', of: ({ finalitiesMs }) => percentile(finalitiesMs, 0.9), slackMs: finalitySteps * quantumMs },
];
/** In words, what was worse than twice as good. */
const worse = (attacked: Fared, quiet: Fared): string[] =>
  measures
    .filter(({ of, slackMs }) => of(attacked) > 2 * of(quiet) + slackMs)
    .map(({ name, of }) => `${name}: ${of(attacked).toFixed(1)} ms, and ${of(quiet).toFixed(1)} ms without`);
const inWords = (fared: Fared): string => measures.map(({ name, of }) => `${name} ${of(fared).toFixed(1)} ms`).join(', ');

/** Round trips of the victim and its honest peers, as both ends measure them, and how long payments took to be final at the victim, by its own clock, while `during` runs. */
async function measure(nodes: readonly TestNode[], victim: TestNode, during: Promise<unknown>): Promise<Fared> {
  const honest = new Set(await Promise.all(nodes.map(async (node) => (await node.call('getnodeinfo')).nodeid)));
  const payer = nodes.at(-1)!;
  const address = await victim.call('getnewaddress');
  let over = false;
  const ends = during.finally(() => {
    over = true;
  });
  const startMs = Date.now();
  const finalitiesMs: number[] = [];
  while (!over) {
    const txid = await payer.call('sendtoaddress', { address, amount: '1' });
    const { finalafterms } = await until('the payment is final at the victim', 10_000, async () => {
      const info = await victim.call('gettransaction', { txid });
      return isFinal(info) && info;
    });
    finalitiesMs.push(finalafterms!);
    await delay(100);
  }
  await ends;
  const peers = (await Promise.all(nodes.map((node) => node.call('getpeerinfo')))).flat().filter(({ nodeid }) => honest.has(nodeid));
  const pings = Math.ceil((Date.now() - startMs) / 1_000);
  return { rttsMs: peers.flatMap(({ rtthistory }: PeerInfo) => rtthistory.slice(-pings)), finalitiesMs };
}

/** One or several at once, each from an IP of its own. Answers how the honest fared. Whoever did it must be known for it afterwards. */
async function suffer({ nodes }: Devnet, names: readonly AttackName[], fromOf: (name: AttackName) => string): Promise<Fared> {
  const victim = nodes[0]!;
  const residentBefore = residentBytes(victim.pid);
  const attacks = names.map((name) => attack(victim, name, fromOf(name), expected[name].seconds));
  const [fared] = await Promise.all([measure(nodes, victim, Promise.all(attacks)), join(victim)]);
  for (const [index, report] of (await Promise.all(attacks)).entries()) {
    const name = names[index]!;
    const { connections, accepted, messages, bytes } = report;
    console.log(`${name}: ${connections} connections, ${accepted} accepted, ${messages} messages of ${bytes} bytes`);
    if (name === '200 connections') expect.soft(accepted, name).toBe(settings.max_peers_per_ip);
    expect.soft(await recorded(victim, fromOf(name), expected[name].reason), name).toBe(true);
    if (fromOf(name) === bannable) expect.soft((await victim.call('listbanned')).map(({ address }) => address)).toContain(`${bannable}/32`);
  }
  const grown = residentBytes(victim.pid) - residentBefore;
  expect.soft(grown, names.join(', ')).toBeLessThan(maxGrowthBytes);
  console.log(`  ${inWords(fared)}; ${Math.round(grown / 2 ** 20)} MiB more`);
  return fared;
}

/** Somebody honest who has not been here before. */
async function join(victim: TestNode): Promise<void> {
  await delay(1_000); // in the midst of it
  const joining = until('an honest stranger is let in', joinMs, () => Recorder.of(victim, new Testimony()));
  expect.soft(await joining.then((recorder) => recorder.stop(), String)).toBe(undefined);
}

/** The connections and tries from that IP, and what is held against them, say why they ended; nothing else does. */
const recorded = (victim: TestNode, from: string, reason: RegExp): Promise<true | string> =>
  until(`${from} is known for ${reason}`, recordMs, async () => {
    const history = await victim.call('getconnectionhistory', { count: 500 });
    return history.some((one) => one.address.startsWith(`${from}:`) && reason.test(one.reason ?? ''));
  }).catch(String);

/** Each group in turn; fails softly for each that honest peers notice or whose reason is not told. */
export async function sufferAll(devnet: Devnet, groups: readonly (readonly AttackName[])[]): Promise<void> {
  const { nodes } = devnet;
  // The one that all others dial: they are inbound, like the strangers.
  const victim = nodes[0]!;
  const before = await fullyConnected(nodes);
  const quietly = (): Promise<Fared> => measure(nodes, victim, delay(quietSeconds * 1_000));
  await quietly();
  let quiet = await quietly();
  for (const names of groups) {
    for (let attempt = 1; ; attempt++) {
      const fromOf = (name: AttackName): string =>
        (expected[name].banned && attempt === 1 ? bannable : undefined) ?? `127.${attempt}.${attackNames.indexOf(name)}.2`;
      const attacked = await suffer(devnet, names, fromOf);
      const after = await quietly();
      const words = worse(attacked, both(quiet, after));
      quiet = after;
      if (words.length === 0) break;
      // What the attack does it does each time; what else this machine does, it does sometimes.
      console.log(words.join('; '));
      expect.soft(attempt < attempts, `${names.join(', ')}: ${words.join('; ')}`).toBe(true);
      if (attempt === attempts) break;
    }
  }

  // Nobody honest was dropped, refused or suspected.
  const after = await fullyConnected(nodes);
  const idsOf = (peers: (typeof after)[number]): string[] => peers.map(({ id, nodeid }) => `${id} ${nodeid}`).sort();
  expect(after.map(idsOf)).toEqual(before.map(idsOf));
  const honest = new Set(after.flat().map(({ nodeid }) => nodeid as string));
  expect((await victim.call('getviolations', {})).filter(({ nodeid }) => honest.has(nodeid))).toEqual([]);
  expect((await victim.call('listbanned')).filter(({ address }) => honest.has(address) || address.startsWith('127.0.0.1'))).toEqual([]);
}
