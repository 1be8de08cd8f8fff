import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type OutpointKey, outpointKey, type Txid } from '../../../src-shared/domain/ids.ts';
import { txidNumber } from './ledger-fixtures.ts';
import { nextUtxoState, type UtxoEvent, type UtxoState, UtxoStates } from './utxo-state.ts';

const [a, b] = [txidNumber(1), txidNumber(2)];
const states = {
  unspent: { kind: 'unspent' },
  locked: { kind: 'locked', txid: a },
  pending: { kind: 'spentPending', txid: a, weight: 10 },
  final: { kind: 'spentFinalized', txid: a },
  confirmed: { kind: 'confirmed', txid: a, height: 5 },
} satisfies Record<string, UtxoState>;
const known = (txid: Txid): UtxoEvent => ({ kind: 'known', txid });
const votes = (txid: Txid, weight: number): UtxoEvent => ({ kind: 'votes', txid, weight });
const final = (txid: Txid): UtxoEvent => ({ kind: 'final', txid });
const confirmed = (txid: Txid): UtxoEvent => ({ kind: 'confirmed', txid, height: 6 });
const released = (txid: Txid): UtxoEvent => ({ kind: 'released', txid });

describe('nextUtxoState', () => {
  const { unspent, locked, pending } = states;
  const done: UtxoState = { kind: 'confirmed', txid: b, height: 6 };
  it.each<[UtxoState, UtxoEvent, UtxoState]>([
    [unspent, known(a), locked],
    [unspent, votes(a, 10), pending],
    [unspent, final(a), states.final],
    [unspent, confirmed(b), done],
    [unspent, released(a), unspent],
    [locked, known(b), locked],
    [locked, votes(a, 10), pending],
    [locked, votes(b, 1), { kind: 'spentPending', txid: b, weight: 1 }],
    [locked, final(b), { kind: 'spentFinalized', txid: b }],
    [locked, confirmed(b), done],
    [locked, released(a), unspent],
    [locked, released(b), locked],
    [pending, known(b), pending],
    [pending, votes(a, 9), { kind: 'spentPending', txid: a, weight: 9 }],
    [pending, votes(b, 10), pending],
    [pending, votes(b, 11), { kind: 'spentPending', txid: b, weight: 11 }],
    [pending, final(b), { kind: 'spentFinalized', txid: b }],
    [pending, confirmed(b), done],
    [pending, released(a), unspent],
    [pending, released(b), pending],
    [states.final, known(b), states.final],
    [states.final, votes(b, 99), states.final],
    [states.final, final(b), states.final],
    [states.final, confirmed(b), done],
    [states.final, released(a), unspent],
    [states.final, released(b), states.final],
    [states.confirmed, known(b), states.confirmed],
    [states.confirmed, votes(b, 99), states.confirmed],
    [states.confirmed, final(b), states.confirmed],
    [states.confirmed, confirmed(b), states.confirmed],
    [states.confirmed, released(a), states.confirmed],
  ])('%o, %o → %o', (from, event, to) => {
    expect(nextUtxoState(from, event)).toEqual(to);
  });
});

describe('UtxoStates', () => {
  const key = outpointKey({ txid: a, vout: 0 });

  it('tells each change once, with where it came from', () => {
    const utxos = new UtxoStates(() => 10);
    expect(utxos.of(key)).toEqual(states.unspent);
    expect(utxos.handle(key, known(a))).toEqual({ from: states.unspent, to: states.locked });
    expect(utxos.handle(key, known(a))).toBeUndefined();
    expect(utxos.handle(key, votes(a, 10))).toEqual({ from: states.locked, to: states.pending });
    expect(utxos.handle(key, votes(a, 10))).toBeUndefined();
    expect(utxos.handle(key, final(a))).toEqual({ from: states.pending, to: states.final });
    expect(utxos.handle(key, confirmed(a))).toEqual({ from: states.final, to: { kind: 'confirmed', txid: a, height: 6 } });
    expect(utxos.size).toBe(0);
  });

  it('knows weights as they are now, and tells what changed since it told last', () => {
    const weights = new Map([
      [a, 1],
      [b, 0],
    ]);
    const utxos = new UtxoStates((txid) => weights.get(txid) ?? 0);
    utxos.handle(key, votes(a, 1));
    weights.set(a, 7);
    expect(utxos.of(key)).toEqual({ kind: 'spentPending', txid: a, weight: 7 });
    // A rival is held to what it is now.
    expect(utxos.handle(key, votes(b, 5))).toBeUndefined();
    expect(utxos.handle(key, votes(a, 7))?.to).toEqual({ kind: 'spentPending', txid: a, weight: 7 });
    expect(utxos.handle(key, votes(a, 7))).toBeUndefined();
    weights.set(b, 8);
    expect(utxos.handle(key, votes(b, 8))?.to).toEqual({ kind: 'spentPending', txid: b, weight: 8 });
  });

  it('remembers coins only while something is going on', () => {
    const event = fc
      .tuple(
        fc.constantFrom(known, final, confirmed, released, (txid: Txid) => votes(txid, 3)),
        fc.constantFrom(a, b),
      )
      .map(([make, txid]) => make(txid));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 3 }), event)), (events) => {
        const utxos = new UtxoStates(() => 3);
        const keys = new Set<OutpointKey>();
        for (const [vout, one] of events) {
          const at = outpointKey({ txid: txidNumber(9), vout });
          keys.add(at);
          const before = utxos.of(at);
          const change = utxos.handle(at, one);
          expect(change?.from ?? before).toEqual(before);
          if (change?.to.kind !== 'confirmed') expect(utxos.of(at)).toEqual(change?.to ?? before);
        }
        expect(utxos.size).toBe([...keys].filter((at) => utxos.of(at).kind !== 'unspent').length);
        for (const at of keys) for (const txid of [a, b]) utxos.handle(at, released(txid));
        expect(utxos.size).toBe(0);
      }),
    );
  });
});
