import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fifo } from './fifo.ts';

test('it behaves as an array with shift', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('push', 'drop', 'take'), { maxLength: 200 }), (steps) => {
      const fifo = new Fifo<number>();
      let model: number[] = [];
      for (const [n, step] of steps.entries()) {
        if (step === 'push') {
          fifo.push(n);
          model.push(n);
        } else if (step === 'drop' && model.length > 0) {
          fifo.dropFirst();
          model.shift();
        } else if (step === 'take' && n % 10 === 0) {
          expect(fifo.takeAll()).toEqual(model);
          model = [];
        }
        expect(fifo.first).toBe(model[0]);
      }
    }),
  );
});
