import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { expectAccessibleInThemes } from './fixtures/accessible.ts';
import { story } from './fixtures/hands.ts';
import { answerLogs } from './fixtures/preview-logs.ts';
import { go, test } from './fixtures/preview-test.ts';

test('lines come as they are written, and are narrowed by level, part and words, copied and saved', story, async ({ person, page, node, context }) => {
  const log = answerLogs(node);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(node.url);
  await go(person, 'logs');
  const line = page.getByTestId('log-line');
  const foot = page.getByTestId('log-foot');
  await expect(foot).toContainText('40 lines');
  await expect(foot).toContainText('Lines below Info are not written');
  log.write('warn', 'storage', 'the disk is <b>slow</b> waiting=5');
  await expect(line.last()).toContainText('the disk is <b>slow</b> waiting=5');
  await person.press(page.getByTestId('log-level').getByText('Warnings'));
  await expect(foot).toContainText('12 of 41 lines');
  await person.choose(page.getByTestId('log-part'), 'Storage');
  await expect(line).toHaveCount(1);
  await person.press(page.getByTestId('log-copy'));
  // That it says so is soon over.
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/^\d{4}-\S+Z warn storage the disk is <b>slow<\/b> waiting=5\n$/);
  const download = page.waitForEvent('download');
  await person.press(page.getByTestId('log-save'));
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^time-log-\d{4}-[\dT-]+\.txt$/);
  expect(await readFile(await file.path(), 'utf8')).toContain('warn storage the disk');
  await person.write(page.getByRole('searchbox'), 'nothing like it');
  await expect(page.getByText('No line matches.')).toBeVisible();
  await person.press(page.getByRole('button', { name: 'Show all lines' }));
  await expect(foot).toContainText('41 lines');
  await person.press(line.filter({ hasText: 'the disk is' }).getByRole('button'));
  await expect(page.getByTestId('log-detail')).toContainText('the disk is <b>slow</b>');
  await expectAccessibleInThemes(page);
});

test('the end is followed until somebody scrolls up; then what is read stays where it is, until they follow again', async ({ page, node }) => {
  const log = answerLogs(node);
  await page.goto(node.url);
  await go(page, 'logs');
  log.burst(400);
  const list = page.getByLabel('Lines of the log');
  const atEnd = () => list.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight < 28);
  await expect(page.getByTestId('log-foot')).toContainText('440 lines');
  await expect.poll(atEnd).toBe(true);
  await expect(page.getByTestId('log-follow')).toBeHidden();
  // At once: a wheel rolls on for a while.
  const top = await list.evaluate((element) => {
    element.scrollTop -= 2_000;
    return element.scrollTop;
  });
  await expect(page.getByTestId('log-follow')).toHaveText('Follow again');
  log.burst(7);
  await expect(page.getByTestId('log-follow')).toHaveText('7 newer lines');
  expect(await list.evaluate((element) => element.scrollTop)).toBe(top);
  await page.getByTestId('log-follow').click();
  await expect.poll(atEnd).toBe(true);
  await expect(page.getByTestId('log-follow')).toBeHidden();
  // By keyboard: up leaves the end, and End comes back to it. What is drawn there follows a little later.
  log.write('info', 'node', 'the newest of all');
  const last = page.getByTestId('log-line').filter({ hasText: 'the newest of all' }).getByRole('button');
  await last.focus();
  await page.keyboard.press('ArrowUp');
  await expect(page.getByTestId('log-detail')).toBeVisible();
  await expect(page.getByTestId('log-follow')).toBeVisible();
  await page.keyboard.press('End');
  await expect(page.getByTestId('log-follow')).toBeHidden();
});

test('a burst costs no more than can be shown, what was left out is said, and a node that starts anew begins anew', async ({ page, node }) => {
  const log = answerLogs(node);
  log.burst(30_000);
  await page.goto(node.url);
  await go(page, 'logs');
  await expect(page.getByTestId('log-foot')).toContainText('4,000 lines · 26,040 earlier lines are left out here');
  const asked = log.asked();
  expect(asked).toBeLessThan(12);
  for (let burst = 0; burst < 20; burst++) log.burst(1_000);
  await expect(page.getByTestId('log-foot')).toContainText('46,040 earlier lines are left out here');
  expect(await page.getByTestId('log-line').count()).toBeLessThan(80);
  log.restart();
  await expect(page.getByTestId('log-line')).toHaveCount(1);
  await expect(page.getByTestId('log-line')).toContainText('started anew');
});
