import sodium from 'sodium-native';

/**
 * Memory for secrets that stay for a while: kept out of the swap where the system lets (there is a limit on how much a process may lock), and
 * overwritten when they are done with. `sodium_malloc` would guard it better, and fails in Electron, which allows no memory of others in a Buffer.
 */

/** The largest page of the systems that this runs on (macOS on ARM). Whole pages are locked, so nobody else's bytes may be on a secret's. */
const pageBytes = 16 * 1024;

export function secretMemory(lengthBytes: number): Buffer {
  const secret = Buffer.alloc(pageBytes + lengthBytes + pageBytes).subarray(pageBytes, pageBytes + lengthBytes);
  try {
    sodium.sodium_mlock(secret);
  } catch {
    // The limit is reached, or the platform has no such thing: it works all the same.
  }
  return secret;
}

/** Also for memory that is not from `secretMemory`. */
export function wipeSecret(secret: Buffer): void {
  sodium.sodium_memzero(secret);
  try {
    sodium.sodium_munlock(secret);
  } catch {
    // It was not locked.
  }
}
