import { expect, test } from 'vitest';
import { ConfigError } from '../../node/config/config-keys.ts';
import { silentLogger } from '../../node/logging/logger.ts';
import type { NodeServices } from './node-services.ts';
import { createApi } from './registry.ts';
import { fakeServices } from './services.fixture.ts';

const call = (method: string, params: unknown, overrides: Partial<NodeServices> = {}) =>
  createApi(fakeServices(overrides), silentLogger).call(method, params, 'window');

test('a change is handed on, and the node restarted where that is wanted', async () => {
  const changed: unknown[] = [];
  let restarts = 0;
  const { settings } = fakeServices();
  const overrides = { settings: { ...settings, change: async (changes: unknown) => void changed.push(changes) }, restart: () => void restarts++ };
  expect(await call('changesettings', { changes: { max_peers: 9, listen: null } }, overrides)).toEqual({ ok: true, value: { restarting: false } });
  expect([changed, restarts]).toEqual([[{ max_peers: 9, listen: null }], 0]);
  expect(await call('changesettings', { changes: {}, restart: true }, overrides)).toEqual({ ok: true, value: { restarting: true } });
  expect(restarts).toBe(1);
});

test('a host that cannot restart says so before anything is written', async () => {
  const { settings } = fakeServices();
  let writes = 0;
  const overrides = { settings: { ...settings, change: async () => void writes++ }, restart: undefined };
  expect(await call('changesettings', { changes: {}, restart: true }, overrides)).toMatchObject({ ok: false, error: { code: 'invalid-parameter' } });
  expect(writes).toBe(0);
  expect(await call('getsettings', {}, overrides)).toMatchObject({ ok: true, value: { canrestart: false } });
});

test('what is refused is refused with its reason, and restarts nothing', async () => {
  let restarts = 0;
  const { settings } = fakeServices();
  const overrides = {
    settings: { ...settings, change: () => Promise.reject(new ConfigError('settings.json: max_peers: expected a whole number')) },
    restart: () => void restarts++,
  };
  const reply = await call('changesettings', { changes: { max_peers: 0 }, restart: true }, overrides);
  expect(reply).toMatchObject({ ok: false, error: { code: 'invalid-parameter', message: expect.stringContaining('max_peers') } });
  expect(restarts).toBe(0);
});

test.each([[{ changes: { listen: { host: 'a' } } }], [{ changes: { ['x'.repeat(65)]: 1 } }], [{ changes: [] }], [{ changes: {}, force: true }]])(
  '%j is no change',
  async (params) => expect(await call('changesettings', params)).toMatchObject({ ok: false, error: { code: 'invalid-params' } }),
);
