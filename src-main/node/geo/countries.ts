import { readFile } from 'node:fs/promises';
import { Reader } from 'maxmind';
import { isIp, isPublic } from '../../core/net/network-address.ts';

/** Of the file's records this much is relied on, and checked. */
interface Lookup {
  get(ip: string): unknown;
}

/**
 * Which country an IP is in, from a file in memory: a look-up takes microseconds. The file is read when the first address that can be in it is asked for, since a
 * local network has none, and 8 MB is a lot for nothing.
 */
export class Countries {
  readonly #file: URL | undefined;
  readonly #onMissing: (reason: string) => void;
  #reading: Promise<void> | undefined;
  #lookup: Lookup | undefined;

  /** `file`: undefined knows none. `onMissing`: once, where it cannot be read. */
  constructor(file: URL | undefined, onMissing: (reason: string) => void) {
    this.#file = file;
    this.#onMissing = onMissing;
  }

  /** ISO 3166-1 alpha-2. Undefined where it is not known, for a name, for a private address, and until the file is read. Takes a normalised host. */
  of(host: string): string | undefined {
    if (!isIp(host) || !isPublic(host)) return undefined;
    if (this.#lookup === undefined) {
      void this.read();
      return undefined;
    }
    const code = (this.#lookup.get(host) as { readonly country_code?: unknown } | null)?.country_code;
    return typeof code === 'string' && /^[A-Z]{2}$/.test(code) ? code : undefined;
  }

  /** Resolves when the file is read, or has turned out not to be there. */
  read(): Promise<void> {
    this.#reading ??= this.#read();
    return this.#reading;
  }

  async #read(): Promise<void> {
    if (this.#file === undefined) return;
    try {
      this.#lookup = new Reader(await readFile(this.#file));
    } catch (error) {
      this.#onMissing(error instanceof Error ? error.message : String(error));
    }
  }
}
