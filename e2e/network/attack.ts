import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Hello } from '../../src-main/core/codec/message.ts';
import { helloFor } from './hostile-peer.ts';
import type { TestNode } from './node.ts';

export type AttackName =
  | 'silent sockets'
  | 'silent after the encryption'
  | 'silent after the handshake'
  | 'one byte a second'
  | 'one byte a second, after the handshake'
  | 'endless GetPeers'
  | 'the largest length there is'
  | 'valid messages of every type'
  | 'invalid signatures'
  | 'fake addresses'
  | 'replayed handshakes'
  | '200 connections';

/** Those that send all they can for as long as they may: they would take all of a machine. */
const floods: readonly AttackName[] = ['endless GetPeers', 'valid messages of every type', 'fake addresses'];

/** What attacker.ts is started with, as JSON. */
export interface AttackJob {
  readonly attack: AttackName;
  readonly isFlood: boolean;
  readonly seconds: number;
  readonly host: string;
  readonly port: number;
  /** The IP it comes from, of this machine. */
  readonly from: string;
  readonly hello: Omit<Hello, 'nonce'>;
  /** A masternode in whose name votes are forged. */
  readonly member: string;
  /** That is being decided. */
  readonly height: number;
}

export interface AttackReport {
  connections: number;
  /** Of which the node took as peers. */
  accepted: number;
  messages: number;
  bytes: number;
}

/** Begins at once. Resolves when it is over. */
export async function attack(node: TestNode, name: AttackName, from: string, seconds: number): Promise<AttackReport> {
  const [host, port] = node.addresses.p2p.split(':') as [string, string];
  const { nonce: _, ...hello } = await helloFor(node);
  const member = (await node.call('masternodelist'))[0]?.nodeid ?? '';
  const { height } = await node.call('getconsensusinfo');
  const isFlood = floods.includes(name);
  const job: AttackJob = { attack: name, isFlood, seconds, host, port: Number(port), from, hello, member, height };
  const child = fork(new URL('./attacker.ts', import.meta.url), [JSON.stringify(job)], {
    execArgv: [],
    // In a session of its own, as each node is: see `giveWay`.
    detached: isFlood,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-2_000);
  });
  const reported = new Promise<AttackReport>((resolve, reject) => {
    child.once('message', (report) => resolve(report as AttackReport));
    child.once('exit', (code, signal) => reject(new Error(`the attacker ended with ${signal ?? code}: ${errors}`)));
  });
  const gone = once(child, 'exit');
  const report = await reported;
  await gone;
  return report;
}

/** Resident memory of a process. */
export const residentBytes = (pid: number): number => Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1_024;
