import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { AppWindow } from './app-window.ts';
import { words } from './words.ts';

const folder = mkdtempSync(join(tmpdir(), 'app-window-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fakes(toldFile: string) {
  const calls: string[] = [];
  const record = (name: string) => (): void => void calls.push(name);
  const window = Object.assign(new EventEmitter(), {
    show: record('show'),
    hide: record('hide'),
    focus: record('focus'),
    restore: record('restore'),
    isMinimized: () => true,
    setTitle: (title: string) => void calls.push(title),
    setProgressBar: (share: number) => void calls.push(`progress ${share}`),
  });
  const told: string[] = [];
  const appWindow = new AppWindow({ window: window as never, toldFile, tell: (title) => void told.push(title) });
  const close = (): boolean => {
    let prevented = false;
    window.emit('close', {
      preventDefault: () => {
        prevented = true;
      },
    });
    return prevented;
  };
  return { calls, told, window, appWindow, close };
}

test('it is shown when it is drawn', () => {
  const { calls, window } = fakes(join(folder, 'drawn'));
  expect(calls).toEqual([]);
  window.emit('ready-to-show');
  expect(calls).toEqual(['show']);
});

test('closing hides it, and says so once, also over restarts', () => {
  const first = fakes(join(folder, 'told'));
  expect(first.close()).toBe(true);
  expect(first.close()).toBe(true);
  expect(first.calls).toEqual(['hide', 'hide']);
  const second = fakes(join(folder, 'told'));
  second.close();
  expect([first.told.length, second.told.length]).toEqual([1, 0]);
});

test('where that cannot be noted it is said once a run, and closing hides it all the same', () => {
  const { calls, told, close } = fakes(join(folder, 'nowhere', 'told'));
  for (let times = 0; times < 2; times++) expect(close()).toBe(true);
  expect([calls, told.length]).toEqual([['hide', 'hide'], 1]);
});

test('a second start brings it to the front', () => {
  const { calls, appWindow } = fakes(join(folder, 'front'));
  appWindow.show();
  expect(calls).toEqual(['restore', 'show', 'focus']);
});

test('stopping shows how far it is, and closing then says nothing', () => {
  const { calls, told, appWindow, close } = fakes(join(folder, 'stopping'));
  const said = appWindow.showStopping(1, 4);
  expect([said, calls]).toEqual([words.stopping(1, 4), [words.stopping(1, 4), 'progress 0.25']]);
  close();
  expect(told).toEqual([]);
});
