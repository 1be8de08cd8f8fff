import type { Txid } from '../../../src-shared/domain/ids.ts';
import type { RejectionCode } from '../../../src-shared/domain/rejection-code.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import type { SignatureItem } from '../effects.ts';
import { checkInputs } from '../ledger/check-inputs.ts';
import { checkTransaction } from '../ledger/check-transaction.ts';
import { checkMasternodePayload } from '../masternodes/check-masternode.ts';
import { RegistryTransition } from '../masternodes/registry-transition.ts';
import { MempoolCoins } from '../mempool/mempool-coins.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import type { Rejection } from '../rejection.ts';
import { type EngineContext, maxItemsInVerification } from './context.ts';
import { packed } from './relay.ts';
import type { VotingFlow } from './voting-flow.ts';

/** Where a transaction came from, and so who hears what becomes of it. */
type Origin =
  | { readonly kind: 'peer'; readonly connection: ConnectionId }
  | { readonly kind: 'command'; readonly request: number }
  /** It waited for its parent, and whoever sent it has been answered; or this node made it. Its signatures are good. */
  | { readonly kind: 'here' };

type CheckedHere = ReturnType<typeof checkInputs>;
export interface Pending {
  readonly hashed: HashedTransaction;
  readonly receivedMs: number;
}

/** Of one message, and of those whose signatures were verified together: some 3 ms of work, twice that while signatures are verified beside it. */
const maxPerStep = 24;

/** Transactions from peers and people: checked, verified, admitted, relayed, handed to the vote. */
export class TransactionFlow {
  readonly #context: EngineContext;
  readonly #voting: VotingFlow;
  readonly #coins: MempoolCoins;

  constructor(context: EngineContext, voting: VotingFlow) {
    this.#context = context;
    this.#voting = voting;
    this.#coins = new MempoolCoins(context.mempool, context.chain, () => context.tip.height + 1);
  }

