import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outpointKey } from '../../../src-shared/domain/ids.ts';
import { InvariantError } from '../invariant.ts';
import { CoinView } from './coin-view.ts';
import { CoinTable, lockNumber, txidNumber } from './ledger-fixtures.ts';

const outpoint = (vout: number) => ({ txid: txidNumber(1), vout });
const coin = (amount: bigint) => ({ amount, lock: lockNumber(1), height: 3, coinbase: false });

describe('CoinView', () => {
  const table = new CoinTable();
  for (const vout of [0, 1, 2]) table.put(outpoint(vout), coin(BigInt(vout)));

  it('overlays its base and does not write it', () => {
    const view = new CoinView(table);
    expect(view.spend(outpoint(1))).toEqual(coin(1n));
    view.add(outpoint(7), coin(7n));
    expect([0, 1, 7, 8].map((vout) => view.coin(outpointKey(outpoint(vout)))?.amount)).toEqual([0n, undefined, 7n, undefined]);
    expect(table.coins.size).toBe(3);
  });

  it('nets what came and went, and what went and came back', () => {
    const view = new CoinView(table);
    view.add(outpoint(7), coin(7n));
    view.spend(outpoint(7));
    view.spend(outpoint(1));
    view.add(outpoint(1), coin(1n));
    expect(view.changes()).toEqual({ added: [], removed: [] });
    view.spend(outpoint(2));
    view.add(outpoint(2), coin(99n));
    expect(view.changes()).toEqual({ added: [{ outpoint: outpoint(2), coin: coin(99n) }], removed: [{ outpoint: outpoint(2), coin: coin(2n) }] });
  });

  it('throws where a coin is spent that is not there, or made twice', () => {
    const view = new CoinView(table);
    expect(() => view.spend(outpoint(9))).toThrow(InvariantError);
    view.spend(outpoint(1));
    expect(() => view.spend(outpoint(1))).toThrow(InvariantError);
    view.add(outpoint(7), coin(7n));
    expect(() => view.add(outpoint(7), coin(7n))).toThrow(InvariantError);
  });

  it('reads each coin of its base once', () => {
    let reads = 0;
    const view = new CoinView({
      coin: (key) => {
        reads++;
        return table.coin(key);
      },
    });
    view.coin(outpointKey(outpoint(0)));
    view.coin(outpointKey(outpoint(0)));
    view.spend(outpoint(0));
    expect(reads).toBe(1);
  });

  it('changes a set as the steps one by one do', () => {
    const step = fc.record({ vout: fc.nat({ max: 5 }), amount: fc.bigInt({ min: 0n, max: 2n }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const plain = new CoinTable();
        for (const [key, one] of table.coins) plain.coins.set(key, one);
        const view = new CoinView(table);
        for (const { vout, amount } of steps) {
          const at = outpoint(vout);
          if (plain.coins.delete(outpointKey(at))) view.spend(at);
          else {
            plain.put(at, coin(amount));
            view.add(at, coin(amount));
          }
          for (const any of [0, 1, 2, 3, 4, 5]) expect(view.coin(outpointKey(outpoint(any)))).toEqual(plain.coin(outpointKey(outpoint(any))));
        }
        const changed = new CoinTable();
        for (const [key, one] of table.coins) changed.coins.set(key, one);
        changed.apply(view.changes());
        expect(changed.sorted()).toEqual(plain.sorted());
      }),
    );
  });
});
