import { expect, test } from 'vitest';
import type { WindowDoor } from './ipc.ts';
import { NodeDoor } from './node-door.ts';

const doorOf = (name: string): WindowDoor => ({ call: async () => ({ ok: true, value: name }), subscribe: () => undefined });
const ask = async (door: NodeDoor): Promise<unknown> => (await door.get()).call('getsetup', {});

test('calls wait for the node, and for the next one while it is started anew', async () => {
  const door = new NodeDoor();
  const early = ask(door);
  door.open(doorOf('first'));
  expect(await early).toEqual({ ok: true, value: 'first' });
  door.close();
  const between = ask(door);
  door.open(doorOf('second'));
  expect(await between).toEqual({ ok: true, value: 'second' });
});
