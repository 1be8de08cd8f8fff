import type { BlockHash } from '../../../src-shared/domain/ids.ts';
import { type BlockCertificate, type BlockHeader, decodeBlockParts, hashHeader } from '../codec/block.ts';
import { undoDepthBlocks } from '../constants.ts';
import { certificateSignatureItems, checkCertificate } from '../ledger/check-block.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import type { EngineContext } from './context.ts';
import type { RegistryHistory } from './registry-history.ts';

/** As long as a connection may take for one message: who has not answered by then is asked anew when there is a reason again. */
const answerWithinMs = 60_000;

interface Found {
  readonly hash: BlockHash;
  readonly header: BlockHeader;
  readonly certificate: BlockCertificate;
}
/** Blocks up to `low` are taken to be the same; that of `high` is not, as far as the peer says. */
interface Search {
  readonly low: number;
  /** The peer has shown that, or it is the genesis; else it is as far back as anything is looked for. */
  readonly isLowShared: boolean;
  readonly high: number;
  readonly found: Found | undefined;
  readonly asked: number;
  readonly askedMs: number;
  /** It has sent blocks that follow nothing here, so it has to show what they follow. */
  readonly isAccused: boolean;
}

/**
 * Whether a peer's chain is another one (protocol section 8). One that says it has another block at a height that is decided here, or that sends blocks
 * which do not follow this node's, is asked for the first block that differs, by halving the last `undoDepthBlocks`. That block's certificate is the proof:
 * with this node's own it makes two of one height, and the node halts. A peer whose branch the operator has marked as invalid is let be.
 */
export class ForkWatch {
  readonly #context: EngineContext;
  readonly #registries: Pick<RegistryHistory, 'after'>;
  /** One a connection. */
  readonly #searches = new Map<ConnectionId, Search>();
  /** On a branch that was marked, or that nothing can be said about. */
  readonly #foreign = new Set<ConnectionId>();

  constructor(context: EngineContext, registries: Pick<RegistryHistory, 'after'>) {
    this.#context = context;
    this.#registries = registries;
  }

  /** What a peer says that it has. Above the tip it may well be the same chain. */
  claimed(connection: ConnectionId, height: number, tipHash: BlockHash): void {
    const { chain, tip } = this.#context;
    const own = height > tip.height ? undefined : chain.block(height);
    if (own === undefined) return;
    if (own.hash === tipHash) this.#foreign.delete(connection);
    else this.#begin(connection, height, false);
  }
  /** It has sent blocks that do not follow the tip. */
  accused(connection: ConnectionId): void {
    this.#begin(connection, this.#context.tip.height, true);
  }
  /** It has sent a block that is marked: it is on that branch, as this node was. */
  marked(connection: ConnectionId): void {
    this.#searches.delete(connection);
    this.#foreign.add(connection);
  }
  peerGone(connection: ConnectionId): void {
    this.#searches.delete(connection);
    this.#foreign.delete(connection);
  }
  /** This node's own chain or what the operator has marked is another than before. */
  afresh(): void {
    this.#searches.clear();
    this.#foreign.clear();
  }

  /** False: it is the answer to something else. */
  received(connection: ConnectionId, from: number, blocks: readonly Uint8Array[], certificate: BlockCertificate | undefined): boolean {
    const search = this.#searches.get(connection);
    if (search?.asked !== from) return false;
    this.#searches.delete(connection);
    const own = this.#context.chain.block(from);
    const [encoded] = blocks;
    // Blocks were taken off here meanwhile, or there.
    if (own === undefined || (encoded === undefined && !search.isAccused)) return true;
    const found = encoded === undefined || certificate === undefined ? undefined : foundIn(encoded, certificate, from);
    if (found === undefined) this.#violation(connection, `no block ${from} with its certificate`);
    else if (found.hash !== own.hash) this.#narrow(connection, { ...search, high: from, found });
    else if (search.found === undefined) this.#same(connection, search);
    else this.#narrow(connection, { ...search, low: from, isLowShared: true });
    return true;
  }

  #begin(connection: ConnectionId, height: number, isAccused: boolean): void {
    const { halted, nowMs, tip } = this.#context;
    const known = this.#searches.get(connection);
    const isWaiting = known !== undefined && Math.abs(nowMs - known.askedMs) < answerWithinMs;
    // Nobody decided the genesis, and with another one nobody is a peer.
    if (halted || height === 0 || isWaiting || this.#foreign.has(connection)) return;
    this.#searches.delete(connection);
    if (known?.isAccused === true) return this.#violation(connection, 'blocks that follow nothing');
    const low = Math.max(0, tip.height - undoDepthBlocks);
    this.#ask(connection, { low, isLowShared: low === 0, high: height, found: undefined, asked: height, askedMs: nowMs, isAccused });
  }

  #ask(connection: ConnectionId, search: Search): void {
    if (search.asked <= search.low) {
      this.#foreign.add(connection);
      return;
    }
    this.#searches.set(connection, search);
    this.#context.send([connection], { type: 'GetBlocks', body: { from: search.asked, count: 1 } });
  }

  #narrow(connection: ConnectionId, search: Search): void {
    const { low, isLowShared, high, found } = search;
    if (high - low > 1) this.#ask(connection, { ...search, asked: Math.floor((low + high) / 2), askedMs: this.#context.nowMs });
    else if (found !== undefined) this.#judge(connection, high, found, isLowShared);
  }

  /** It has the block that it denied. Who only claimed so may have moved on; who sent blocks that follow nothing made them up. */
  #same(connection: ConnectionId, { isAccused }: Search): void {
    if (isAccused) this.#violation(connection, 'blocks that follow nothing');
  }

  #judge(connection: ConnectionId, height: number, { hash, header, certificate }: Found, isLowShared: boolean): void {
    const { chain, genesis, invalid } = this.#context;
    const follows = header.previousHash === chain.block(height - 1)?.hash;
    if (!follows && isLowShared) return this.#violation(connection, `a block ${height} that does not follow the one before it`);
    // Of earlier blocks it is found by going through many, so it is asked for last.
    const snapshot = invalid.has(hash) || !follows ? undefined : this.#registries.after(height - 1)?.snapshot;
    // Marked; or it left this chain longer ago than can be judged here.
    if (snapshot === undefined) {
      this.#foreign.add(connection);
      return;
    }
    const broken = checkCertificate(certificate, snapshot);
    if (broken !== undefined) return this.#violation(connection, broken.detail);
    this.#context.verify(certificateSignatureItems(certificate, genesis.hash), true, (valid) => {
      if (!valid.every(Boolean)) return this.#violation(connection, `a bad signature in the certificate of block ${height}`);
      const own = chain.block(height);
      if (own?.certificate !== undefined && own.hash !== hash && !invalid.has(hash)) this.#context.halts.conflict(own.certificate, certificate);
    });
  }

  #violation(connection: ConnectionId, detail: string): void {
    this.#context.violation(connection, { code: 'bad-certificate', detail });
  }
}

function foundIn(encoded: Uint8Array, certificate: BlockCertificate, height: number): Found | undefined {
  try {
    const { header } = decodeBlockParts(encoded);
    const hash = hashHeader(header);
    return header.height === height && certificate.height === height && certificate.blockHash === hash ? { hash, header, certificate } : undefined;
  } catch {
    return undefined;
  }
}
