#!/usr/bin/env node
// What `time-cli` is in a checkout: the built program on the pinned Node, from any working directory.
import { runBuilt } from './built.mjs';

await runBuilt('time-cli', process.argv.slice(2));
