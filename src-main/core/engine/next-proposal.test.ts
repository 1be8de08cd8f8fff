import { expect, test } from 'vitest';
import { ProposerSequence } from '../consensus/proposer.ts';
import { genesisOf, keyOf, TestNode } from './test-node.fixture.ts';

const genesis = genesisOf(4, 0);
const proposers = new ProposerSequence(genesis.registry.snapshot, 1);

test('each member knows the next height that it is the first to propose for, and a stranger none', () => {
  for (const member of [0, 1, 2, 3]) {
    const height = new TestNode(genesis, member).engine.views.nextProposalHeight();
    const turns = [1, 2, 3, 4].filter((one) => proposers.at(one, 0) === keyOf(member).nodeId);
    expect([height]).toEqual(turns);
  }
  expect(new TestNode(genesis, 9).engine.views.nextProposalHeight()).toBeUndefined();
});
