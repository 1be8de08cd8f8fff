import { createHash } from 'node:crypto';
import { type NetworkName, networks } from '../../src-shared/domain/networks.ts';
import type { Input } from '../core/inputs.ts';
import { isLoopback, normalizeHost } from '../core/net/network-address.ts';
import type { Endpoint } from './config/config-keys.ts';
import { Discovery } from './discovery/discovery.ts';
import { Countries } from './geo/countries.ts';
import { homeNetwork } from './nat/home-network.ts';
import { pcpNonceBytes } from './nat/pcp.ts';
import { externalOf, PortMapping } from './nat/port-mapping.ts';
import type { PortMappingView } from './nat/port-mapping-view.ts';
import type { NodeNotice } from './notice.ts';

export interface SurroundingsOptions {
  readonly network: NetworkName;
  readonly dnsSeeds: readonly string[];
  /** http or https. */
  readonly discoveryUrls: readonly string[];
  readonly portMapping: boolean;
  /** SOCKS 5; undefined: others are reached directly. */
  readonly proxy: Endpoint | undefined;
  /** DB-IP's countries; undefined where there is no such file. */
  readonly countryFile: URL | undefined;
  readonly userAgent: string;
  readonly secretKey: Uint8Array;
  readonly nowMs: () => number;
  readonly input: (input: Extract<Input, { kind: 'discovered' | 'port-mapped' }>) => void;
  readonly notice: (notice: NodeNotice) => void;
}

/** What the node asks the world for, beside its peers: where peers are, which country an address is in, and the router for an open port. */
export class Surroundings {
  readonly #options: SurroundingsOptions;
  readonly #discovery: Discovery;
  readonly #countries: Countries;
  #mapping: PortMapping | Extract<PortMappingView, { state: 'off' }> = { state: 'off', reason: 'not-listening' };

  constructor(options: SurroundingsOptions) {
    const { network, dnsSeeds, discoveryUrls, userAgent, proxy, input, notice } = options;
    this.#options = options;
    this.#discovery = new Discovery({
      sources: { dnsSeeds, urls: discoveryUrls },
      port: networks[network].p2pPort,
      takesPrivate: network === 'devnet',
      userAgent,
      proxy,
      input,
      notice,
    });
    this.#countries = new Countries(options.countryFile, (reason) => notice({ kind: 'no-countries', reason }));
  }

  /** Takes a normalised host. */
  readonly countryOf = (host: string): string | undefined => this.#countries.of(host);

  get portMapping(): PortMappingView {
    return this.#mapping instanceof PortMapping ? this.#mapping.view : this.#mapping;
  }

  discover(): void {
    void this.#discovery.discover();
  }

  /** The node takes connections here. */
  listening({ host, port }: { readonly host: string; readonly port: number }): void {
    const { portMapping, secretKey, nowMs, input, notice } = this.#options;
    const normal = normalizeHost(host);
    if (!portMapping || isLoopback(normal) || normal === 'localhost') {
      this.#mapping = { state: 'off', reason: portMapping ? 'loopback' : 'configured' };
      return;
    }
    const mapping = new PortMapping({
      port,
      world: homeNetwork(nonceOf(secretKey), nowMs, Math.random),
      onChange: (view) => {
        notice({ kind: 'port-mapping', view });
        input({ kind: 'port-mapped', external: externalOf(view) });
      },
    });
    this.#mapping = mapping;
    mapping.start();
  }

  /** Resolves within some two seconds, when nothing of it is left and the router has been told. */
  async stop(): Promise<void> {
    await Promise.all([this.#discovery.stop(), this.#mapping instanceof PortMapping ? this.#mapping.stop() : undefined]);
  }
}

/** The same after a restart, and nobody else's: the router refuses a mapping that is there to who comes with another. */
const nonceOf = (secretKey: Uint8Array): Uint8Array => createHash('sha256').update('TIME PCP nonce').update(secretKey).digest().subarray(0, pcpNonceBytes);
