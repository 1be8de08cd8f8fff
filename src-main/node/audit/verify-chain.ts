import type { Hash } from '../../../src-shared/domain/ids.ts';
import { type BlockCertificate, certificateCodec, decodeBlock, decodeBlockParts, type HashedBlock } from '../../core/codec/block.ts';
import { blockVoteMessage } from '../../core/codec/block-vote.ts';
import { decodeUndo } from '../../core/codec/undo.ts';
import { undoDepthBlocks } from '../../core/constants.ts';
import { fromHex } from '../../core/crypto/hex.ts';
import { finalizeMuHash } from '../../core/crypto/muhash.ts';
import type { SignatureItem } from '../../core/effects.ts';
import { applyContextOf, blockContextOf, type ChainPoint, registryAfter } from '../../core/engine/block-rules.ts';
import { applyBlock, revertChanges, undoOf } from '../../core/ledger/apply-block.ts';
import { certificateSignatureItems, checkBlock, checkCertificate, isSlotBlock } from '../../core/ledger/check-block.ts';
import { signatureItems } from '../../core/ledger/check-transaction.ts';
import { coinbaseOutputs, makeCoinbase } from '../../core/ledger/reward.ts';
import { creditable, lateVotesOf } from '../../core/masternodes/late-precommits.ts';
import { encodeRegistryState } from '../../core/masternodes/registry-state.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { ChainReader } from '../storage/chain-reader.ts';
import { hashCoins } from '../storage/coin-set-audit.ts';
import type { ReadableDatabase } from '../storage/sqlite.ts';
import { areAllValid } from '../verify/signatures.ts';
import { checkBlockRow } from './block-row.ts';
import { type BlockRow, ChainRows, type TipRow } from './chain-rows.ts';
import { type AuditGenesis, ChainWalk } from './chain-walk.ts';
import { CoinLayer } from './coin-layer.ts';
import { checkTipRow } from './start-check.ts';

/**
 * | level | adds |
 * |---|---|
 * | 0 | every block is there, is what its hash says, and follows the one before; the tip's row agrees |
 * | 1 | the registry and its snapshots from the genesis on; certificates, proposers, every signature, every rule without coins |
 * | 2 | coinbases to the unit, undo data and the index of transactions against the blocks |
 * | 3 | the whole coin set against the tip's header and against issuance; blocks taken off again, as far as undo data reaches |
 * | 4 | those put on again with every rule |
 */
export type CheckLevel = 0 | 1 | 2 | 3 | 4;
export const maxCheckLevel = 4;

export interface ChainCheckRequest {
  readonly level: CheckLevel;
  /** The last so many; 0 is all. */
  readonly blocks: number;
  readonly genesis: AuditGenesis;
}
export interface ChainCheck {
  /** Heights that were to be looked at. */
  readonly from: number;
  readonly to: number;
  /** Levels 3 and 4: the lowest height that was taken off again. */
  readonly revertedFrom: number | undefined;
  /** The first that was found, or undefined. */
  readonly problem: { readonly height: number; readonly what: string } | undefined;
}
/** How far one pass of it is; passes come in this order. */
export interface ChainCheckProgress {
  readonly pass: 'blocks' | 'coins' | 'back' | 'forward';
  readonly done: number;
  readonly total: number;
}

/** Ends the check at the first thing that is wrong; never leaves this file. */
class Problem extends Error {}
function wrong(what: string): never {
  throw new Problem(what);
}
function holds(condition: boolean, what: () => string): void {
  if (!condition) wrong(what());
}

interface CoinSet {
  readonly hash: Hash;
  /** Of all its coins together. */
  readonly units: bigint;
}
/**
 * What is wrong with the stored coins, against the tip's header and what the blocks have issued; undefined if nothing is. Where the hash agrees, every coin is one that some block made, so the supply is
 * asked for its own sake: it holds also where the hash, or what blocks may make, should ever be mistaken.
 */
