// docs/config.md, from the tables of keys. Run on the pinned Node: node scripts/run.mjs scripts/generate-config-docs.ts
import { writeFileSync } from 'node:fs';
import { configReference } from '../src-main/node/config/config-docs.ts';

writeFileSync(new URL('../docs/config.md', import.meta.url), configReference());
