import { defineConfig } from '@playwright/test';
import common from '../../playwright.config.ts';

/** `npm run soak`: what is worth an hour, and not every run of the tests. TIME_SOAK_MINUTES says how long, TIME_SOAK_KILLS how many kills, TIME_SOAK_SEED which faults. */
export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/soak',
  workers: 1,
  forbidOnly: true,
  reporter: 'list',
  ...(common.use === undefined ? {} : { use: common.use }),
  ...(common.expect === undefined ? {} : { expect: common.expect }),
});
