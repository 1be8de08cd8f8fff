import { join } from 'node:path';
import { type Page as Browser, expect } from '@playwright/test';
import { rulesOfColour, violationsOn } from '../fixtures/accessible.ts';
import { test } from '../fixtures/preview-test.ts';
import { picturesFolder } from './folder.ts';
import { pictureName, variants } from './scene.ts';
import { scenes } from './scenes.ts';

/** Everything is in its place: what a change of size or theme moves has moved, and what moves by itself for ever is let be. */
async function standsStill(browser: Browser): Promise<void> {
  await browser.evaluate(async () => {
    await document.fonts.ready;
    const frame = (): Promise<void> => new Promise((done) => requestAnimationFrame(() => done()));
    for (let frames = 0; frames < 3; frames++) await frame();
    const limited = document.getAnimations().filter((animation) => animation.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
    await Promise.allSettled(limited.map(({ finished }) => finished));
  });
}

for (const variant of variants) {
  const name = `${variant.locale}${variant.pixelRatio === 1 ? '' : ` at ${variant.pixelRatio * 100} %`}`;
  test.describe(name, () => {
    const [first] = variant.shots;
    if (first === undefined) throw new Error('a variant without a shot');
    test.use({ locale: variant.locale, deviceScaleFactor: variant.pixelRatio, viewport: { width: first.width, height: first.height } });
    for (const scene of scenes) {
      test(`${scene.page}: ${scene.state}`, async ({ page: browser, node }) => {
        const nowMs = Date.now();
        await browser.emulateMedia({ colorScheme: first.theme, reducedMotion: 'reduce' });
        // The pictures of one scene are all of one moment.
        await browser.clock.setFixedTime(nowMs);
        scene.say?.(node, nowMs);
        await browser.goto(node.url);
        await browser.getByRole('main').waitFor();
        await browser.evaluate(
          (hash) => {
            location.hash = hash;
          },
          `#/${scene.page}${scene.query ?? ''}`,
        );
        await scene.reach?.(browser, node);
        const looked = new Set<string>();
        for (const shot of variant.shots) {
          await browser.setViewportSize({ width: shot.width, height: shot.height });
          await browser.emulateMedia({ colorScheme: shot.theme });
          await scene.shows?.(browser).scrollIntoViewIfNeeded();
          await standsStill(browser);
          const sideways = await browser.getByRole('main').evaluate((main) => main.scrollWidth - main.clientWidth);
          expect.soft(sideways, `${scene.page}, ${scene.state}: scrolls sideways at ${shot.width} px`).toBe(0);
          // Once, and once more for the other theme's colours: other sizes have the same.
          if (variant === variants[0] && !looked.has(shot.theme)) {
            const rules = looked.size === 0 ? undefined : rulesOfColour;
            looked.add(shot.theme);
            expect.soft(await violationsOn(browser, rules), `${scene.page}, ${scene.state}: what axe finds, ${shot.theme}`).toEqual([]);
          }
          await browser.screenshot({ path: join(picturesFolder, pictureName(scene, variant, shot)) });
        }
      });
    }
  });
}
