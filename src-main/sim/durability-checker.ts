import { type OutpointKey, outpointOf, type Txid } from '../../src-shared/domain/ids.ts';
import type { BlockProposal, BlockVote } from '../core/codec/block-vote.ts';
import type { Message } from '../core/codec/message.ts';
import { decodeRegistryState } from '../core/masternodes/registry-state.ts';
import { holds } from './broken-invariant.ts';
import type { SimHost } from './host.ts';
import { bundleOf } from './shared-reader.ts';

type InputsOf = (txid: Txid) => readonly OutpointKey[] | undefined;

/**
 * Persist before send (protocol section 13): what leaves a node and binds it is on its disk. A crash in the few milliseconds between would
 * show it too, and hardly ever comes just then.
 */
export function checkDurable(host: SimHost, { type, body }: Message, inputsOf: InputsOf): void {
  if (type === 'BlockVote') checkBlockVote(host, body);
  else if (type === 'BlockVotes') for (const vote of body.votes) checkBlockVote(host, vote);
  else if (type === 'BlockProposal') checkProposal(host, body);
  else if (type === 'TransactionVotes' || type === 'PendingTransactions') for (const encoded of body.bundles) checkBundle(host, encoded, inputsOf);
  else if (type === 'BlockAnnouncement' || type === 'BlockHeight') checkHeight(host, body.height);
  else if (type === 'Blocks' && body.blocks.length > 0) checkHeight(host, body.from + body.blocks.length - 1);
}

/** Of a height that was decided here nothing is kept, also where its block has been taken off since: others may bring what was signed. */
function checkBlockVote({ name, nodeId, durable }: SimHost, vote: BlockVote): void {
  if (vote.nodeId !== nodeId || vote.height <= durable.highest) return;
  const { height, round, phase, blockHash } = vote;
  const isStored = durable.guard.hasOfHeight(
    (record) => record.kind === 'block-vote' && record.height === height && record.round === round && record.phase === phase && record.blockHash === blockHash,
  );
  holds(isStored, () => `${name} sends a ${phase} of ${height}/${round} that is not on its disk`);
}

function checkProposal({ name, nodeId, durable }: SimHost, proposal: BlockProposal): void {
  if (proposal.nodeId !== nodeId || proposal.height <= durable.highest) return;
  const { height, round, blockHash } = proposal;
  const isStored = durable.guard.hasOfHeight(
    (record) => record.kind === 'proposal' && record.height === height && record.round === round && record.blockHash === blockHash,
  );
  holds(isStored, () => `${name} sends a proposal of ${height}/${round} that is not on its disk`);
}

function checkBundle({ name, nodeId, durable, views }: SimHost, encoded: Uint8Array, inputsOf: InputsOf): void {
  const { bundle } = bundleOf(encoded);
  // With the block that closes an epoch, what was voted in it binds nothing any more. Nor does what a block released that has been taken off: it signs nothing anew.
  // Its disk may learn later than itself that it is over.
  if (bundle.nodeId !== nodeId || bundle.epoch < durable.epoch || durable.guard.isSilent || views.consensus().signing.kind === 'after-revert') return;
  for (const { txid, choice } of bundle.votes) {
    if (choice === 'reject' || durable.guard.hasVote(choice, bundle.epoch, txid)) continue;
    // A block took it, or a coin of it, before the message left: it binds nothing any more.
    const isOver = durable.transactionHeight(txid) !== undefined || (inputsOf(txid) ?? []).some((key) => isSpent(durable, key));
    holds(isOver, () => `${name} sends ${choice} of ${txid}, which is not on its disk`);
  }
}

/** Made by the chain and not there any more, or a collateral: only who leaves may spend that, and nobody votes on it. */
function isSpent(tables: SimHost['durable'], key: OutpointKey): boolean {
  if (tables.coin(key) === undefined) return tables.transactionHeight(outpointOf(key).txid) !== undefined;
  const tip = tables.blocks.at(-1);
  return tip !== undefined && decodeRegistryState(tip.registry).isCollateral(key);
}

/** It may have taken it off since, before the message left. */
function checkHeight({ name, durable }: SimHost, height: number): void {
  holds(height <= durable.highest, () => `${name} tells of block ${height}, and has had ${durable.highest} on its disk`);
}
