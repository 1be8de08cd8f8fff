// node scripts/run.mjs scripts/make-icons.ts: draws assets/*.svg as the bitmaps that systems want, with the browser of the tests.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { findTestBrowser } from './test-browser.ts';

const assets = join(import.meta.dirname, '../assets');
/** electron-builder makes the icons of Windows and macOS from the largest; trays want one for each density, under Electron's names. */
const bitmaps = [
  { drawing: 'icon.svg', bitmap: 'icon.png', pixels: 1_024 },
  { drawing: 'tray.svg', bitmap: 'tray.png', pixels: 16 },
  { drawing: 'tray.svg', bitmap: 'tray@2x.png', pixels: 32 },
  { drawing: 'tray-template.svg', bitmap: 'trayTemplate.png', pixels: 16 },
  { drawing: 'tray-template.svg', bitmap: 'trayTemplate@2x.png', pixels: 32 },
] as const;

const found = findTestBrowser();
const browser = await chromium.launch({
  args: ['--no-sandbox'],
  ...(found === undefined ? {} : { executablePath: found.executablePath, env: { ...found.env } }),
});
const page = await browser.newPage();
for (const { drawing, bitmap, pixels } of bitmaps) {
  await page.setViewportSize({ width: pixels, height: pixels });
  const style = `<style>html,body{margin:0;background:transparent}svg{display:block;width:${pixels}px;height:${pixels}px}</style>`;
  await page.setContent(style + readFileSync(join(assets, drawing), 'utf8'));
  writeFileSync(join(assets, bitmap), await page.screenshot({ omitBackground: true }));
}
await browser.close();