export function misfitOfCoins(stored: CoinSet, expected: CoinSet): string | undefined {
  if (stored.hash !== expected.hash) return `the coin table hashes to ${stored.hash}, the header says ${expected.hash}`;
  return stored.units === expected.units ? undefined : `the coins are ${stored.units} units, and ${expected.units} were issued`;
}

/** Reads everything as of one instant on `db`, which is in a transaction. Undefined before the genesis. */
export function verifyChain(db: ReadableDatabase, request: ChainCheckRequest, onProgress: (progress: ChainCheckProgress) => void): ChainCheck | undefined {
  const tip = new ChainRows(db).tip();
  return tip && new ChainVerifier(db, request, tip, onProgress).run();
}

class ChainVerifier {
  readonly #db: ReadableDatabase;
  readonly #rows: ChainRows;
  readonly #request: ChainCheckRequest;
  readonly #tip: TipRow;
  readonly #onProgress: (progress: ChainCheckProgress) => void;
  readonly #walk: ChainWalk;
  readonly #from: number;
  /** The block below what levels 3 and 4 take off, and the chain there. */
  readonly #base: number;
  #atBase: ChainPoint | undefined;
  /** Of the block before the one that is looked at. */
  #previous: BlockRow | undefined;
  #at = 0;

  constructor(db: ReadableDatabase, request: ChainCheckRequest, tip: TipRow, onProgress: (progress: ChainCheckProgress) => void) {
    this.#db = db;
    this.#rows = new ChainRows(db);
    this.#request = request;
    this.#tip = tip;
    this.#onProgress = onProgress;
    this.#walk = new ChainWalk(request.genesis);
    this.#from = request.blocks === 0 ? 0 : Math.max(0, tip.height - request.blocks + 1);
    this.#base = Math.max(0, this.#from - 1, tip.height - undoDepthBlocks);
  }

