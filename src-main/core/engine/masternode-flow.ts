import { encodeAddress } from '../../../src-shared/domain/address.ts';
import type { NodeId, PublicKey } from '../../../src-shared/domain/ids.ts';
import type { HashedBlock } from '../codec/block.ts';
import { isMasternodeKind } from '../codec/masternode-payload.ts';
import type { RegistryMember } from '../codec/registry.ts';
import { blocksUntilNextEpoch } from '../masternodes/epoch-close.ts';
import type { Registry } from '../masternodes/registry.ts';
import { makeRevive } from '../wallet/builder.ts';
import type { EngineContext } from './context.ts';
import type { SyncFlow } from './sync-flow.ts';
import type { TransactionFlow } from './transaction-flow.ts';

/** A block is decided within its slot, or a round or two later: one that is older was fetched, or comes after a standstill. */
const freshTipSlots = 2;

/** What blocks do to masternodes, as people hear of it; and this node's own way back when it was away. */
export class MasternodeFlow {
  readonly #context: EngineContext;
  readonly #transactions: Pick<TransactionFlow, 'made'>;
  readonly #sync: Pick<SyncFlow, 'behindBy'>;
  /** Time of the block with which each became inactive, since the start; bounded by the registry. */
  readonly #inactiveSinceMs = new Map<NodeId, number>();

  constructor(context: EngineContext, transactions: Pick<TransactionFlow, 'made'>, sync: Pick<SyncFlow, 'behindBy'>) {
    this.#context = context;
    this.#transactions = transactions;
    this.#sync = sync;
  }

  /** `before`: the registry that the block found. */
  decided({ header, transactions }: HashedBlock, before: Registry): void {
    // Only these change who is a masternode; most blocks have neither, and the registry may be long.
    if (!header.closesEpoch && !transactions.some(({ transaction }) => isMasternodeKind(transaction.kind))) return;
    const { registry } = this.#context;
    for (const member of registry.members) {
      const old = before.member(member.nodeId);
      if (old === undefined || old.registeredHeight !== member.registeredHeight) this.#registered(member);
      else if (old.status !== member.status) this.#changed(old, member, before);
    }
    for (const { nodeId, tier } of before.members) {
      if (registry.member(nodeId) !== undefined) continue;
      this.#inactiveSinceMs.delete(nodeId);
      this.#context.publish({ kind: 'masternode-left', nodeId, tier, total: registry.members.length });
    }
  }

  /**
   * A masternode that was away too long says that it is back (protocol section 5): once an epoch, and again where the first was lost. After every block, so
   * that a node that comes back does it as soon as it has caught up.
   */
  reviveIfInactive(): void {
    const { options, registry, nowMs, mempool, genesis, halted } = this.#context;
    if (!options.masternode || halted || registry.member(options.self)?.status !== 'inactive' || !this.#hasCaughtUp()) return;
    const { epoch } = registry.progress;
    const key = { publicKey: options.self as string as PublicKey, sign: (message: Uint8Array) => options.signer.sign(message) };
    const revive = makeRevive(options.self, epoch, nowMs, genesis.hash, key);
    if (mempool.conflictsOf(revive).length > 0) return;
    if (this.#transactions.made(revive)) this.#context.publish({ kind: 'reviving', txid: revive.txid, epoch });
  }

  /** A tip of just now is the proof. What peers say they have counts only beside an old one, where a wait costs nothing that was not lost already. */
  #hasCaughtUp(): boolean {
    const { guard, nowMs, params, tip } = this.#context;
    if (guard.isBehind(tip.height + 1)) return false;
    return nowMs - tip.timeMs <= freshTipSlots * params.blockIntervalMs || this.#sync.behindBy() === 0;
  }

  #registered({ nodeId, tier, rewardLock, status }: RegistryMember): void {
    const { registry, tip, params } = this.#context;
    // The block that closes an epoch may hold registrations of the next one's members.
    const isMember = status === 'active';
    this.#context.publish({
      kind: 'masternode-registered',
      nodeId,
      tier,
      rewardAddress: encodeAddress(rewardLock, params.network.name),
      total: registry.members.length,
      activeEpoch: registry.progress.epoch + (isMember ? 0 : 1),
      activeHeight: tip.height + 1 + (isMember ? 0 : blocksUntilNextEpoch(registry, params.epochSlotBlocks)),
    });
  }

  #changed({ nodeId, signed }: RegistryMember, { status, tier }: RegistryMember, before: Registry): void {
    const { tip } = this.#context;
    if (status === 'active') {
      const sinceMs = this.#inactiveSinceMs.get(nodeId);
      this.#inactiveSinceMs.delete(nodeId);
      this.#context.publish({ kind: 'masternode-active', nodeId, tier, awayMs: sinceMs === undefined ? undefined : tip.timeMs - sinceMs });
    } else if (status === 'inactive') {
      this.#inactiveSinceMs.set(nodeId, tip.timeMs);
      this.#context.publish({ kind: 'masternode-inactive', nodeId, tier, signed: signed.length, counted: before.progress.counted.length });
    }
  }
}
