import { expect } from '@playwright/test';
import { agreement, atHeight, blockMs, evidenceSeen, expectExactSupply, isFinal } from './chain.ts';
import { test } from './fixture.ts';
import type { TestNode } from './node.ts';
import { expectFinal, PaymentLoad, payFinally } from './payments.ts';
import { throughout, until } from './processes.ts';

/** Without a node that answers, and with connections that come back: longer than the second that four well ones take. */
const finalityMs = 5_000;
/** Listening before signing, dialling anew, and the payment itself. */
const recoveryMs = 10_000;

const noEvidence = async (nodes: readonly TestNode[]): Promise<void> => {
  for (const node of nodes) expect(await evidenceSeen(node)).toBe(0);
};
const height = async (node: TestNode): Promise<number> => (await node.call('getblockchaininfo')).blocks;
const others = (nodes: readonly TestNode[], gone: TestNode): TestNode[] => nodes.filter((node) => node !== gone);

test('one of four is killed: the rest go on, and it comes back, catches up and votes', async ({ devnet }) => {
  test.setTimeout(150_000);
  const { nodes } = devnet;
  await payFinally(nodes[0]!, nodes, finalityMs);
  const victim = nodes[2]!;
  await victim.kill();
  const rest = others(nodes, victim);
  const paid = await payFinally(nodes[0]!, rest, finalityMs);
  const before = await height(nodes[0]!);
  await atHeight(rest, before + 1, 2 * blockMs);
  expect((await nodes[0]!.call('gettransaction', { txid: paid })).state).toBe('confirmed');

  await victim.start();
  await until('it has three peers again', recoveryMs, async () => (await victim.call('getconnectioncount')) === 3);
  await agreement(nodes, before + 1, recoveryMs);
  expect((await victim.call('gettransaction', { txid: paid })).state).toBe('confirmed');

  // With another one gone, nothing is decided without the one that is back: a payment that is final and a block show that it votes.
  const second = nodes[0]!;
  await second.kill();
  const threeLeft = others(nodes, second);
  await payFinally(nodes[1]!, threeLeft, recoveryMs);
  await atHeight(threeLeft, (await height(nodes[1]!)) + 1, 2 * blockMs);
  await second.start();
  await agreement(nodes, before + 2, blockMs);
  await expectExactSupply(nodes, blockMs);
  await noEvidence(nodes);
});

test('two of four are killed: nothing is decided until one is back', async ({ devnet }) => {
  test.setTimeout(150_000);
  const { nodes } = devnet;
  await payFinally(nodes[0]!, nodes, finalityMs);
  const [first, second] = [nodes[1]!, nodes[3]!];
  await Promise.all([first.kill(), second.kill()]);
  const alive = nodes.filter((node) => node.isRunning);
  expect(alive).toHaveLength(2);
  const heights = await Promise.all(alive.map(height));
  const txid = await alive[0]!.call('sendtoaddress', { address: await alive[1]!.call('getnewaddress'), amount: '1' });
  // Longer than a slot: a block would be due.
  await throughout(12_000, async () => {
    for (const [index, node] of alive.entries()) {
      expect(isFinal(await node.call('gettransaction', { txid }).catch(() => undefined))).toBe(false);
      expect(await height(node)).toBe(heights[index]);
    }
  });

  await first.start();
  const three = [...alive, first];
  await until('the payment is final', recoveryMs, async () => isFinal(await alive[1]!.call('gettransaction', { txid })));
  await atHeight(three, heights[0]! + 1, blockMs);
  await second.start();
  await agreement(nodes, heights[0]! + 1, blockMs);
  await until('it is in a block everywhere', 2 * blockMs, async () => {
    const states = await Promise.all(nodes.map((node) => node.call('gettransaction', { txid })));
    return states.every(({ state }) => state === 'confirmed');
  });
  await expectExactSupply(nodes, blockMs);
  await noEvidence(nodes);
});

test('all four are killed under a load of payments: nothing that was final is missing', async ({ devnet }) => {
  test.setTimeout(150_000);
  const { nodes } = devnet;
  const load = await PaymentLoad.start(nodes);
  await until('a hundred payments are final', 20_000, () => load.finals.size >= 100);
  // In the middle of a block, where the most is under way at once.
  const before = await height(nodes[0]!);
  await until('the next block', 2 * blockMs, async () => (await height(nodes[0]!)) > before);
  await Promise.all(nodes.map((node) => node.kill()));
  await load.stop();
  const finals = [...load.finals];
  expect(load.sent).toBeGreaterThan(finals.length - 1);

  await Promise.all(nodes.map((node) => node.start()));
  await expectFinalSoon(nodes, finals);
  await atHeight(nodes, before + 2, 3 * blockMs);
  await until('all of it is in blocks', 3 * blockMs, async () => {
    const states = await Promise.all(
      nodes.map((node) =>
        node.batch(
          'gettransaction',
          finals.map((txid) => ({ txid })),
        ),
      ),
    );
    return states.every((ofNode) => ofNode.every((info) => info?.state === 'confirmed'));
  });
  await expectFinal(nodes, finals);
  await payFinally(nodes[0]!, nodes, recoveryMs);
  await agreement(nodes, before + 2, blockMs);
  await expectExactSupply(nodes, blockMs);
  await noEvidence(nodes);
});

/** A node that was killed before a commit reached it hears of it from the others. */
async function expectFinalSoon(nodes: readonly TestNode[], txids: readonly string[]): Promise<void> {
  await until('what was final is final again', 2 * recoveryMs, () => expectFinal(nodes, txids).then(() => true));
}
