import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { type AttackName, attack, residentBytes } from './attack.ts';
import { fullyConnected } from './connections.ts';
import { Devnet } from './devnet.ts';
import type { TestNode } from './node.ts';
import { until } from './processes.ts';

// biome-ignore lint/suspicious/noSkippedTests: other systems have neither /proc nor a whole network of loopback addresses
test.skip(process.platform !== 'linux', 'memory is read from /proc, and strangers come from 127.0.0.0/8');

const attackSeconds = 4;
/** As on public networks, and patience for seconds where those have it for tens of them. */
const settings = {
  max_peers_per_ip: 4,
  max_peers_per_network: 8,
  handshake_seconds: 2,
  ping_seconds: 1,
  pong_seconds: 1,
};
/** Below these a difference is the machine's, which has other things to do. */
const floorRttMs = 50;
const floorFinalityMs = 200;
const maxGrowthBytes = 128 * 2 ** 20;
const logMs = 5_000;

/** What the node says about who did it; `banned`: and that nobody from that IP is let in any more. */
interface Expected {
  readonly reason: RegExp;
  readonly banned?: true;
}
const expected: Record<AttackName, Expected> = {
  'silent sockets': { reason: /timeout: handshake|too-many-connections/ },
  'silent after the encryption': { reason: /handshake-timeout/ },
  'silent after the handshake': { reason: /unresponsive/ },
  'one byte a second': { reason: /timeout: handshake/ },
  'one byte a second, after the handshake': { reason: /unresponsive/ },
  'endless GetPeers': { reason: /peer-violation.*flood/ },
  'the largest length there is': { reason: /a frame of 16777215 bytes/ },
  'valid messages of every type': { reason: /peer-violation.*flood/ },
  'invalid signatures': { reason: /bad-signature/, banned: true },
  'fake addresses': { reason: /peer-violation.*flood/ },
  'replayed handshakes': { reason: /frame-forged|handshake-failed|handshake-timeout/ },
  '200 connections': { reason: /too-many-connections|code=full/ },
};

interface Normal {
  readonly rttMs: number;
  readonly finalityMs: number;
}
const inWords = ({ rttMs, finalityMs }: Normal): string => `round trip ${rttMs.toFixed(1)} ms (p99), final after ${finalityMs.toFixed(0)} ms (median)`;
const percentile = (values: readonly number[], fraction: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))]!;
};

/** Round trips of the victim and its honest peers, as both ends measure them, and how long payments took to be final at the victim, while `during` runs. */
async function measure(nodes: readonly TestNode[], victim: TestNode, during: Promise<unknown>): Promise<Normal & { readonly payments: number }> {
  const honest = new Set(await Promise.all(nodes.map(async (node) => (await node.call('getnodeinfo')).nodeid)));
  const payer = nodes.at(-1)!;
  const address = await victim.call('getnewaddress');
  let over = false;
  void during.finally(() => {
    over = true;
  });
  const startMs = Date.now();
  const finalitiesMs: number[] = [];
  while (!over) {
    const txid = await payer.call('sendtoaddress', { address, amount: '1' });
    const sentMs = performance.now();
    await until('the payment is final at the victim', 10_000, async () =>
      ['final', 'confirmed'].includes((await victim.call('gettransaction', { txid })).state),
    );
    finalitiesMs.push(performance.now() - sentMs);
    await delay(100);
  }
  await during;
  const peers = (await Promise.all(nodes.map((node) => node.call('getpeerinfo')))).flat().filter(({ nodeid }) => honest.has(nodeid));
  const pings = Math.ceil((Date.now() - startMs) / 1_000);
  const rtts = peers.flatMap(({ rtthistory }) => rtthistory.slice(-pings));
  return { rttMs: percentile(rtts, 0.99), finalityMs: percentile(finalitiesMs, 0.5), payments: finalitiesMs.length };
}

test('whatever a stranger does, honest peers do not notice, and the stranger is thrown out with a reason', async () => {
  test.setTimeout(300_000);
  const devnet = await Devnet.start({ settings });
  try {
    const { nodes } = devnet;
    // The one that all others dial: they are inbound, like the strangers.
    const victim = nodes[0]!;
    const before = await fullyConnected(nodes);
    await measure(nodes, victim, delay(2_000));
    const quiet = [await measure(nodes, victim, delay(attackSeconds * 1_000))];
    const attacked = new Map<string, Normal>();
    for (const [index, [name, { reason, banned }]] of Object.entries(expected).entries()) {
      await test.step(name, async () => {
        const from = `127.0.${index + 1}.2`;
        const logBefore = victim.log().length;
        const residentBefore = residentBytes(victim.pid);
        const attacking = attack(victim, name as AttackName, from, attackSeconds);
        const seen = await measure(nodes, victim, attacking);
        const { connections, accepted, messages, bytes } = await attacking;
        const grown = residentBytes(victim.pid) - residentBefore;
        console.log(
          `${name}: ${connections} connections, ${accepted} accepted, ${messages} messages of ${bytes} bytes; ` +
            `${inWords(seen)} of ${seen.payments}, ${Math.round(grown / 2 ** 20)} MiB more`,
        );
        attacked.set(name, seen);
        expect.soft(grown, name).toBeLessThan(maxGrowthBytes);
        if (name === '200 connections') expect.soft(accepted).toBe(settings.max_peers_per_ip);
        const said = until(`the log has ${reason}`, logMs, () => reason.test(victim.log().slice(logBefore)));
        expect.soft(await said.catch(String), name).toBe(true);
        if (banned) expect.soft((await victim.call('listbanned')).map(({ address }) => address)).toContain(`${from}/32`);
      });
    }
    quiet.push(await measure(nodes, victim, delay(attackSeconds * 1_000)));
    for (const one of quiet) console.log(`quiet: ${inWords(one)}`);
    // What is normal for a machine that does other things too is the worse of two readings.
    const normal = { rttMs: Math.max(...quiet.map(({ rttMs }) => rttMs)), finalityMs: Math.max(...quiet.map(({ finalityMs }) => finalityMs)) };
    for (const [name, { rttMs, finalityMs }] of attacked) {
      expect.soft(rttMs, name).toBeLessThan(Math.max(2 * normal.rttMs, floorRttMs));
      expect.soft(finalityMs, name).toBeLessThan(Math.max(2 * normal.finalityMs, floorFinalityMs));
    }
    // Nobody honest was dropped, refused or suspected, and nothing of the strangers is left but their records.
    const after = await fullyConnected(nodes);
    const idsOf = (peers: (typeof after)[number]): string[] => peers.map(({ id, nodeid }) => `${id} ${nodeid}`).sort();
    expect(after.map(idsOf)).toEqual(before.map(idsOf));
    const honest = new Set(after.flat().map(({ nodeid }) => nodeid as string));
    expect((await victim.call('getviolations', {})).filter(({ nodeid }) => honest.has(nodeid))).toEqual([]);
    expect((await victim.call('listbanned')).filter(({ address }) => honest.has(address) || address.startsWith('127.0.0.1'))).toEqual([]);
    expect(
      devnet.nodes.flatMap((node) =>
        node
          .log()
          .split('\n')
          .filter((line) => / error /.test(line)),
      ),
    ).toEqual([]);
  } finally {
    await devnet.remove();
  }
});
