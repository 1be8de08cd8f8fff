import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Txid } from '../../../src-shared/domain/ids.ts';
import type { HashedVoteBundle, VoteChoice, VoteRejectCode } from '../codec/vote-bundle.ts';
import { blocksQuorum, isQuorum } from '../snapshot.ts';
import { type Added, type TallyEvent, VoteTally } from './tally.ts';
import { bundleOf, coinOf, nodeIdOf, snapshotOf, txidOf } from './vote-fixtures.ts';

const memberCount = 5;
const transactions = [0, 1, 2, 3, 4, 5];
const inputsOf: readonly (readonly number[])[] = [[1], [1], [1, 2], [2, 3], [4], [2, 3]];

const weights = fc.array(fc.constantFrom(1, 10, 100, 1_000), { minLength: memberCount, maxLength: memberCount });
const vote = fc.record({
  transaction: fc.constantFrom(...transactions),
  choice: fc.constantFrom<VoteChoice>('accept', 'reject', 'commit'),
  code: fc.constantFrom<Exclude<VoteRejectCode, 'none'>>('broken-rule', 'conflict-certified', 'conflict-settled'),
});
const bundle = fc
  .record({ member: fc.nat(memberCount - 1), votes: fc.array(vote, { minLength: 1, maxLength: 8 }), salt: fc.nat(1) })
  .map(({ member, votes, salt }) =>
    bundleOf(
      member,
      votes.map(({ transaction, choice, code }) => ({ txid: txidOf(transaction), choice, code: choice === 'reject' ? code : ('none' as const) })),
      salt,
    ),
  );

type Step = { readonly kind: 'bundle'; readonly bundle: HashedVoteBundle } | { readonly kind: 'inputs'; readonly transaction: number };
/** Some bundles and all transactions, each possibly several times, in two orders. */
const twoOrders = fc.array(bundle, { maxLength: 25 }).chain((bundles) => {
  const steps: Step[] = [
    ...bundles.map((one): Step => ({ kind: 'bundle', bundle: one })),
    ...transactions.map((transaction): Step => ({ kind: 'inputs', transaction })),
  ];
  const order = fc.tuple(fc.shuffledSubarray(steps, { minLength: steps.length }), fc.subarray(steps)).map(([once, again]) => [...once, ...again]);
  return fc.record({ one: order, two: order, bundles: fc.constant(bundles) });
});

function run(memberWeights: readonly number[], steps: readonly Step[]): { readonly tally: VoteTally; readonly events: readonly TallyEvent[] } {
  const tally = new VoteTally(snapshotOf(memberWeights));
  const events = steps.flatMap((step) =>
    step.kind === 'bundle' ? tally.add(step.bundle).events : tally.setInputs(txidOf(step.transaction), (inputsOf[step.transaction] ?? []).map(coinOf)),
  );
  return { tally, events };
}
const stateOf = (tally: VoteTally) => transactions.map((transaction) => ({ ...tally.of(txidOf(transaction)), voters: tally.voters(txidOf(transaction)) }));

/** Every vote said, one way to write each. */
const saidIn = (bundles: readonly HashedVoteBundle[]): Set<string> =>
  new Set(bundles.flatMap(({ bundle: { nodeId, votes } }) => votes.map(({ txid, choice }) => `${nodeId} ${choice} ${txid}`)));

const isOf = (kind: TallyEvent['kind'], events: readonly TallyEvent[]): Txid[] =>
  events.flatMap((event) => (event.kind === kind && event.kind !== 'evidence' ? [event.txid] : []));

