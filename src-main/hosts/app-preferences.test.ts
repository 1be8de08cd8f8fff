import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppPreferences, type LoginStart, noPreferences } from './app-preferences.ts';

let dataRoot: string;
beforeEach(() => {
  dataRoot = join(mkdtempSync(join(tmpdir(), 'preferences-')), 'new');
});
afterEach(() => rmSync(join(dataRoot, '..'), { recursive: true, force: true }));

function open(login: LoginStart | undefined) {
  const heard: boolean[] = [];
  return { preferences: new AppPreferences({ dataRoot, login, onKeepAwake: (wanted) => void heard.push(wanted) }), heard };
}
function fakeLogin(): LoginStart {
  let on = false;
  return {
    isOn: () => on,
    set: (next) => {
      on = next;
    },
  };
}

test('the machine is kept awake until somebody says otherwise, also after a restart', async () => {
  const { preferences, heard } = open(fakeLogin());
  expect(preferences.state()).toEqual({ startatlogin: false, keepawake: true });
  expect(await preferences.change({ keepawake: false })).toEqual({ startatlogin: false, keepawake: false });
  expect(heard).toEqual([true, false]);
  expect(open(undefined).heard).toEqual([false]);
  writeFileSync(join(dataRoot, 'preferences.json'), '{"keepawake":"perhaps"}');
  expect(open(undefined).heard).toEqual([true]);
});

test('the system remembers whether the app starts at login', async () => {
  const { preferences } = open(fakeLogin());
  expect(await preferences.change({ startatlogin: true })).toEqual({ startatlogin: true, keepawake: true });
});

test('what a host cannot do it does not offer, and refuses', async () => {
  const { preferences } = open(undefined);
  expect(preferences.state().startatlogin).toBeNull();
  await expect(preferences.change({ startatlogin: true, keepawake: false })).rejects.toMatchObject({ code: 'invalid-parameter' });
  expect(preferences.state().keepawake).toBe(true);
  expect(noPreferences.state()).toEqual({ startatlogin: null, keepawake: null });
  await expect(noPreferences.change({ keepawake: true })).rejects.toMatchObject({ code: 'invalid-parameter' });
});
