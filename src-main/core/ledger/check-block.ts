import type { BlockHash, Hash, NodeId, Txid } from '../../../src-shared/domain/ids.ts';
import type { RejectionCode } from '../../../src-shared/domain/rejection-code.ts';
import { type BlockCertificate, type HashedBlock, hashCertificate } from '../codec/block.ts';
import { blockVoteMessage } from '../codec/block-vote.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import { blockVersion, earlyBlockBytes, maxBlockBytes } from '../constants.ts';
import { fromHex } from '../crypto/hex.ts';
import { merkleRootOf } from '../crypto/merkle.ts';
import type { SignatureItem } from '../effects.ts';
import { type Params, slotOf } from '../params.ts';
import type { Rejection } from '../rejection.ts';
import { isQuorum, type Snapshot } from '../snapshot.ts';
import { checkTransaction } from './check-transaction.ts';

export interface BlockContext {
  readonly parent: { readonly height: number; readonly hash: BlockHash; readonly time: number };
  /** Decides this block. */
  readonly snapshot: Snapshot;
  /** Decided its parent: another one, if that closed its epoch. */
  readonly parentSnapshot: Snapshot;
  /** Whether a block of this time may close the epoch (protocol section 6, rule 4). */
  mayClose(timeMs: number): boolean;
  /** What is wrong with the late precommits, beside their signatures. */
  checkLate(block: HashedBlock): Rejection | undefined;
  /** Of the block's height. */
  proposerOf(round: number): NodeId;
  readonly genesisTime: number;
  readonly params: Pick<Params, 'blockIntervalMs'>;
}

const broken = (code: RejectionCode, detail: string): Rejection => ({ code, detail });

const roots = new WeakMap<readonly HashedTransaction[], Hash>();

/**
 * A leaf is a whole transaction, witnesses included, so that a block's hash belongs to one string of bytes. Asked of a proposed block before it is
 * relayed and again when it is checked, and of an own one when it is made, so each list's is remembered as long as the list is.
 */
export function transactionsRootOf(transactions: readonly HashedTransaction[]): Hash {
  const known = roots.get(transactions);
  if (known !== undefined) return known;
  const root = merkleRootOf(transactions.map(({ leaf }) => leaf));
  roots.set(transactions, root);
  return root;
}

/** Whether these are the transactions and the certificate that the header names. Its hash does not show it: whoever hands a block on can put others under the header. */
export const hasBodyOfHeader = (block: HashedBlock): boolean =>
  // The header of block 1 names no certificate, so it could not name late precommits either.
  (block.previousCertificate !== undefined || block.latePrecommits.length === 0) &&
  block.header.previousCertificateHash === hashCertificate(block.previousCertificate, block.latePrecommits) &&
  block.header.transactionsRoot === transactionsRootOf(block.transactions);

/** The first block in a slot pays the reward; a further one, in its parent's slot, is early (protocol section 7). The genesis is slot 0. */
export const isSlotBlock = (context: Pick<BlockContext, 'params' | 'genesisTime'>, parentTime: number, time: number): boolean =>
  slotOf(context.params, context.genesisTime, time) > slotOf(context.params, context.genesisTime, parentTime);

/**
 * Everything that makes a block valid by the chain alone and without its coins (protocol section 7). What asks for coins is
 * `applyBlock`; signatures and `utxoSetHash` are computed elsewhere; what depends on the clock or on what this node has seen is no part
 * of validity. In three parts, for who does not do all of it at once: the frame, each transaction, and what they are together.
 */
export function checkBlock(block: HashedBlock, context: BlockContext): Rejection | undefined {
  const body = new BodyCheck(block);
  const broken = checkFrame(block, context);
  if (broken !== undefined) return broken;
  for (const one of block.transactions) {
    const rejection = body.add(one);
    if (rejection !== undefined) return rejection;
  }
  return body.end() ?? checkSlot(block, context);
}

export const checkFrame = (block: HashedBlock, context: BlockContext): Rejection | undefined =>
  checkHeader(block, context) ?? checkParentCertificate(block, context);

/** The transactions of one block in order. */
export class BodyCheck {
  readonly #block: HashedBlock;
  readonly #txids = new Set<Txid>();
  #count = 0;

  constructor(block: HashedBlock) {
    this.#block = block;
  }

