import type { NodeId } from '../../../src-shared/domain/ids.ts';
import type { AddressEntry } from './address-book.ts';
import type { Addresses } from './addresses.ts';
import { Admission, type AdmissionOptions, type Verdict } from './admission.ts';
import type { ConnectionId } from './connection-id.ts';
import type { Dial } from './connection-manager.ts';
import type { Tenant } from './eviction.ts';
import type { PeerConnection } from './peer-connection.ts';
import { dialRoom } from './places.ts';

/** The places as they are taken now, by connections and by dials under way: who may come, and whom to dial. */
export class Seats {
  readonly #admission: Admission;
  readonly #addresses: Addresses;
  /** The one accepted connection of each node. */
  readonly #accepted: ReadonlyMap<NodeId, PeerConnection>;

  constructor(options: AdmissionOptions & { readonly masternodes: readonly unknown[] }, addresses: Addresses, accepted: ReadonlyMap<NodeId, PeerConnection>) {
    this.#admission = new Admission(options, options.masternodes.length);
    this.#addresses = addresses;
    this.#accepted = accepted;
  }

  /** Whether one more gets a place. */
  admit(newcomer: Tenant, nowMs: number): Verdict {
    const { book, manager } = this.#addresses;
    const tenants = this.#tenants(nowMs);
    const configured = book.configured();
    const census = this.#admission.census(tenants, this.#attempts(newcomer.connection), configured);
    return this.#admission.admit(newcomer, tenants, census, { dialable: () => manager.dialable(), configured }, nowMs);
  }
  /** What is to be dialled now; from here on it is being dialled. */
  dials(nowMs: number): Dial[] {
    const { book, manager } = this.#addresses;
    const [tenants, attempts] = [this.#tenants(nowMs), this.#attempts(undefined)];
    const room = dialRoom(this.#admission.places, this.#admission.census(tenants, attempts, book.configured()));
    if (!manager.mayDial(room, nowMs)) return [];
    return manager.takeDialable(room, this.#admission.diversity(tenants, attempts), nowMs);
  }
  /** Of an epoch that begins, this node apart. */
  newSnapshot(masternodes: readonly unknown[]): void {
    this.#admission.newSnapshot(masternodes.length);
  }
  clockSetBack(byMs: number): void {
    this.#admission.clockSetBack(byMs);
  }

  #tenants(nowMs: number): Tenant[] {
    return [...this.#accepted.values()].map((connection) => connection.tenant(nowMs));
  }
  /** Addresses that are being dialled, but for those of connections that have a place, or (`except`) are to get one. */
  #attempts(except: ConnectionId | undefined): AddressEntry[] {
    const seated = new Set([...this.#accepted.values()].map(({ connection }) => connection));
    return this.#addresses.manager
      .underWay()
      .filter(({ state }) => state.kind !== 'handshaking' || (state.connection !== except && !seated.has(state.connection)));
  }
}
