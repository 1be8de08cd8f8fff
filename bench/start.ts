import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startTimed } from '../src-main/hosts/devnet/companion.ts';
import { openLocalNetwork } from '../src-main/hosts/devnet/local-network.ts';
import type { Figure } from './result.ts';

const starts = 3;
const timedFile = fileURLToPath(new URL('../src-main/hosts/headless/timed.ts', import.meta.url));

/** `timed` from its sources: from the start of the process until its RPC has answered a question. A release, which is one bundle, is quicker. */
export async function start(): Promise<Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'time-bench-'));
  try {
    const { nodes } = await openLocalNetwork({ directory, count: 1, firstPort: 24_900, nowMs: Date.now() });
    const times: number[] = [];
    for (let count = 0; count < starts; count++) {
      const startMs = performance.now();
      const companion = startTimed(timedFile)(nodes[0]?.datadir ?? '');
      try {
        const { rpc, cookieFile } = await companion.ready;
        const authorization = `Basic ${Buffer.from(readFileSync(cookieFile, 'utf8').trim()).toString('base64')}`;
        const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'getblockcount', params: [] });
        const answer = await fetch(`http://${rpc}/`, { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body });
        if (!answer.ok) throw new Error(`getblockcount: HTTP ${answer.status} ${await answer.text()}`);
        await answer.text();
        times.push(performance.now() - startMs);
      } finally {
        await companion.stop();
      }
    }
    times.sort((a, b) => a - b);
    return [{ name: 'process start to first RPC answer, median', value: times[1] ?? 0, unit: 'ms' }];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
