import { readFileSync } from 'node:fs';
import { decodeGenesis } from '../src-main/core/codec/genesis.ts';
import type { Message } from '../src-main/core/codec/message.ts';
import { createGenesis } from '../src-main/core/genesis.ts';
import { keyPairOf } from '../src-main/node/keys/ed25519.ts';
import { lockOf } from '../src-shared/domain/address.ts';
import type { Outpoint, PublicKey } from '../src-shared/domain/ids.ts';
import { coinUnits } from './bench-network.ts';
import type { LoadPeersJob, LoadPeersReport } from './load.ts';
import { payOn } from './payments.ts';
import { RawPeer } from './raw-peer.ts';

/** The peers of a node under load, in a process of their own: each pays in turn, answers pings, and fetches its share of what the node announces. */
const job = JSON.parse(process.argv[2] ?? '') as LoadPeersJob;
const owner = keyPairOf(Buffer.from(job.ownerSeed, 'hex'));
const bench = {
  genesis: createGenesis(decodeGenesis(readFileSync(job.genesisFile))),
  owner,
  ownerLock: lockOf(owner.publicKey.toString('hex') as PublicKey),
};
/** Payments leave in portions this often, as they would from many wallets. */
const portionMs = 20;
/** A wallet that is paid from a coin again waits until that is in a block: the coins are taken in turn. */
const coins: { outpoint: Outpoint; amount: bigint }[] = bench.genesis.coins
  .filter(({ coin }) => coin.amount === coinUnits)
  .map(({ outpoint, coin }) => ({ outpoint, amount: coin.amount }));

let sent = 0;
let next = 0;
function pay(peer: RawPeer): void {
  const coin = coins[next];
  if (coin === undefined) throw new Error('a genesis has coins');
  const { txid, encoded, transaction } = payOn(bench, coin.outpoint, coin.amount);
  coins[next] = { outpoint: { txid, vout: 0 }, amount: transaction.outputs[0]?.amount ?? 0n };
  next = (next + 1) % coins.length;
  sent++;
  peer.send({ type: 'TransactionBroadcast', body: { transactions: [encoded] } });
}

const received = new Map<Message['type'], number>();
const peers = Array.from({ length: job.peers }, () => new RawPeer(bench));
for (const [index, peer] of peers.entries()) {
  await peer.dial(job.address);
  let announced = 0;
  peer.onMessage = (message) => {
    received.set(message.type, (received.get(message.type) ?? 0) + 1);
    if (message.type !== 'TransactionAnnouncement') return;
    const wanted = message.body.txids.filter(() => (announced++ + index) % job.fetchOneOf === 0);
    if (wanted.length > 0) peer.send({ type: 'GetTransactions', body: { txids: wanted } });
  };
  peer.pingEvery(job.pingMs);
}

const report = (message: LoadPeersReport): void => {
  process.send?.(message);
};
report({ kind: 'connected' });
const startMs = performance.now();
setInterval(() => {
  const due = Math.floor(((performance.now() - startMs) * job.perSecond) / 1_000);
  while (sent < due) pay(peers[sent % peers.length] as RawPeer);
}, portionMs);
process.on('message', () => {
  const connected = peers.filter(({ isConnected }) => isConnected).length;
  report({ kind: 'counted', sent, connected, received: Object.fromEntries(received) });
});
process.on('disconnect', () => process.exit(0));
