import type { Txid } from '../../../src-shared/domain/ids.ts';
import type { EngineEvent } from '../../core/events.ts';
import type { SentRecord, WalletStore } from '../keys/wallet-store.ts';

/** A person who sends more at once is a service with records of its own; the oldest that ended is forgotten first. */
const maxSent = 1_000;

/** Payments of this wallet that are in no block: stored before they leave, so that none is ever a matter of memory, and kept with how they ended. */
export class SentPayments {
  readonly #store: WalletStore;
  /** Oldest first. */
  readonly #sent: Map<Txid, SentRecord>;

  constructor(store: WalletStore, records: readonly SentRecord[]) {
    this.#store = store;
    this.#sent = new Map(records.map((record) => [record.txid, record]));
  }

  of(txid: Txid): SentRecord | undefined {
    return this.#sent.get(txid);
  }
  newestFirst(): SentRecord[] {
    return [...this.#sent.values()].reverse();
  }

  /** Resolves once it is stored. */
  async add(record: SentRecord): Promise<void> {
    this.#sent.set(record.txid, record);
    const oldest =
      this.#sent.size > maxSent ? ([...this.#sent.values()].find(({ ended }) => ended !== undefined) ?? this.#sent.values().next().value) : undefined;
    if (oldest !== undefined) this.#sent.delete(oldest.txid);
    await this.#store.save({ sent: [record], ...(oldest === undefined ? {} : { removedSent: [oldest.txid] }) }).catch((error) => {
      // It does not leave, and what made room for it is there still.
      this.#sent.delete(record.txid);
      if (oldest !== undefined) this.#sent.set(oldest.txid, oldest);
      throw error;
    });
  }

  /** The node did not take it, or it is in a block. */
  remove(txid: Txid): Promise<void> {
    return this.#sent.delete(txid) ? this.#store.save({ removedSent: [txid] }) : Promise.resolve();
  }

  /**
   * After a start: what happened to them while nobody was there. Those in a block are done; those that are not pending either were dropped, or never left.
   */
  async settle(isPending: (txid: Txid) => boolean, isInBlock: (txid: Txid) => Promise<boolean>): Promise<void> {
    for (const { txid, ended } of this.newestFirst()) {
      if (await isInBlock(txid)) await this.remove(txid);
      else if (ended === undefined && !isPending(txid)) await this.#end(txid, { stage: 'dropped', reason: undefined });
    }
  }

  /** Resolves once what the event says of one of them is stored. */
  onEvent(event: EngineEvent): Promise<void> {
    switch (event.kind) {
      case 'transaction-confirmed':
        return this.remove(event.txid);
      case 'transaction-rejected':
        return this.#end(event.txid, { stage: 'rejected', reason: event.reason });
      case 'transaction-dropped':
        return this.#end(event.txid, { stage: 'dropped', reason: event.reason });
      // Rejection was advice: a certificate overrides it.
      case 'transaction-certified':
      case 'transaction-final':
        return this.#end(event.txid, undefined);
      default:
        return Promise.resolve();
    }
  }

  #end(txid: Txid, ended: SentRecord['ended']): Promise<void> {
    const record = this.#sent.get(txid);
    if (record === undefined || (record.ended?.stage === ended?.stage && record.ended?.reason === ended?.reason)) return Promise.resolve();
    const changed = { ...record, ended };
    this.#sent.set(txid, changed);
    return this.#store.save({ sent: [changed] });
  }
}
