import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BlockHash, Lock, NodeId, Outpoint, Txid } from '../../../src-shared/domain/ids.ts';
import { outpointKey } from '../../../src-shared/domain/ids.ts';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import { encodeMasternodePayload, type MasternodePayload } from '../codec/masternode-payload.ts';
import { hashTransaction } from '../codec/transaction.ts';
import { Registry } from './registry.ts';
import { RegistryTransition } from './registry-transition.ts';

const nodes = 6;
const height = 9;
const lock = 'ab'.repeat(20) as Lock;
const nodeOf = (number: number): NodeId => number.toString(16).padStart(64, '0') as NodeId;
const coin = (number: number): Outpoint => ({ txid: (100 + number).toString(16).padStart(64, '0') as Txid, vout: 0 });
const member = (number: number, isFree: boolean) => ({
  nodeId: nodeOf(number),
  tier: isFree ? ('free' as const) : ('bronze' as const),
  collateral: isFree ? undefined : coin(number),
  ownerLock: lock,
  rewardLock: lock,
  serviceAddress: '',
});
const registry = Registry.fromGenesis([member(0, false), member(1, true), member(2, false)]);

const add = (transition: RegistryTransition, said: MasternodePayload): void =>
  transition.add(
    hashTransaction({ version: 1, kind: said.kind, inputs: [], outputs: [], timestamp: 1, payload: encodeMasternodePayload(said), witnesses: [] }),
  );

test('what a transition answers after each operation is what the registry after a block of them says', () => {
  const step = fc.record({ number: fc.nat({ max: nodes - 1 }), kind: fc.constantFrom('change', 'exit'), isFree: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const transition = new RegistryTransition(registry, height);
      for (const { number, kind, isFree } of steps) {
        const nodeId = nodeOf(number);
        const isRegistered = transition.member(nodeId) !== undefined;
        if (!isRegistered) add(transition, { kind: 'masternode-register', ...member(number, isFree) });
        else if (kind === 'exit') add(transition, { kind: 'masternode-exit', nodeId });
        else add(transition, { kind: 'masternode-update', nodeId, rewardLock: lock, serviceAddress: `node-${number}.example:1` });
        const block = {
          height,
          previousHash: 'cd'.repeat(32) as BlockHash,
          timeMs: 1,
          isSlotBlock: true,
          closesEpoch: false,
          certificateSigners: [],
          lateSigners: [],
        };
        const after = registry.after({ ...block, operations: transition.operations }, 5);
        expect([transition.size, transition.freeMembers]).toEqual([after.members.length, after.members.filter(({ tier }) => tier === 'free').length]);
        for (let one = 0; one < nodes; one++) {
          expect(transition.member(nodeOf(one))).toEqual(after.members.find(({ nodeId: id }) => id === nodeOf(one)));
          expect(transition.isCollateral(outpointKey(coin(one)))).toBe(after.isCollateral(outpointKey(coin(one))));
        }
      }
    }),
    { numRuns: testRuns(100) },
  );
});
