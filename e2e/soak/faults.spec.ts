import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { agreement, atHeight, blockMs, evidenceSeen, expectExactSupply } from '../network/chain.ts';
import { test } from '../network/fixture.ts';
import type { TestNode } from '../network/node.ts';
import { expectFinal, PaymentLoad, payFinally } from '../network/payments.ts';
import { until } from '../network/processes.ts';

const minutes = Number(process.env.TIME_SOAK_MINUTES ?? 60);
const seed = Number(process.env.TIME_SOAK_SEED ?? Date.now() % 100_000);
/** After each fault the network must be whole again, with everything that any node had called final, in this time. */
const healMs = 60_000;
const finalityMs = 10_000;

/** Mulberry32: the same faults again from the same seed; when exactly they strike is the machine's. */
function randomOf(from: number): (below: number) => number {
  let state = from;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Fault = (victims: readonly TestNode[], forMs: number) => Promise<void>;
const faults: Readonly<Record<string, Fault>> = {
  killed: async (victims, forMs) => {
    await Promise.all(victims.map((node) => node.kill()));
    await delay(forMs);
    await Promise.all(victims.map((node) => node.start()));
  },
  'killed again and again': async (victims, forMs) => {
    for (let times = 0; times < 3; times++) await faults.killed!(victims, forMs / 3);
  },
  'held still': async (victims, forMs) => {
    for (const { pid } of victims) process.kill(pid, 'SIGSTOP');
    await delay(forMs);
    for (const { pid } of victims) process.kill(pid, 'SIGCONT');
  },
  'stopped in order': async (victims, forMs) => {
    await Promise.all(victims.map((node) => node.call('stop')));
    await until('they are gone', finalityMs, () => victims.every((node) => !node.isRunning));
    await delay(forMs);
    await Promise.all(victims.map((node) => node.start()));
  },
};

test(`nodes are killed, held and stopped under a load of payments, from seed ${seed}, for ${minutes} minutes`, async ({ devnet }) => {
  test.setTimeout((minutes + 5) * 60_000);
  const { nodes } = devnet;
  const random = randomOf(seed);
  const endMs = performance.now() + minutes * 60_000;
  const names = Object.keys(faults);
  await payFinally(nodes[0]!, nodes, finalityMs);
  for (let number = 1; performance.now() < endMs; number++) {
    const name = names[random(names.length)]!;
    const count = 1 + random(nodes.length);
    const victims = nodes
      .map((node) => ({ node, order: random(1_000) }))
      .sort((a, b) => a.order - b.order)
      .slice(0, count)
      .map(({ node }) => node);
    const forMs = random(12_000);
    const words = `fault ${number}: ${victims.map(({ index }) => index).join(', ')} ${name} for ${forMs} ms`;
    await test.step(words, async () => {
      console.log(words);
      const load = await PaymentLoad.start(nodes);
      await delay(random(5_000));
      await faults[name]!(victims, forMs);
      await load.stop();
      const finals = [...load.finals];
      await until('what was final is final', healMs, () => expectFinal(nodes, finals).then(() => true));
      const { blocks } = await agreement(nodes, 0, healMs);
      await atHeight(nodes, blocks + 1, healMs);
      await payFinally(nodes[random(nodes.length)]!, nodes, finalityMs);
      await agreement(nodes, blocks + 1, blockMs);
      await expectExactSupply(nodes, blockMs);
      for (const node of nodes) expect(await evidenceSeen(node)).toBe(0);
      console.log(`  ${load.sent} sent, ${finals.length} seen final, height ${blocks + 1}`);
    });
  }
});
