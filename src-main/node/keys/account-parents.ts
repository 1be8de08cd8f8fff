import { type Branch, branchPath, derive, type ExtendedKey, masterKey, wipe } from '../../core/wallet/derivation.ts';
import { secretMemory, wipeSecret } from './secret-memory.ts';

const branches: readonly Branch[] = ['receive', 'change'];
const nodeBytes = 32 + 32;

/** The secret nodes below which the keys of each account lie, in one piece of memory. */
export class AccountParents {
  readonly accounts: number;
  readonly #memory: Buffer;

  /** `seed` is BIP39's, 64 bytes; the first `accounts` accounts of it. */
  constructor(seed: Uint8Array, accounts: number) {
    this.accounts = accounts;
    this.#memory = secretMemory(accounts * branches.length * nodeBytes);
    const master = masterKey(seed);
    for (let account = 0; account < accounts; account++) {
      for (const branch of branches) {
        const node = derive(master, branchPath(account, branch));
        const { key, chainCode } = this.of(account, branch);
        key.set(node.key);
        chainCode.set(node.chainCode);
        wipe(node);
      }
    }
    wipe(master);
  }

  /** Zeros once it was wiped. */
  of(account: number, branch: Branch): ExtendedKey {
    if (account >= this.accounts) throw new RangeError(`account ${account} of ${this.accounts}`);
    const at = (account * branches.length + branches.indexOf(branch)) * nodeBytes;
    return { key: this.#memory.subarray(at, at + 32), chainCode: this.#memory.subarray(at + 32, at + nodeBytes) };
  }

  wipe(): void {
    wipeSecret(this.#memory);
  }
}
