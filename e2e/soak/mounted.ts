import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { test } from '@playwright/test';

/** Mounts what the options of `mount` say at a folder. Skips the test where that is not allowed. Answers what takes it away. */
export function mounted(folder: string, options: readonly string[]): () => void {
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync('mount', [...options, folder], { stdio: 'pipe' });
  } catch (error) {
    // biome-ignore lint/suspicious/noSkippedTests: mounting needs root on Linux, and why not is printed
    test.skip(true, `no disk of its own can be had: ${error instanceof Error ? error.message : error}`);
  }
  return () => void execFileSync('umount', [folder]);
}