  /** From a broadcast or an answer. A bad one ends the connection; what an honest relay may send in good faith does not. */
  received(connection: ConnectionId, encodedList: readonly Uint8Array[]): void {
    const rest = encodedList.slice(maxPerStep);
    this.#take(connection, encodedList.slice(0, maxPerStep));
    if (rest.length > 0)
      this.#context.later(() => {
        if (this.#context.peers.isReady(connection)) this.received(connection, rest);
      });
  }

  #take(connection: ConnectionId, encodedList: readonly Uint8Array[]): void {
    const fresh: HashedTransaction[] = [];
    for (const encoded of encodedList) {
      const hashed = this.#decode(encoded);
      if (hashed === undefined) return this.#context.violation(connection, { code: 'malformed', detail: 'a transaction that does not decode' });
      this.#context.relay.transactions.note(hashed.txid, connection);
      this.#context.listening.transaction(hashed);
      if (this.#context.fetch.holds(hashed.txid)) continue;
      const broken = checkTransaction(hashed) ?? checkMasternodePayload(hashed);
      if (broken !== undefined) return this.#context.violation(connection, broken);
      fresh.push(hashed);
    }
    this.#verifyAndAdmit(fresh, { kind: 'peer', connection });
  }

  /** From a person or an RPC client; answered always. */
  submit(request: number, encoded: Uint8Array): void {
    const hashed = this.#decode(encoded);
    if (hashed === undefined) return this.#answer(request, { code: 'malformed', detail: 'it does not decode' });
    const broken = checkTransaction(hashed) ?? checkMasternodePayload(hashed);
    if (broken !== undefined) return this.#answer(request, broken);
    if (this.#context.mempool.has(hashed.txid)) return this.#context.emit({ kind: 'answer', request, result: { txid: hashed.txid } });
    this.#verifyAndAdmit([hashed], { kind: 'command', request });
  }

  /** Fetches those that are unknown here. One that was rejected is not looked at again; one that had to go may have come back to life elsewhere. */
  announced(connection: ConnectionId, txids: readonly Txid[]): void {
    const { relay, fetch, departed } = this.#context;
    for (const txid of txids) relay.transactions.note(txid, connection);
    fetch.announced(
      connection,
      txids.filter((txid) => departed.get(txid)?.state !== 'rejected'),
    );
  }

  requested(connection: ConnectionId, txids: readonly Txid[]): void {
    const transactions = txids.flatMap((txid) => (this.#context.mempool.get(txid)?.hashed ?? this.#context.orphans.get(txid))?.encoded ?? []);
    for (const part of packed(transactions)) this.#context.intake.answer(connection, { type: 'TransactionBroadcast', body: { transactions: part } });
  }

  /** All that is pending, parents before children, with every vote known of it: nothing sent while a peer that keeps up was away is missed. */
  sendPending(connection: ConnectionId): void {
    const entries = this.#context.mempool.inAdmissionOrder();
    this.#context.exchange.tell(
      connection,
      entries.map(({ hashed }) => hashed.txid),
    );
  }

  /** Children of what became final in this step. */
  retryChildren(parents: readonly Txid[]): void {
    const children = parents.flatMap((parent) => this.#context.orphans.takeChildrenOf(parent));
    for (const child of children) this.#admit(child, { kind: 'here' }, undefined, this.check(child));
  }

  /** At start: what was pending when the node stopped. It was checked and verified before it was stored. */
  restore(hashed: HashedTransaction, receivedMs: number): void {
    if (this.#admit(hashed, { kind: 'here' }, receivedMs, this.check(hashed))) return;
    // One that waits for a parent now is stored again when it gets in; one that a peer brought meanwhile is here.
    if (!this.#context.mempool.has(hashed.txid)) this.#context.persist([{ kind: 'remove-transactions', txids: [hashed.txid] }]);
  }

  /** All that is pending leaves the mempool, to be looked at afresh by `restoreAll` when the chain is what it will be. In the order of admission. */
  takeAll(): readonly Pending[] {
    const { mempool } = this.#context;
    const pending = mempool.inAdmissionOrder();
    for (const { hashed } of pending) {
      mempool.remove(hashed.txid);
      for (const key of hashed.inputKeys) this.#context.coinEvent(key, { kind: 'released', txid: hashed.txid });
    }
    return pending;
  }
  /** As if each had just come. What is many takes several steps. */
  restoreAll(pending: readonly Pending[]): void {
    this.#context.inSlices(
      pending,
      ({ hashed, receivedMs }) => {
        this.restore(hashed, receivedMs);
        return true;
      },
      () => {},
    );
  }

  /** By this node itself. Answers whether it was admitted. */
  made(hashed: HashedTransaction): boolean {
    return this.#admit(hashed, { kind: 'here' }, undefined, this.check(hashed));
  }

  #decode(encoded: Uint8Array): HashedTransaction | undefined {
    try {
      return this.#context.reader.transactions.take(encoded);
    } catch {
      return undefined;
    }
  }

  #verifyAndAdmit(fresh: readonly HashedTransaction[], origin: Origin): void {
    const waiting: { hashed: HashedTransaction; items: number; checked: CheckedHere }[] = [];
    const tipHash = this.#context.tip.hash;
    const items: SignatureItem[] = [];
    for (const hashed of fresh) {
      const checked = this.check(hashed);
      if (!checked.ok && !isOrphan(checked.rejection)) {
        this.#context.fetch.done(hashed.txid);
        this.#refused(hashed, checked.rejection, origin);
        continue;
      }
      const own = this.#context.reader.transactionSignatures(hashed, this.#context.genesis.hash);
      if (this.#context.itemsInVerification + items.length + own.length > maxItemsInVerification) {
        this.#refused(hashed, { code: 'mempool-full', detail: 'too many signatures are waiting to be verified' }, origin);
        continue;
      }
      items.push(...own);
      waiting.push({ hashed, items: own.length, checked });
    }
    if (waiting.length === 0) return;
    for (const { hashed } of waiting) this.#context.verifying.add(hashed.txid);
    this.#context.verify(items, false, (valid) => {
      let at = 0;
      // What coins there are and may be spent changes with the tip, or grows.
      const sameTip = this.#context.tip.hash === tipHash;
      for (const { hashed, items: count, checked } of waiting) {
        this.#context.verifying.delete(hashed.txid);
        const allValid = valid.slice(at, at + count).every(Boolean);
        at += count;
        // Of one with a bad signature another copy may do: a txid does not cover the witnesses.
        if (allValid) this.#context.fetch.done(hashed.txid);
        if (!allValid) this.#refused(hashed, { code: 'bad-signature', detail: hashed.txid }, origin);
        else this.#admit(hashed, origin, undefined, sameTip && checked.ok ? checked : this.check(hashed));
      }
    });
  }

  /** The contextual rules, as they are after the tip. */
  check(hashed: HashedTransaction): CheckedHere {
    const orphan = this.#context.mempool.checkParents(hashed);
    if (orphan !== undefined) return { ok: false, rejection: orphan };
    const checked = checkInputs(hashed, {
      coins: this.#coins,
      height: this.#context.tip.height + 1,
      coinbaseMaturity: this.#context.params.coinbaseMaturity,
      terms: new RegistryTransition(this.#context.registry, this.#context.tip.height + 1),
    });
    // One that is in a block has spent its coins.
    const settled = checked.ok || checked.rejection.code !== 'missing-input' ? undefined : this.#refusalOfKnown(hashed.txid);
    return settled === undefined ? checked : { ok: false, rejection: settled };
  }

  /** Signatures are good, and `checked` is what holds now. Answers whether it was admitted. */
  #admit(hashed: HashedTransaction, origin: Origin, receivedMs: number | undefined, checked: CheckedHere): boolean {
    const { mempool, nowMs } = this.#context;
    if (mempool.has(hashed.txid)) return false;
    if (!checked.ok) {
      if (isOrphan(checked.rejection) && origin.kind !== 'command') this.#context.orphans.add(hashed, nowMs);
      this.#refused(hashed, checked.rejection, origin);
      return false;
    }
    const status = this.#voting.statusOf(hashed.txid);
    const admitted = mempool.admit({ hashed, fee: checked.value.fee, receivedMs: receivedMs ?? nowMs, status });
    if (!admitted.ok) {
      this.#refused(hashed, admitted.rejection, origin);
      return false;
    }
    for (const evicted of admitted.value.evicted) this.#voting.dropped(evicted, 'evicted');
    if (receivedMs === undefined) {
      this.#context.persist([{ kind: 'put-transaction', txid: hashed.txid, encoded: hashed.encoded, receivedMs: nowMs }]);
      this.#context.relay.transaction(hashed, origin.kind === 'peer' ? 'passed on' : 'own');
      if (origin.kind === 'peer') this.#context.peers.brought(origin.connection, nowMs);
    }
    for (const key of hashed.inputKeys) this.#context.coinEvent(key, { kind: 'known', txid: hashed.txid });
    this.#context.publish({ kind: 'transaction-pending', txid: hashed.txid });
    if (origin.kind === 'command') this.#context.emit({ kind: 'answer', request: origin.request, result: { txid: hashed.txid } });
    this.#voting.admitted(hashed);
    return true;
  }

  #refusalOfKnown(txid: Txid): Rejection | undefined {
    const height = this.#context.chain.transactionHeight(txid);
    return height === undefined ? undefined : { code: 'already-settled', detail: `in block ${height}` };
  }

  #refused(hashed: HashedTransaction, rejection: Rejection, origin: Origin): void {
    if (origin.kind === 'command') this.#answer(origin.request, rejection);
    else if (origin.kind === 'peer') this.#context.violation(origin.connection, rejection);
    if (saysOfTransaction(rejection)) this.#context.depart(hashed.txid, { state: 'rejected', reason: rejection.code, detail: rejection.detail });
  }

  #answer(request: number, rejection: Rejection): void {
    this.#context.emit({ kind: 'answer', request, result: rejection });
  }
}

/** Not of the moment, nor of one copy: a txid does not cover the witnesses, and anybody can put others in their place. */
const saysOfTransaction = (rejection: Rejection): boolean => !isOrphan(rejection) && !ofMomentOrCopy.has(rejection.code);
const ofMomentOrCopy: ReadonlySet<RejectionCode> = new Set<RejectionCode>([
  'already-settled',
  'mempool-full',
  'bad-signature',
  'witness-unused',
  'witness-missing',
]);

/** What its parents may still heal. */
const isOrphan = (rejection: Rejection): boolean => rejection.code === 'missing-input' || rejection.code === 'parent-not-final';
