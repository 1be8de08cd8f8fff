import type { BlockHash, NodeId, OutpointKey, Txid } from '../../src-shared/domain/ids.ts';
import { decodeBlock } from '../core/codec/block.ts';
import type { BlockProposal, BlockVote } from '../core/codec/block-vote.ts';
import type { Message } from '../core/codec/message.ts';
import { holds } from './broken-invariant.ts';
import type { SimHost } from './host.ts';
import { bundleOf } from './shared-reader.ts';
import type { ChainFacts } from './vote-checker.ts';

interface ProposedBlock {
  readonly parent: BlockHash;
  readonly txids: ReadonlySet<Txid>;
  readonly spends: ReadonlySet<OutpointKey>;
  readonly closesEpoch: boolean;
}
interface Said {
  /** Of heights that it has not decided yet. */
  prevotes: { readonly height: number; readonly round: number; readonly blockHash: BlockHash }[];
  /** Of `epoch`. */
  readonly commits: Set<Txid>;
  epoch: number;
}

/**
 * Rules 2 and 3 of protocol section 6, seen from outside: no honest node commits a transfer and, in one height, prevotes a fresh block that spends its
 * coins otherwise, in whatever order. A broken rule makes a network disagree only in the worst of cases; here it shows at once.
 */
export class CommitChecker {
  readonly #facts: ChainFacts;
  readonly #blocks = new Map<BlockHash, ProposedBlock>();
  /** Rounds whose proposal is of a block that was proposed before: line 28 lifts rule 3. */
  readonly #notFresh = new Set<string>();
  readonly #said = new Map<NodeId, Said>();

  constructor(facts: ChainFacts) {
    this.#facts = facts;
  }

  /** Whoever sends it: what is in the blocks that are voted on. */
  proposed({ height, round, validRound, blockHash, block }: BlockProposal): void {
    if (validRound !== undefined) this.#notFresh.add(`${height}/${round} ${blockHash}`);
    if (this.#blocks.has(blockHash)) return;
    const decoded = decodeBlock(block);
    const transactions = decoded.transactions.slice(1);
    this.#blocks.set(blockHash, {
      parent: decoded.header.previousHash,
      txids: new Set(transactions.map(({ txid }) => txid)),
      spends: new Set(transactions.flatMap(({ claimKeys }) => claimKeys)),
      closesEpoch: decoded.header.closesEpoch,
    });
  }

  sent(host: SimHost, { type, body }: Message): void {
    if (type === 'BlockProposal') this.proposed(body);
    else if (type === 'BlockVote') this.#prevote(host, body);
    else if (type === 'TransactionVotes') for (const encoded of body.bundles) this.#bundle(host, encoded);
  }

  #prevote(host: SimHost, { nodeId, height, round, phase, blockHash }: BlockVote): void {
    if (nodeId !== host.nodeId || phase !== 'prevote' || blockHash === undefined || height <= host.height) return;
    if (this.#notFresh.has(`${height}/${round} ${blockHash}`)) return;
    const { prevotes, commits } = this.#of(host);
    prevotes.push({ height, round, blockHash });
    for (const txid of commits) {
      if ((this.#facts.inputsOf(txid) ?? []).some((key) => this.#facts.isSpent(nodeId, key))) commits.delete(txid);
      else holds(!this.#conflict(host, blockHash, txid), () => `${host.name} prevotes ${blockHash} in ${height}/${round}, and has committed ${txid}`);
    }
  }

  #bundle(host: SimHost, encoded: Uint8Array): void {
    const { bundle } = bundleOf(encoded);
    if (bundle.nodeId !== host.nodeId) return;
    const said = this.#of(host);
    said.prevotes = said.prevotes.filter(({ height }) => height > host.height);
    if (bundle.epoch !== said.epoch) return;
    for (const { txid, choice } of bundle.votes) {
      if (choice !== 'commit' || said.commits.has(txid)) continue;
      for (const { blockHash, height } of said.prevotes)
        holds(!this.#conflict(host, blockHash, txid), () => `${host.name} commits ${txid}, and has prevoted ${blockHash} at height ${height}`);
      said.commits.add(txid);
    }
  }

  #conflict({ tables }: SimHost, blockHash: BlockHash, txid: Txid): boolean {
    const block = this.#blocks.get(blockHash);
    // What an ancestor holds is settled, however often its votes are still sent, also where the operator has taken the ancestor off since.
    if (block === undefined || tables.transactionHeight(txid) !== undefined) return false;
    for (let at: ProposedBlock | undefined = block; at !== undefined; at = this.#blocks.get(at.parent)) if (at.txids.has(txid)) return false;
    return block.closesEpoch || (this.#facts.inputsOf(txid) ?? []).some((key) => block.spends.has(key));
  }
  #of({ nodeId, tables }: SimHost): Said {
    const known = this.#said.get(nodeId);
    if (known !== undefined) {
      if (known.epoch !== tables.epoch) known.commits.clear();
      known.epoch = tables.epoch;
      return known;
    }
    const said: Said = { prevotes: [], commits: new Set(), epoch: tables.epoch };
    this.#said.set(nodeId, said);
    return said;
  }
}
