import { Resolver } from 'node:dns/promises';
import type { SharedAddress } from '../../core/codec/message.ts';
import type { Input } from '../../core/inputs.ts';
import { formatNetworkAddress, isIp, isPublic, parseNetworkAddress } from '../../core/net/network-address.ts';
import type { Endpoint } from '../config/config-keys.ts';
import type { NodeNotice } from '../notice.ts';
import { resolveSeed, type SeedResolver } from './dns-seed.ts';
import { fetchList } from './http-list.ts';
import { type PeerList, parsePeerList } from './peer-list.ts';

/** Of the configuration. */
export interface DiscoverySources {
  /** Host names. */
  readonly dnsSeeds: readonly string[];
  /** http or https. */
  readonly urls: readonly string[];
}

export interface DiscoveryOptions {
  readonly sources: DiscoverySources;
  /** What the addresses of a DNS seed listen on. */
  readonly port: number;
  /** Names, and addresses that nobody on the Internet can reach, are taken too: on a network of one's own they are all there is. */
  readonly takesPrivate: boolean;
  readonly userAgent: string;
  /** Lists are downloaded through it, and the names of DNS seeds are left to it. */
  readonly proxy?: Endpoint | undefined;
  readonly input: (input: Extract<Input, { kind: 'discovered' }>) => void;
  readonly notice: (notice: NodeNotice) => void;
  readonly resolver?: SeedResolver & { cancel(): void };
}

/** c-ares doubles the wait with each try: 3 + 6 seconds. */
const resolverOptions = { timeout: 3_000, tries: 2 };

type SourceKind = 'dns' | 'http';

/** Asks DNS seeds and HTTP lists for addresses when core wants some. A source that fails is a word in the log and nothing more. */
export class Discovery {
  readonly #options: DiscoveryOptions;
  readonly #resolver: SeedResolver & { cancel(): void };
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  /** Of each source why it failed last; so that it is said once, and again when it changes. As many as are configured. */
  readonly #failures = new Map<string, string>();

  constructor(options: DiscoveryOptions) {
    this.#options = options;
    this.#resolver = options.resolver ?? new Resolver(resolverOptions);
  }

  /** Asks every source at once; while they are being asked, asking again does nothing. Resolves when all have answered or failed. */
  discover(): Promise<void> {
    if (this.#stop.signal.aborted) return Promise.resolve();
    this.#running ??= this.#askAll().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Resolves when nothing of it is under way. No input comes after that. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#resolver.cancel();
    await this.#running;
  }

  async #askAll(): Promise<void> {
    const { sources, userAgent, proxy } = this.#options;
    const { signal } = this.#stop;
    await Promise.all([
      ...sources.dnsSeeds.map((name) => this.#ask('dns', name, () => this.#seed(name))),
      ...sources.urls.map((url) => this.#ask('http', url, async () => this.#reachable(parsePeerList(await fetchList(url, { signal, userAgent, proxy }))))),
    ]);
  }

  /**
   * To ask for a name would tell a resolver who is here. A proxy resolves what it connects to, so with one the name itself is dialled: whoever answers there knows
   * others, as with Bitcoin Core.
   */
  async #seed(name: string): Promise<PeerList> {
    const { port, proxy } = this.#options;
    if (proxy !== undefined) return { found: [{ address: formatNetworkAddress(name, port), nodeId: undefined }], skipped: 0 };
    return this.#reachable({ found: await resolveSeed(this.#resolver, name, port), skipped: 0 });
  }

  #reachable({ found, skipped }: PeerList): PeerList {
    const taken = this.#options.takesPrivate ? found : found.filter(isReachable);
    return { found: taken, skipped: skipped + found.length - taken.length };
  }

  async #ask(source: SourceKind, name: string, read: () => Promise<PeerList>): Promise<void> {
    const { input, notice } = this.#options;
    try {
      const { found, skipped } = await read();
      if (this.#stop.signal.aborted) return;
      this.#failures.delete(name);
      notice({ kind: 'discovery-answered', source, name, found: found.length, skipped });
      input({ kind: 'discovered', source, found });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (this.#stop.signal.aborted || this.#failures.get(name) === reason) return;
      this.#failures.set(name, reason);
      notice({ kind: 'discovery-failed', source, name, reason });
    }
  }
}

/** A list must not make this node knock at doors of its own house: a name may lead there, and nobody knows before it is dialled. */
function isReachable({ address }: SharedAddress): boolean {
  const host = parseNetworkAddress(address)?.host;
  return host !== undefined && isIp(host) && isPublic(host);
}