describe('a tally', () => {
  it('is the same in any order and with any repetition, and is what a naive count says', () => {
    fc.assert(
      fc.property(weights, twoOrders, (memberWeights, { one, two, bundles }) => {
        const first = run(memberWeights, one);
        const second = run(memberWeights, two);
        expect(stateOf(first.tally)).toEqual(stateOf(second.tally));

        const snapshot = snapshotOf(memberWeights);
        const said = saidIn(bundles);
        for (const transaction of transactions) {
          const votersOf = (choice: VoteChoice) => snapshot.members.filter(({ nodeId }) => said.has(`${nodeId} ${choice} ${txidOf(transaction)}`));
          const weightOf = (choice: VoteChoice) => votersOf(choice).reduce((sum, { weight }) => sum + weight, 0);
          const certified = isQuorum(weightOf('accept'), snapshot);
          const final = isQuorum(weightOf('commit'), snapshot);
          const expected = { acceptWeight: weightOf('accept'), commitWeight: weightOf('commit'), rejectWeight: weightOf('reject'), certified, final };
          expect(first.tally.of(txidOf(transaction))).toMatchObject({
            ...expected,
            acceptVoters: votersOf('accept').length,
            commitVoters: votersOf('commit').length,
            rejectVoters: votersOf('reject').length,
            totalVoters: snapshot.members.length,
            rejected: blocksQuorum(weightOf('reject'), snapshot) && !certified && !final,
          });
        }
      }),
    );
  });

  it('announces once, and exactly what holds in the end; a rejection also if something overrode it later', () => {
    fc.assert(
      fc.property(weights, twoOrders, (memberWeights, { one }) => {
        const { tally, events } = run(memberWeights, one);
        const holding = (test: (txid: Txid) => boolean) => transactions.map(txidOf).filter(test);
        expect(isOf('certified', events).sort()).toEqual(holding((txid) => tally.of(txid).certified));
        expect(isOf('final', events).sort()).toEqual(holding((txid) => tally.of(txid).final));
        const rejected = isOf('rejected', events);
        expect(new Set(rejected).size).toBe(rejected.length);
        expect(rejected).toEqual(expect.arrayContaining(holding((txid) => tally.of(txid).rejected)));
        expect(rejected.every((txid) => blocksQuorum(tally.of(txid).rejectWeight, tally.of(txid)))).toBe(true);
      }),
    );
  });

  it('proves a member guilty exactly if it accepted or committed two transfers of the same coins, in whatever order it is learnt', () => {
    const pairs = transactions.flatMap((one) =>
      transactions.filter((two) => one < two && inputsOf[one]?.join() === inputsOf[two]?.join()).map((two) => [one, two] as const),
    );
    expect(pairs).toEqual([
      [0, 1],
      [3, 5],
    ]);
    fc.assert(
      fc.property(weights, twoOrders, (memberWeights, { one, bundles }) => {
        const said = saidIn(bundles);
        const expected = (['accept', 'commit'] as const).flatMap((choice) =>
          pairs.flatMap(([first, second]) =>
            Array.from({ length: memberCount }, (_, member) => nodeIdOf(member)).filter(
              (nodeId) => said.has(`${nodeId} ${choice} ${txidOf(first)}`) && said.has(`${nodeId} ${choice} ${txidOf(second)}`),
            ),
          ),
        );
        const evidence = run(memberWeights, one).events.flatMap((event) => (event.kind === 'evidence' ? [event] : []));
        expect(evidence.map(({ nodeId }) => nodeId).sort()).toEqual(expected.sort());
        for (const { nodeId, bundles: proof } of evidence) for (const { bundle: signed } of proof) expect(signed.nodeId).toBe(nodeId);
      }),
    );
  });

  it('keeps the bundles that prove it: they alone, replayed, give the same tally', () => {
    fc.assert(
      fc.property(weights, twoOrders, (memberWeights, { one }) => {
        const { tally } = run(memberWeights, one);
        const replay = new VoteTally(snapshotOf(memberWeights));
        for (const kept of transactions.flatMap((one) => tally.bundlesFor(txidOf(one)))) replay.add(kept);
        expect(stateOf(replay)).toEqual(stateOf(tally));
      }),
    );
  });

  it('is empty once everything settled, and every bundle that was fresh is given back once', () => {
    fc.assert(
      fc.property(
        weights,
        fc.array(bundle, { maxLength: 25 }),
        fc.shuffledSubarray(transactions, { minLength: transactions.length }),
        (memberWeights, bundles, order) => {
          const tally = new VoteTally(snapshotOf(memberWeights));
          const fresh = bundles.filter((one): boolean => tally.add(one).fresh).map(({ hash }) => hash);
          const returned = order.flatMap((transaction) => tally.settle([txidOf(transaction)]));
          expect(returned.sort()).toEqual(fresh.sort());
          expect(tally.sizes()).toMatchObject({ transactions: 0, early: 0, bundles: 0 });
        },
      ),
    );
  });

  it('a bundle is fresh exactly if something in it is new, and `addsNothing` knows it before', () => {
    fc.assert(
      fc.property(weights, fc.array(bundle, { maxLength: 25 }), (memberWeights, bundles) => {
        const tally = new VoteTally(snapshotOf(memberWeights));
        for (const one of bundles) {
          const before = stateOf(tally);
          const addsNothing = tally.addsNothing(one.bundle);
          const added: Added = tally.add(one);
          expect(added.fresh).toBe(!addsNothing);
          expect(added.unknown.length > 0).toBe(added.fresh);
          if (!added.fresh) expect(stateOf(tally)).toEqual(before);
        }
      }),
    );
  });
});
