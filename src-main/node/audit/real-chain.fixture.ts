import { join } from 'node:path';
import { type HashedTransaction, hashTransaction } from '../../core/codec/transaction.ts';
import { sign } from '../../core/crypto/signature.ts';
import { allocation, coinOf, genesisOf, keyOf, lockOfKey, payment, TestNode } from '../../core/engine/test-node.fixture.ts';
import { genesisOperation } from '../../core/genesis.ts';
import type { StoreOperation } from '../../core/store-operation.ts';
import { buildMasternode, signTransaction } from '../../core/wallet/builder.ts';
import { openStorage } from '../storage/test-chain.ts';
import { areAllValid } from '../verify/signatures.ts';

const newcomer = keyOf(7);
const slotMs = 10_000;
const coins = 20;

/** One member, whose key also holds all coins: it decides alone, so a chain of real blocks takes no network. */
export const realGenesis = genesisOf(1, coins);

const pay = (index: number, fee = 1_000_000n): HashedTransaction =>
  payment(
    realGenesis,
    [coinOf(realGenesis, 1, index)],
    [
      { amount: allocation / 4n, lock: lockOfKey(3) },
      { amount: allocation - allocation / 4n - fee, lock: lockOfKey(0) },
    ],
  );

/** A Free masternode with the newcomer's key, paid for by coin `index`. */
function register(index: number): HashedTransaction {
  const lock = lockOfKey(0);
  const fields = { nodeId: newcomer.nodeId, tier: 'free' as const, collateral: undefined, ownerLock: lock, rewardLock: lock, serviceAddress: '' };
  const plan = { coins: [{ outpoint: coinOf(realGenesis, 1, index), amount: allocation, lock }], outputs: [{ amount: allocation - 100_000n, lock }] };
  const unsigned = buildMasternode({ kind: 'masternode-register', ...fields }, plan as never, 1);
  const keys = new Map([keyOf(0), newcomer].map((key) => [key === newcomer ? lockOfKey(7) : lock, key]));
  const signerOf = (of: typeof lock) => {
    const key = keys.get(of);
    return key && { publicKey: key.publicKey, sign: (message: Uint8Array) => sign(key.seed, message) };
  };
  return hashTransaction(signTransaction(unsigned, [lock], realGenesis.hash, signerOf, [lock, lockOfKey(7)]).transaction);
}

let made: readonly StoreOperation[] | undefined;

/** Sixteen slots with payments, a registration and two epochs that close; made once. */
export function realOperations(): readonly StoreOperation[] {
  if (made !== undefined) return made;
  const node = new TestNode(realGenesis, 0);
  node.verify = (item) => areAllValid([item]);
  const submit = (one: HashedTransaction): void => node.input({ kind: 'submit-transaction', request: 1, encoded: one.encoded });
  for (let slot = 0; slot < 16; slot++) {
    if (slot === 2) submit(register(19));
    else if (slot < 14) submit(pay(slot));
    node.pass(slotMs);
  }
  made = [genesisOperation(realGenesis, realGenesis.time), ...node.persisted];
  return made;
}

/** A file with that chain, written by storage itself. */
export async function writeRealChain(folder: string): Promise<string> {
  const file = join(folder, 'chain.sqlite');
  const { storage } = await openStorage(file);
  for (const operation of realOperations()) storage.persist([operation]);
  await storage.close();
  return file;
}
