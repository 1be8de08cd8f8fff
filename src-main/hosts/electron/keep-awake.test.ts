import { expect, test } from 'vitest';
import { KeepAwake } from './keep-awake.ts';

test('the machine is held awake only while the masternode is active and somebody wants it, and once', () => {
  const calls: string[] = [];
  let next = 0;
  const awake = new KeepAwake({
    start: (type) => {
      calls.push(`${type} ${next}`);
      return next++;
    },
    stop: (id) => {
      calls.push(`stop ${id}`);
      return true;
    },
  });
  awake.setActive(true);
  awake.setActive(false);
  awake.setWanted(true);
  expect(calls).toEqual([]);
  awake.setActive(true);
  awake.setActive(true);
  expect(calls).toEqual(['prevent-app-suspension 0']);
  awake.setWanted(false);
  awake.setActive(false);
  expect(calls).toEqual(['prevent-app-suspension 0', 'stop 0']);
  awake.setWanted(true);
  awake.setActive(true);
  expect(calls.at(-1)).toBe('prevent-app-suspension 1');
});
