#!/usr/bin/env node
// What `timed` is in a checkout: the built program on the pinned Node, from any working directory.
import { runBuilt } from './built.mjs';

await runBuilt('timed', process.argv.slice(2));
