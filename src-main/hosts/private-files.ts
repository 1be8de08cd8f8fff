/** No permission of a file that is for its owner. */
const othersMask = 0o077;

/** What this process makes is its user's alone, as Bitcoin Core has it, also in a folder that others may read: databases tell who owns which coins. */
export function privateFiles(): void {
  process.umask(othersMask);
}
