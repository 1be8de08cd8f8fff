import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { decodeGenesis } from '../src-main/core/codec/genesis.ts';
import { decodeTransaction } from '../src-main/core/codec/transaction.ts';
import type { EngineEvent } from '../src-main/core/events.ts';
import { createGenesis } from '../src-main/core/genesis.ts';
import { workerFiles } from '../src-main/hosts/entry-paths.ts';
import { nodeKeyOf } from '../src-main/node/keys/node-key.ts';
import { Node } from '../src-main/node/node.ts';
import { defaultLimits, type NetLimits } from '../src-shared/domain/net-limits.ts';
import type { NodeCommand, NodeReport } from './node-messages.ts';

/** One node in a process of its own, for benchmarks: bench-network.ts starts it and talks to it. */
interface Options {
  readonly genesisFile: string;
  readonly directory: string;
  readonly seed: string;
  readonly port: number;
  readonly connect: readonly string[];
  readonly masternode: boolean;
  readonly syncDelayMs?: number;
  /** Instead of the network's own. */
  readonly limits?: Partial<NetLimits>;
}
const options = JSON.parse(process.argv[2] ?? '') as Options;
const delayResolutionMs = 5;
/** Payments leave in portions this often. */
const payIntervalMs = 5;

const report = (message: NodeReport): void => {
  process.send?.(message);
};

/** Sent and not final: when. */
const sentMs = new Map<string, number>();
let latenciesMs: number[] = [];
let refused = 0;
let firstRefusal = '';
let toPay = 0;
let admitted = 0;
let transactionsInBlocks = 0;
let height = 0;
let conditions: { readonly holds: () => boolean; readonly then: () => void }[] = [];
let conditionTimer: NodeJS.Timeout | undefined;

function onEvent(event: EngineEvent): void {
  switch (event.kind) {
    case 'transaction-pending':
      admitted++;
      break;
    // Where the end of its epoch came before its commits, a block is the first to settle it.
    case 'transaction-confirmed':
    case 'transaction-final': {
      const sent = sentMs.get(event.txid);
      if (sent !== undefined) {
        sentMs.delete(event.txid);
        latenciesMs.push(performance.now() - sent);
        reportPaid();
      }
      break;
    }
    case 'block-decided':
      height = event.height;
      transactionsInBlocks += event.transactions - 1;
      break;
    case 'halted':
      onFatal(new Error(event.reason));
      break;
    default:
  }
  checkConditions();
}

function checkConditions(): void {
  if (conditions.length === 0) return;
  const held = conditions.filter(({ holds }) => holds());
  if (held.length === 0) return;
  conditions = conditions.filter((one) => !held.includes(one));
  for (const { then } of held) then();
  if (conditions.length > 0) return;
  clearInterval(conditionTimer);
  conditionTimer = undefined;
}
function when(holds: () => boolean, then: () => void): void {
  conditions.push({ holds, then });
  // Peers and heights may also change without an event that this file listens to.
  conditionTimer ??= setInterval(checkConditions, 20);
  checkConditions();
}

function reportPaid(): void {
  if (toPay === 0 || latenciesMs.length + refused < toPay) return;
  toPay = 0;
  report({ kind: 'paid', latenciesMs, refused, firstRefusal });
}

function pay(encoded: readonly Uint8Array[], perSecond: number): void {
  latenciesMs = [];
  refused = 0;
  toPay = encoded.length;
  const txids = encoded.map((one) => decodeTransaction(one).txid);
  const startMs = performance.now();
  let next = 0;
  const timer = setInterval(() => {
    const due = Math.min(encoded.length, Math.floor(((performance.now() - startMs) * perSecond) / 1_000));
    for (; next < due; next++) {
      const txid = txids[next] ?? '';
      sentMs.set(txid, performance.now());
      node.submit(encoded[next] as Uint8Array).then((result) => {
        if ('txid' in result) return;
        sentMs.delete(txid);
        refused++;
        firstRefusal ||= `${result.code} ${result.detail}`;
        reportPaid();
      }, onFatal);
    }
    if (next === encoded.length) clearInterval(timer);
  }, payIntervalMs);
}

const delays = monitorEventLoopDelay({ resolution: delayResolutionMs });
let cpuBefore = process.cpuUsage();
let measuredFromMs = performance.now();
function reset(loopDelay: boolean): void {
  delays.reset();
  if (loopDelay) delays.enable();
  else delays.disable();
  cpuBefore = process.cpuUsage();
  measuredFromMs = performance.now();
}
function measure(): void {
  const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - delayResolutionMs);
  const { user, system } = process.cpuUsage(cpuBefore);
  report({
    kind: 'measured',
    loopDelayP50Ms: late(delays.percentile(50)),
    loopDelayP99Ms: late(delays.percentile(99)),
    loopDelayMaxMs: late(delays.max),
    residentBytes: process.memoryUsage.rss(),
    cpuMs: (user + system) / 1_000,
    elapsedMs: performance.now() - measuredFromMs,
    height,
    transactionsInBlocks,
  });
}

function onFatal(error: Error): void {
  console.error(error);
  process.exit(1);
}

/** What a masternode does for two seconds before it votes is not what is measured. */
const isListening = (): boolean => node.views.consensus().signing.kind === 'listening';

function onCommand(command: NodeCommand): void {
  switch (command.kind) {
    case 'stop':
      void node.stop().then(() => process.exit(0));
      return;
    case 'await-peers':
      return when(
        () => node.views.peers().length >= command.count && !isListening(),
        () => report({ kind: 'peers' }),
      );
    case 'await-height':
      return when(
        () => height >= command.height,
        () => report({ kind: 'height', atMs: Date.now() }),
      );
    case 'await-admitted':
      return when(
        () => admitted >= command.count,
        () => report({ kind: 'admitted', atMs: Date.now() }),
      );
    case 'pay':
      return pay(command.encoded, command.perSecond);
    case 'reset':
      return reset(command.loopDelay);
    case 'measure':
      return measure();
  }
}

const keyFile = join(options.directory, 'node.key');
mkdirSync(options.directory, { recursive: true });
const { nodeId } = nodeKeyOf(Buffer.from(options.seed, 'hex'));
writeFileSync(keyFile, `TIME NODE KEY 1\nseed ${options.seed}\nnode ${nodeId}\n`, { mode: 0o600 });
const node = await Node.start({
  directory: options.directory,
  genesis: createGenesis(decodeGenesis(readFileSync(options.genesisFile))),
  listen: { host: '127.0.0.1', port: options.port },
  connect: options.connect,
  masternode: options.masternode,
  limits: { ...defaultLimits('devnet'), ...options.limits },
  userAgent: '/bench:1/',
  workers: workerFiles(import.meta.url),
  verifyWorkers: 2,
  ...(options.syncDelayMs === undefined ? {} : { syncDelayMs: options.syncDelayMs }),
  onEvent,
  onFatal,
});
process.on('message', onCommand);
process.on('disconnect', () => process.exit(0));
report({ kind: 'ready' });
