import type { Txid } from '../../../src-shared/domain/ids.ts';
import type { SignGuard } from '../consensus/sign-guard.ts';
import type { VoteTally } from '../finality/tally.ts';
import type { SigningRules } from '../finality/voter.ts';
import type { Mempool } from '../mempool/mempool.ts';
import type { GuardRecord } from '../store-operation.ts';
import type { EngineContext } from './context.ts';
import type { ProposedBlocks } from './proposed-blocks.ts';

/** What signing votes on transactions needs of the engine, and no more: `explore/` puts every situation of small cases before it. */
export interface TransactionVoteContext extends Pick<EngineContext, 'epoch' | 'isClosing' | 'publish'> {
  readonly guard: Pick<SignGuard, 'accept' | 'commit'>;
  readonly mempool: Pick<Mempool, 'get' | 'markStatus'>;
  readonly tally: Pick<VoteTally, 'isCertified'>;
}

/** Asks the guard for one bundle's accepts and commits (protocol section 6, rules 1, 2 and 4). */
export class TransactionVoteSigner implements SigningRules {
  readonly #context: TransactionVoteContext;
  readonly #proposed: Pick<ProposedBlocks, 'conflictsWith'>;
  /** To be durable before the bundle leaves. */
  readonly records: GuardRecord[] = [];

  constructor(context: TransactionVoteContext, proposed: Pick<ProposedBlocks, 'conflictsWith'>) {
    this.#context = context;
    this.#proposed = proposed;
  }

  accept(txid: Txid): boolean {
    const entry = this.#context.mempool.get(txid);
    if (entry === undefined || entry.status === 'rejected') return false;
    const answer = this.#context.guard.accept({ epoch: this.#context.epoch, txid, inputs: entry.hashed.inputKeys });
    if (answer.ok) this.records.push(...answer.records);
    return answer.ok;
  }

  commit(txid: Txid): 'signed' | 'later' | 'never' {
    const entry = this.#context.mempool.get(txid);
    if (entry === undefined) return 'never';
    const answer = this.#context.guard.commit({
      epoch: this.#context.epoch,
      txid,
      inputs: entry.hashed.inputKeys,
      hasCertificate: this.#context.tally.isCertified(txid),
      // What a block makes inapplicable leaves the mempool with it.
      applicable: true,
      closing: this.#context.isClosing,
      // A block that this node prevoted and does not have any more might conflict.
      prevotedBlockConflicts: (blockHash) => this.#proposed.conflictsWith(blockHash, entry.hashed) ?? true,
    });
    if (answer.ok) {
      this.records.push(...answer.records);
      this.#context.mempool.markStatus(txid, 'committed');
      return 'signed';
    }
    this.#context.publish({ kind: 'vote-refused', what: `commit ${txid}`, reason: answer.reason.code });
    return answer.reason.code === 'committed-another' ? 'never' : 'later';
  }
}
