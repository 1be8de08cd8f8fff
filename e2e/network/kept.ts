import { decodeRegistryState } from '../../src-main/core/masternodes/registry-state.ts';
import { dataFiles, networkDirectory } from '../../src-main/node/data-directory.ts';
import { ChainReader, type StoredState } from '../../src-main/node/storage/chain-reader.ts';
import { openForReading } from '../../src-main/node/storage/sqlite.ts';
import type { Txid } from '../../src-shared/domain/ids.ts';
import type { TestNode } from './node.ts';
import type { Word } from './testimony.ts';

/** What a node answered to whoever asked it. */
export interface Told {
  /** Payments that it took. */
  readonly accepted: Set<Txid>;
  /** Payments that it said are final. */
  readonly finals: Set<Txid>;
}

/**
 * What of all that a node said is missing in the files of the node, which does not run: in words, and nothing if they are of the moment of its last
 * message or a later one (protocol section 13). What is in a block by now is taken out of the sets.
 */
export function missingIn(node: TestNode, { tip, votes, proposals, epoch, choices, finals }: Word, told: Told): string[] {
  // Killed before it was up for the first time, it need not even have files.
  if (tip === undefined && votes.size === 0 && told.accepted.size === 0) return [];
  const reader = new ChainReader(openForReading(dataFiles(networkDirectory(node.addresses.datadir, 'devnet')).chain));
  try {
    const state = reader.loadState();
    const missing: string[] = [];
    const expect = (there: boolean, words: string): void => {
      if (!there) missing.push(words);
    };
    const height = state.chain?.height ?? -1;
    if (tip !== undefined) expect(reader.block(tip.height)?.hash === tip.hash, `block ${tip.height}, ${tip.hash}, of ${height}`);

    const isVoteKept = guardHas(state, 'block-vote', (vote) => `${vote.height} ${vote.round} ${vote.phase} ${vote.blockHash}`);
    for (const [key, vote] of votes) expect(vote.height <= height || isVoteKept(`${key} ${vote.blockHash}`), `${key} for ${vote.blockHash}`);
    const isProposalKept = guardHas(state, 'proposal', (one) => `${one.height} ${one.round} ${one.blockHash}`);
    const blocks = new Set(state.proposedBlocks.map(({ hash }) => hash));
    for (const [key, { height: of, blockHash }] of proposals)
      expect(of <= height || (isProposalKept(`${key} ${blockHash}`) && blocks.has(blockHash)), `proposal ${key} of ${blockHash}`);

    const pending = new Map(state.pending.map((one) => [one.txid, one]));
    const isInBlock = (txid: Txid): boolean => reader.transactionHeight(txid) !== undefined;
    if (state.chain !== undefined && decodeRegistryState(state.chain.registry).progress.epoch === epoch) {
      const [isAccepted, isCommitted] = [guardHas(state, 'accept', ({ txid }) => txid), guardHas(state, 'commit', ({ txid }) => txid)];
      for (const [txid, said] of choices) {
        if (isInBlock(txid)) continue;
        expect(!said.has('accept') || isAccepted(txid), `accept of ${txid}`);
        expect(!said.has('commit') || isCommitted(txid), `commit of ${txid}`);
      }
    }
    const expectOutsideBlocks = (txids: Set<Txid>, holds: (txid: Txid) => boolean, words: string): void => {
      for (const txid of txids) {
        if (isInBlock(txid)) txids.delete(txid);
        else expect(holds(txid), `${txid} ${words}`);
      }
    };
    expectOutsideBlocks(told.accepted, (txid) => pending.has(txid), 'which it took');
    for (const [who, txids] of [
      ['subscribers', finals],
      ['who asked', told.finals],
    ] as const)
      expectOutsideBlocks(txids, (txid) => pending.get(txid)?.finalAfterMs !== undefined, `which it told ${who} is final`);
    return missing;
  } finally {
    reader.close();
  }
}

type Records = StoredState['guardRecords'][number];
function guardHas<K extends Records['kind']>({ guardRecords }: StoredState, kind: K, keyOf: (record: Extract<Records, { kind: K }>) => string) {
  const keys = new Set(guardRecords.flatMap((record) => (record.kind === kind ? [keyOf(record as Extract<Records, { kind: K }>)] : [])));
  return (key: string): boolean => keys.has(key);
}