  add(one: HashedTransaction): Rejection | undefined {
    const isFirst = this.#count++ === 0;
    // The root needs it; asked here, it is made a few at a time.
    void one.leaf;
    if (isFirst) return one.transaction.kind === 'coinbase' ? undefined : broken('bad-coinbase', 'it is not the first transaction');
    if (one.transaction.kind === 'coinbase') return broken('bad-coinbase', 'there is more than one');
    if (this.#txids.has(one.txid)) return broken('duplicate-transaction', one.txid);
    this.#txids.add(one.txid);
    const rejection = checkTransaction(one);
    return rejection && { code: rejection.code, detail: `${one.txid}: ${rejection.detail}` };
  }

  end(): Rejection | undefined {
    const { encoded, header, transactions } = this.#block;
    if (this.#count === 0) return broken('bad-coinbase', 'it is not the first transaction');
    if (encoded.length > maxBlockBytes) return broken('too-large', `${encoded.length} bytes`);
    return header.transactionsRoot === transactionsRootOf(transactions) ? undefined : broken('bad-transactions-root', header.transactionsRoot);
  }
}

function checkHeader({ header }: HashedBlock, context: BlockContext): Rejection | undefined {
  const { parent, snapshot } = context;
  if (header.version !== blockVersion) return broken('bad-version', `version ${header.version}`);
  if (header.height !== parent.height + 1) return broken('bad-height', `${header.height} after ${parent.height}`);
  if (header.previousHash !== parent.hash) return broken('bad-parent', `${header.previousHash} at height ${parent.height} instead of ${parent.hash}`);
  if (header.time <= parent.time) return broken('bad-time', `${header.time} is not after the parent's ${parent.time}`);
  if (header.closesEpoch && !context.mayClose(header.time)) return broken('bad-epoch-flag', 'the epoch is not over');
  if (header.snapshotHash !== snapshot.hash) return broken('bad-snapshot-hash', header.snapshotHash);
  const proposer = context.proposerOf(header.round);
  return header.proposer === proposer ? undefined : broken('bad-proposer', `${header.proposer} in round ${header.round} instead of ${proposer}`);
}

function checkParentCertificate(block: HashedBlock, context: BlockContext): Rejection | undefined {
  const { header, previousCertificate, latePrecommits } = block;
  const { parent, parentSnapshot } = context;
  if (header.previousCertificateHash !== hashCertificate(block.previousCertificate, block.latePrecommits))
    return broken('bad-certificate', 'not the one whose hash is in the header');
  if (parent.height === 0)
    return previousCertificate === undefined && latePrecommits.length === 0 ? undefined : broken('bad-certificate', 'nobody decides the genesis');
  if (previousCertificate === undefined) return broken('bad-certificate', 'none of the parent');
  if (!certifies(previousCertificate, parent)) return broken('bad-certificate', 'not of the parent');
  return checkCertificate(previousCertificate, parentSnapshot) ?? context.checkLate(block);
}

const certifies = (certificate: BlockCertificate, block: BlockContext['parent']): boolean =>
  certificate.height === block.height && certificate.blockHash === block.hash;

/**
 * Not early, or with half a block of transactions; the coinbase, which fills nothing, does not count. A block that closes an epoch may be early with
 * less: nothing is committed until it is there.
 */
export function checkSlot({ header, transactions }: HashedBlock, context: BlockContext): Rejection | undefined {
  if (header.closesEpoch || isSlotBlock(context, context.parent.time, header.time)) return undefined;
  const bytes = transactions.slice(1).reduce((sum, { encoded }) => sum + encoded.length, 0);
  return bytes >= earlyBlockBytes ? undefined : broken('early-block-too-small', `${bytes} bytes of transactions in the parent's slot`);
}

/**
 * Whether the signers are distinct members in snapshot order (so that a set of precommits has one encoding) and weigh a quorum.
 * What it certifies is compared by who asks; the signatures are `certificateSignatureItems`.
 */
export function checkCertificate({ precommits }: BlockCertificate, snapshot: Snapshot): Rejection | undefined {
  let weight = 0;
  let next = 0;
  for (const { nodeId } of precommits) {
    while (next < snapshot.members.length && snapshot.members[next]?.nodeId !== nodeId) next++;
    const member = snapshot.members[next++];
    if (member === undefined)
      return broken('bad-certificate', snapshot.byNode.has(nodeId) ? `${nodeId} is there twice or out of order` : `${nodeId} is not a member`);
    weight += member.weight;
  }
  return isQuorum(weight, snapshot) ? undefined : broken('bad-certificate', `weight ${weight} of ${snapshot.totalWeight} is no quorum`);
}

/** One item for each precommit, in their order. */
export function certificateSignatureItems(certificate: BlockCertificate, genesisHash: Hash): SignatureItem[] {
  const { height, round, blockHash } = certificate;
  const message = blockVoteMessage(genesisHash, { height, round, phase: 'precommit', blockHash });
  return certificate.precommits.map(({ nodeId, signature }) => ({ publicKey: fromHex(nodeId), message, signature }));
}
