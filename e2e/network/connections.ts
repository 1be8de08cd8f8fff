import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@playwright/test';
import type { Response } from '../../src-shared/api/contract.ts';
import { defaultLimits } from '../../src-shared/domain/net-limits.ts';
import type { TestNode } from './node.ts';
import { until } from './processes.ts';

export type PeerInfo = Response<'getpeerinfo'>[number];

/** One of each pair starts later and dials, so nothing is waited for but handshakes. */
const connectMs = 20_000;
/** What was answered late is not answered: all but one in a hundred have to be. */
const leastAnswered = 0.99;
/** A ping that is younger may still be answered. */
const { pongTimeoutMs } = defaultLimits('devnet');

const peersOf = (nodes: readonly TestNode[]): Promise<PeerInfo[][]> => Promise.all(nodes.map((node) => node.call('getpeerinfo')));

/** Every node has every other one as its peer, once, and nobody else. Answers what each says of them. */
export function fullyConnected(nodes: readonly TestNode[], timeoutMs = connectMs): Promise<PeerInfo[][]> {
  return until(`each of ${nodes.length} nodes has each other one`, timeoutMs, async () => {
    const read = await peersOf(nodes);
    const isWhole = (peers: PeerInfo[]): boolean => peers.length === nodes.length - 1 && new Set(peers.map(({ nodeid }) => nodeid)).size === peers.length;
    return read.every(isWhole) && read;
  });
}

/**
 * What holds of nodes that nobody has touched between the two readings: the same connections, nothing that went, was refused or failed in their
 * histories, nobody suspected, and pings answered.
 */
export async function expectSteady(
  nodes: readonly TestNode[],
  before: readonly PeerInfo[][],
  sinceMs: number,
): Promise<{ readonly pings: number; readonly pongs: number }> {
  const after = await peersOf(nodes);
  const idsOf = (peers: PeerInfo[]): string[] => peers.map(({ id, nodeid }) => `${id} ${nodeid}`).sort();
  expect(after.map(idsOf)).toEqual(before.map(idsOf));
  const histories = await Promise.all(nodes.map((node) => node.call('getconnectionhistory', { count: 500 })));
  // Who knocks without a name is no connection: a node makes sure of the addresses that it heard of.
  expect(histories.flatMap((history) => history.filter(({ atms, kind, nodeid }) => atms >= sinceMs && (kind !== 'refused' || nodeid !== undefined)))).toEqual(
    [],
  );
  expect(await Promise.all(nodes.map((node) => node.call('getviolations', {})))).toEqual(nodes.map(() => []));
  const pings = after.flat().reduce((sum, peer) => sum + peer.pingssent, 0);
  const pongs = pings - (await unanswered(nodes, after));
  expect(pongs).toBeGreaterThan(0);
  expect(pongs / pings).toBeGreaterThan(leastAnswered);
  return { pings, pongs };
}

/**
 * Of the pings that `read` has. One that is under way is answered or missed within the pong limit; what a connection lacks at the best of the readings
 * until then was missed, or begins to be missed now.
 */
async function unanswered(nodes: readonly TestNode[], read: readonly PeerInfo[][]): Promise<number> {
  const least = new Map<string, number>();
  const note = (peers: readonly PeerInfo[][]): number => {
    for (const [index, list] of peers.entries()) {
      for (const { id, pingssent, pongsreceived } of list) {
        const key = `${index} ${id}`;
        least.set(key, Math.min(least.get(key) ?? Number.POSITIVE_INFINITY, pingssent - pongsreceived));
      }
    }
    return [...least.values()].reduce((sum, count) => sum + count, 0);
  };
  const endMs = performance.now() + pongTimeoutMs;
  let lacking = note(read);
  while (lacking > 0 && performance.now() < endMs) {
    await delay(100);
    lacking = note(await peersOf(nodes));
  }
  return lacking;
}
