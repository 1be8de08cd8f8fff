import { describe, expect, test } from 'vitest';
import { explore, type Report } from './explorer.ts';
import { type Mutation, mutations, noMutation } from './mutation.ts';
import { Recovery } from './recovery.ts';
import { type Bounds, boundsOf, SmallCase } from './small-case.ts';

const maxStates = 2_000_000;

function exploreAll(bounds: Bounds, mutation: Mutation, recoverEvery: number): Report {
  const check = new Recovery(bounds, mutation).checkEvery(recoverEvery);
  return explore({ smallCase: new SmallCase(bounds), mutation, maxStates, check });
}

describe('the engine’s own parts', () => {
  test.each([
    { name: 'one round', bounds: boundsOf(1, 1, 'X,Y,-'), recoverEvery: 2 },
    { name: 'one round in which the epoch may close', bounds: boundsOf(1, 1, 'X,Y,-,-!,X!'), recoverEvery: 20 },
    { name: 'two rounds', bounds: boundsOf(1, 2, 'X,Y'), recoverEvery: 50 },
    { name: 'two heights', bounds: boundsOf(2, 1, 'X,Y,-'), recoverEvery: 100 },
    { name: 'the epoch closes between two heights', bounds: boundsOf(2, 1, '-!,X!;X,Y'), recoverEvery: 100 },
    { name: 'three rounds of Tendermint alone', bounds: boundsOf(1, 3, 'X,-', false), recoverEvery: 500 },
  ])('$name: no state is wrong, and none is a dead end', ({ bounds, recoverEvery }) => {
    const { complete, violation, states } = exploreAll(bounds, noMutation, recoverEvery);
    expect(violation).toBeUndefined();
    expect(complete).toBe(true);
    expect(states).toBeGreaterThan(100);
  });

  test('nothing rests on what is left out', () => {
    const smallCase = new SmallCase(boundsOf(1, 1, 'X,Y,-!'));
    const all = explore({ smallCase, mutation: noMutation, maxStates, reduced: false });
    expect(all.violation).toBeUndefined();
    expect(all.complete).toBe(true);
    expect(all.states).toBeGreaterThan(2 * explore({ smallCase, mutation: noMutation, maxStates }).states);
  });

  test('what is found is the same however often it is explored', () => {
    const bounds = boundsOf(1, 1, 'X,Y,-');
    expect(exploreAll(bounds, noMutation, 0)).toEqual(exploreAll(bounds, noMutation, 0));
  });
});

const expected: Record<keyof typeof mutations, { readonly bounds: Bounds; readonly what: RegExp; readonly recoverEvery?: number }> = {
  'no-prevote-clause': { bounds: boundsOf(1, 1, 'X,Y'), what: /^X is final, and Y is in the block/ },
  'prevotes-forgotten': { bounds: boundsOf(1, 2, 'X,Y'), what: /^X is final, and Y is in the block/ },
  'commit-is-no-lock': { bounds: boundsOf(1, 1, 'X,Y'), what: /^X is final, and Y is in the block/ },
  'commit-released-across-heights': { bounds: boundsOf(2, 1, '-;X,Y'), what: /^X is final, and Y is in the block decided at height 2/ },
  'closing-passes-commit': { bounds: boundsOf(1, 1, 'X,-!'), what: /^X is final, and its epoch was closed at height 1 without it/ },
  'precommit-refused-on-commit': { bounds: boundsOf(1, 1, 'X,Y'), what: /^height 1 stays undecided/, recoverEvery: 1 },
  'lock-ignored': { bounds: boundsOf(1, 2, 'X,-', false), what: /^blocks X and - are decided at height 1|^blocks - and X/ },
  'unlocked-by-earlier-quorum': { bounds: boundsOf(1, 3, 'X,-', false), what: /^blocks X and - are decided at height 1|^blocks - and X/ },
  'precommit-without-quorum': { bounds: boundsOf(1, 2, 'X,-', false), what: /^blocks X and - are decided at height 1|^blocks - and X/ },
};

describe('a mistake is found', () => {
  test.each(Object.entries(expected))('%s', (name, { bounds, what, recoverEvery = 0 }) => {
    const { violation } = exploreAll(bounds, mutations[name as keyof typeof mutations], recoverEvery);
    expect(violation?.what).toMatch(what);
    expect(violation?.trace.length).toBeGreaterThan(3);
    expect(violation?.trace).not.toContain('a step that cannot be told');
    // With nothing left out, too, where that is few enough.
    if (bounds.rounds === 1) {
      const check = new Recovery(bounds, mutations[name as keyof typeof mutations]).checkEvery(recoverEvery);
      const all = explore({ smallCase: new SmallCase(bounds), mutation: mutations[name as keyof typeof mutations], maxStates, reduced: false, check });
      expect(all.violation?.what).toMatch(what);
    }
    // Without it, all is well within the same bounds.
    expect(exploreAll(bounds, noMutation, recoverEvery).violation).toBeUndefined();
  });
});
