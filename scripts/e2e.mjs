// npm run e2e: the end-to-end specs against the build.
import { join } from 'node:path';
import { onPinnedNode, root } from './bootstrap.mjs';
import { ensureBuilt } from './build.mjs';
import { endLike, run } from './child-process.mjs';

await onPinnedNode();
await ensureBuilt();
endLike(await run(process.execPath, [join(root, 'node_modules/@playwright/test/cli.js'), 'test', ...process.argv.slice(2)], { cwd: root }));
