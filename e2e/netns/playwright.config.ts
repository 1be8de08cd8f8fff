import { defineConfig } from '@playwright/test';

/** `npm run netns`: what needs root, network namespaces of Linux and, for the router, nftables and miniupnpd. Without them it says so and skips. */
export default defineConfig({ testDir: '.', outputDir: '../../test-results/netns', workers: 1, forbidOnly: true, timeout: 300_000, reporter: 'list' });
