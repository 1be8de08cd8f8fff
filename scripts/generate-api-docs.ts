// docs/api.md, from the contract. Run on the pinned Node: node scripts/run.mjs scripts/generate-api-docs.ts
import { writeFileSync } from 'node:fs';
import { apiReference } from '../src-shared/api/api-reference.ts';

writeFileSync(new URL('../docs/api.md', import.meta.url), apiReference());
