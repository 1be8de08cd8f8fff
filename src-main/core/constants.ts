/**
 * Every limit that consensus or the wire depends on, named once, with its reason. Numbers are protocol.md's; the section is given.
 * Limits of one part only (queues, caches) live in that part.
 */

// Transactions (section 4)
export const transactionVersion = 1;
export const maxTransactionBytes = 1_000_000;
export const maxInputs = 1_000;
export const maxOutputs = 1_000;
/** An output below this costs more to spend than it is worth. */
export const dustUnits = 546n;
export const minFeeUnits = 1_000n;
export const feeUnitsPerByte = 4n;
/** 0.1 % of what is paid to others: the divisor. */
export const feePaidDivisor = 1_000n;
/** A coinbase's payload is eight bytes; the masternode kinds' payloads fit in this too. */
export const maxPayloadBytes = 1_024;

// Blocks (section 7)
export const blockVersion = 1;
export const maxBlockBytes = 2_000_000;
/** An early block must hold this many bytes of transactions: half a block. */
export const earlyBlockBytes = 1_000_000;
export const slotRewardUnits = 100n * 100_000_000n;
/** How far a fresh proposal's slot may be from the clock of who votes on it. */
export const proposalClockToleranceMs = 15_000;
/** No more transactions than the smallest ones that fit (about 150 bytes each). */
export const maxBlockTransactions = 14_000;
/** Undo data is kept for this many blocks, and more than that are never reverted (section 8). */
export const undoDepthBlocks = 1_000;
/** More than these are reverted only if it is said twice, and are an alarm of their own (section 8). */
export const revertAlertBlocks = 100;
/**
 * The registry is kept with the undo data of an epoch's first block, and of every height that this divides: those between follow by going through
 * the blocks again. The undo data that such a checkpoint serves is kept as long as the checkpoint.
 */
export const registryCheckpointBlocks = 32;

// Masternodes and votes (sections 5 and 6)
/** Each walks the registry: so many are a few milliseconds of a large one. */
export const maxMasternodeTransactionsPerBlock = 100;
/** Late precommits in one block: some 100 kB of it, and more than a thousand signatures to verify at most. */
export const maxLatePrecommits = 1_000;
/**
 * Registrations, and so members of a snapshot: a full block and a certificate with all their signatures, 96 bytes each, are one message, or whoever is asked for that
 * block could not send it. Bounds what one height's votes may take in memory, too.
 */
export const maxSnapshotMembers = 1_000;
/** Founders and allocations of a genesis: outputs of its one transaction. */
export const maxGenesisOutputs = 10_000;
/**
 * Free registrations, those of the genesis file among them: half of all. They cost a fee and nothing else, so whoever likes can fill the room for them; the room for
 * those with collateral is beside it. More than a few dozen hardly ever count, as together they weigh a tenth at most (section 5).
 */
export const maxFreeMembers = 500;
export const maxVotesPerBundle = 1_024;

// Wire (section 10)
export const wireMagic = 'TIME';
export const protocolVersion = 1;
/** A block with a certificate, and its frame. */
export const maxMessageBytes = 2_100_000;
export const maxUserAgentBytes = 64;

// Mempool (section 11)
export const maxMempoolTransactions = 10_000;
export const maxMempoolBytes = 300_000_000;
