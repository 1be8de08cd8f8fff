// npm run devnet: a local network without windows.
import { runBuilt } from './built.mjs';

await runBuilt('devnet', process.argv.slice(2));