  run(): ChainCheck {
    const { level } = this.#request;
    const result = { from: this.#from, to: this.#tip.height, revertedFrom: level >= 3 && this.#base < this.#tip.height ? this.#base + 1 : undefined };
    try {
      this.#checkBlocks();
      if (level >= 3) this.#checkCoins();
      return { ...result, problem: undefined };
    } catch (error) {
      // Whatever stops the reading of a block is what is wrong with it: bytes that do not decode, a damaged page, a rule broken in the registry.
      return {
        ...result,
        problem: { height: this.#at, what: error instanceof Problem ? error.message : `it cannot be read: ${error instanceof Error ? error.message : error}` },
      };
    }
  }

  #checkBlocks(): void {
    const { level, genesis } = this.#request;
    const { height: end } = this.#tip;
    this.#at = 0;
    holds(this.#tip.genesisHash === genesis.blockHash, () => `the chain begins with block ${this.#tip.genesisHash}, and not with ${genesis.blockHash}`);
    this.#previous = level === 0 && this.#from > 0 ? this.#rows.block(this.#from - 1) : undefined;
    // What comes before is walked over where the registry is asked for.
    for (let height = level >= 1 ? 0 : this.#from; height <= end; height++) {
      this.#at = height;
      this.#progress('blocks', height, end);
      const row = this.#rows.block(height) ?? wrong('the block is missing');
      if (height >= this.#from) this.#checkBlock(row);
      else this.#passOver(row);
      this.#previous = row;
      if (height === this.#base) this.#atBase = this.#walk.point;
    }
    this.#checkTip();
  }

  /** Of a block before those that are asked about: enough to go on from, and that the registry is the header's. */
  #passOver(row: BlockRow): void {
    if (this.#at === 0) return;
    const block = decodeBlockParts(row.encoded);
    this.#walk.step(block, row.hash);
    holds(this.#walk.point.registry.hash === block.header.registryHash, () => `the registry hashes to ${this.#walk.point.registry.hash}`);
  }

  #checkBlock(row: BlockRow): void {
    const { level, genesis } = this.#request;
    const block = decodeBlock(row.encoded);
    const misfit = checkBlockRow(row, block, this.#at, this.#previous?.hash);
    if (misfit !== undefined) wrong(misfit);
    if (this.#at === 0) return holds(row.hash === genesis.blockHash, () => `block 0 is ${row.hash}, and not ${genesis.blockHash}`);
    if (level === 0) return;
    this.#checkRules(row, block);
    if (level >= 2) this.#checkMoney(block);
    this.#walk.step(decodeBlockParts(row.encoded), row.hash);
    const { registry } = this.#walk.point;
    holds(registry.hash === block.header.registryHash, () => `the registry hashes to ${registry.hash}, the header says ${block.header.registryHash}`);
  }

  #checkRules(row: BlockRow, block: HashedBlock): void {
    const { point, rules } = this.#walk;
    const rejection = checkBlock(
      block,
      blockContextOf(point, rules, (round) => this.#walk.proposerOf(round)),
    );
    if (rejection !== undefined) wrong(`${rejection.code}: ${rejection.detail}`);
    const blocks = creditable(point.registry, point.tip);
    const { hash } = rules.genesis;
    const late = lateVotesOf(block, (height) => blocks.get(height)).map(
      (vote): SignatureItem => ({ publicKey: fromHex(vote.nodeId), message: blockVoteMessage(hash, vote), signature: vote.signature }),
    );
    const parent = block.previousCertificate === undefined ? [] : certificateSignatureItems(block.previousCertificate, hash);
    holds(areAllValid([...parent, ...late, ...block.transactions.flatMap((one) => signatureItems(one, hash))]), () => 'a signature in it is invalid');
    this.#checkOwnCertificate(row, point.registry.snapshot);
  }

  #checkOwnCertificate({ certificate: encoded, hash }: BlockRow, snapshot: Snapshot): void {
    const certificate: BlockCertificate = certificateCodec.decode(encoded ?? wrong('its certificate is missing'));
    holds(certificate.height === this.#at && certificate.blockHash === hash, () => 'its certificate is another block’s');
    const rejection = checkCertificate(certificate, snapshot);
    if (rejection !== undefined) wrong(`its certificate: ${rejection.detail}`);
    holds(areAllValid(certificateSignatureItems(certificate, this.#walk.rules.genesis.hash)), () => 'a signature of its certificate is invalid');
  }

  /** What the coinbase must pay follows from the chain and the fees; the fees follow from it, and from the undo data where that is kept. */
  #checkMoney(block: HashedBlock): void {
    const { point, rules } = this.#walk;
    const { header, transactions } = block;
    const [coinbase] = transactions;
    const paid = coinbase?.transaction.outputs.reduce((sum, { amount }) => sum + amount, 0n) ?? 0n;
    const fees = paid - this.#walk.rewardUnits(header.time);
    holds(fees >= 0n, () => `the coinbase pays ${paid} units, which is less than the reward`);
    const { snapshot } = point.registry;
    const isSlot = isSlotBlock({ params: rules.params, genesisTime: rules.genesis.time }, point.tip.timeMs, header.time);
    const outputs = coinbaseOutputs({
      snapshot,
      eligible: (member) => point.registry.isEligible(member),
      fees,
      proposer: header.proposer,
      isSlotBlock: isSlot,
    });
    const expected = makeCoinbase(header.height, header.time, outputs).txid;
    holds(coinbase?.txid === expected, () => `the coinbase is ${coinbase?.txid}, and not ${expected}`);
    for (const [position, { txid }] of transactions.entries()) {
      const place = this.#rows.placeOf(txid);
      holds(place?.height === header.height && place.position === position, () => `the index has transaction ${txid} elsewhere, or not at all`);
    }
    if (header.height > this.#tip.height - undoDepthBlocks) this.#checkUndo(block, fees);
  }

  #checkUndo({ header, transactions }: HashedBlock, fees: bigint): void {
    const undo = decodeUndo(this.#rows.undo(header.height) ?? wrong('its undo data is missing'));
    const registry = this.#rows.registryBefore(header.height);
    const isRegistry = registry === undefined || Buffer.compare(encodeRegistryState(this.#walk.point.registry), registry) === 0;
    holds(isRegistry, () => 'the registry stored with its undo data is not that of the chain');
    const fits = undo.length === transactions.length && transactions.every(({ inputKeys }, index) => undo[index]?.length === inputKeys.length);
    holds(fits, () => 'its undo data is another block’s');
    const spent = undo.flat().reduce((sum, { amount }) => sum + amount, 0n);
    const made = transactions.slice(1).reduce((sum, { transaction }) => transaction.outputs.reduce((all, { amount }) => all + amount, sum), 0n);
    holds(spent - made === fees, () => `its undo data says ${spent - made} units of fees, its coinbase ${fees}`);
  }

  #checkTip(): void {
    const misfit = checkTipRow(this.#rows, this.#tip);
    if (misfit !== undefined) wrong(misfit);
    if (this.#request.level >= 1)
      holds(Buffer.compare(encodeRegistryState(this.#walk.point.registry), this.#tip.registry) === 0, () => 'the stored registry is not that of the chain');
  }

  #checkCoins(): void {
    const { height, utxoSetHash } = this.#tip;
    this.#at = height;
    const { set, totalAmount } = hashCoins(this.#db, (done, total) => this.#onProgress({ pass: 'coins', done, total }));
    const misfit = misfitOfCoins({ hash: finalizeMuHash(set), units: totalAmount }, { hash: utxoSetHash, units: this.#walk.issuedUnits });
    if (misfit !== undefined) wrong(misfit);
    const coins = new CoinLayer(new ChainReader(this.#db), set);
    for (let at = height; at > this.#base; at--) this.#takeOff(coins, at);
    if (this.#request.level < 4) return;
    let point = this.#atBase ?? wrong('the chain was not walked over');
    for (let at = this.#base + 1; at <= height; at++) point = this.#putOn(coins, at, point);
  }

  #takeOff(coins: CoinLayer, height: number): void {
    this.#at = height;
    this.#progress('back', this.#tip.height - height, this.#tip.height - this.#base);
    const undo = this.#rows.undo(height) ?? wrong('its undo data is missing');
    const misfit = coins.apply(revertChanges(this.#blockAt(height), undo));
    if (misfit !== undefined) wrong(`taken off: ${misfit}`);
    const { utxoSetHash } = this.#blockAt(height - 1).header;
    holds(coins.hash === utxoSetHash, () => `taken off, it leaves the coin set ${coins.hash}, and not ${utxoSetHash}`);
  }

  #putOn(coins: CoinLayer, height: number, point: ChainPoint): ChainPoint {
    this.#at = height;
    this.#progress('forward', height - this.#base, this.#tip.height - this.#base);
    const { rules } = this.#walk;
    const block = this.#blockAt(height);
    const context = applyContextOf(point, rules, coins);
    const applied = applyBlock(block, context);
    if (!applied.ok) return wrong(`put on again: ${applied.rejection.code} ${applied.rejection.detail}`);
    holds(
      Buffer.compare(undoOf(applied.value), this.#rows.undo(height) ?? new Uint8Array()) === 0,
      () => 'put on again, it spends other coins than its undo data has',
    );
    const misfit = coins.apply(applied.value.changes);
    if (misfit !== undefined) wrong(`put on again: ${misfit}`);
    holds(coins.hash === block.header.utxoSetHash, () => `put on again, it makes the coin set ${coins.hash}`);
    const registry = registryAfter(point, rules, block, context.terms.operations);
    holds(registry.hash === block.header.registryHash, () => `put on again, it makes the registry ${registry.hash}`);
    return { tip: { height, hash: block.hash, timeMs: block.header.time }, registry };
  }

  #blockAt(height: number): HashedBlock {
    return decodeBlock((this.#rows.block(height) ?? wrong(`block ${height} is missing`)).encoded);
  }

  #progress(pass: ChainCheckProgress['pass'], done: number, total: number): void {
    this.#onProgress({ pass, done, total });
  }
}
