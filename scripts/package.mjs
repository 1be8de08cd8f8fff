// npm run package: installers for this platform, in dist/. Needs Electron's runtime from outside the registry.
import { join } from 'node:path';
import { onPinnedNode, root } from './bootstrap.mjs';
import { ensureBuilt } from './build.mjs';
import { endLike, run } from './child-process.mjs';

await onPinnedNode();
await ensureBuilt();
endLike(await run(process.execPath, [join(root, 'node_modules/electron-builder/cli.js'), '--publish', 'never', ...process.argv.slice(2)], { cwd: root }));
