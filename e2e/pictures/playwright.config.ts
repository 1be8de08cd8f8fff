import { defineConfig } from '@playwright/test';
import common from '../../playwright.config.ts';

/** `npm run screenshots`: a picture of every page in every state that was designed, into screenshots/, with a sheet of all of them. */
export default defineConfig({
  testDir: '.',
  testMatch: 'pictures.spec.ts',
  outputDir: '../../test-results/pictures',
  fullyParallel: true,
  workers: 2,
  forbidOnly: true,
  reporter: 'line',
  globalTeardown: './write-sheet.ts',
  ...(common.use === undefined ? {} : { use: common.use }),
});
