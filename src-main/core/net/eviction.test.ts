import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultLimits } from '../../../src-shared/domain/net-limits.ts';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import { Admission } from './admission.ts';
import { pickEvicted, type Tenant } from './eviction.ts';
import { connectionOf, nodeIdOf } from './fake-network.fixture.ts';
import { placeOf } from './place.ts';

const tenant = (id: number, host: string, change: Partial<Tenant> = {}): Tenant => ({
  connection: connectionOf(id),
  nodeId: nodeIdOf(id),
  host,
  place: placeOf(host),
  direction: 'inbound',
  sinceMs: id,
  minRttMs: undefined,
  usefulMs: undefined,
  score: 50,
  ...change,
});
const limits = { ...defaultLimits('mainnet'), maxPeers: 30, maxOutbound: 0, maxPeersPerIp: 0, maxPeersPerNetwork: 0 };
const known = { dialable: () => 0, configured: new Set<never>() };
const newAdmission = (change: Partial<ConstructorParameters<typeof Admission>[0]> = {}, members = 0): Admission =>
  new Admission({ limits, isMember: () => false, whitelist: [], countryOf: () => undefined, ...change }, members);

/** Lets each in as the admission says; answers who has a place. */
function fill(admission: Admission, comers: readonly Tenant[], tenants: readonly Tenant[] = []): Tenant[] {
  let seated = [...tenants];
  for (const comer of comers) {
    const verdict = admission.admit(comer, seated, admission.census(seated, [], new Set()), known, comer.sinceMs);
    if (verdict.kind === 'full') continue;
    seated = [...seated.filter(({ connection }) => connection !== verdict.evicted), comer];
  }
  return seated;
}

test('a flood from one network pushes out one honest peer at most, and none that is old', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 200 }), fc.nat(255), (honestCount, floodCount, net) => {
      const honest = Array.from({ length: honestCount }, (_, index) => tenant(index + 1, `80.${index}.0.1`));
      const flood = Array.from({ length: floodCount }, (_, index) =>
        tenant(1_000 + index, `66.6.${net}.${index % 250}`, { sinceMs: 1_000_000 + index * 60_000 }),
      );
      const seated = fill(newAdmission(), flood, honest);
      const left = honest.filter((one) => seated.includes(one));
      expect(left.length).toBeGreaterThanOrEqual(honestCount - 1);
      expect(seated.length).toBeLessThanOrEqual(limits.maxPeers);
      for (const old of honest.slice(0, honestCount >> 1)) expect(left).toContain(old);
    }),
    { numRuns: testRuns(100) },
  );
});

test('an honest peer of another network gets a place although a flood has taken all of them', () => {
  const flood = Array.from({ length: 30 }, (_, index) => tenant(index + 1, `66.6.0.${index}`));
  const comer = tenant(1_000, '80.1.0.1');
  expect(fill(newAdmission(), [comer], flood)).toContain(comer);
});

test('a masternode gets a place that strangers have, and those never take the places kept for masternodes', () => {
  const strangers = Array.from({ length: 40 }, (_, index) => tenant(index + 1, `80.${index}.0.1`));
  const admission = newAdmission({ isMember: (nodeId) => nodeId === nodeIdOf(1_000) }, 10);
  const seated = fill(admission, strangers);
  expect(seated).toHaveLength(20);
  const member = tenant(1_000, '81.0.0.1');
  expect(fill(admission, [member], seated)).toEqual([...seated, member]);
});

test('who has a trusted address is let in beyond every limit, and never goes for another', () => {
  const admission = newAdmission({ limits: { ...limits, maxPeers: 2, maxPeersPerIp: 1 }, whitelist: ['10.0.0.0/8'] });
  const trusted = [1, 2, 3].map((id) => tenant(id, '10.0.0.1'));
  expect(fill(admission, [...trusted, tenant(4, '80.0.0.1')])).toEqual(trusted);
});

test('one IP and one network have so many places and no more', () => {
  const admission = newAdmission({ limits: { ...limits, maxPeersPerIp: 2, maxPeersPerNetwork: 3 } });
  const comers = ['80.0.0.1', '80.0.0.1', '80.0.0.1', '80.0.0.2', '80.0.0.3', '80.0.1.1'].map((host, index) => tenant(index + 1, host));
  expect(fill(admission, comers).map(({ connection }) => connection)).toEqual([1, 2, 4, 6]);
});

test('spared are those alone in their network, the fast, the useful and the old', () => {
  const crowd = Array.from({ length: 24 }, (_, index) => tenant(index + 1, `66.${index >> 3}.0.${index}`));
  const [rare, fast, useful] = [tenant(50, '90.0.0.1'), tenant(51, '66.0.0.90', { minRttMs: 1 }), tenant(52, '66.0.0.91', { usefulMs: 9 })];
  const candidates = [...crowd, rare, fast, useful];
  for (let left = candidates; left.length > 12; ) {
    const evicted = pickEvicted(left, tenant(99, '91.0.0.1'), 'somebody');
    expect([rare, fast, useful, ...crowd.slice(0, 6)]).not.toContain(evicted);
    left = left.filter((one) => one !== evicted);
  }
});
