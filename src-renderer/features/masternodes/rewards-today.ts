import type { Response } from '../../../src-shared/api/contract.ts';
import { formatTime, parseTime, sumOf } from '../../../src-shared/domain/amount.ts';

/** What one call gives; a masternode that is paid more often in a day is told that it was at least so much. */
export const maxRewards = 1_000;

export interface Rewards {
  /** Decimal string of TIME. */
  readonly time: string;
  /** There may be more. */
  readonly isPartial: boolean;
}

/** Of the wallet's newest rewards, those of the day. `dayStartMs`: of the node's clock. */
export function rewardsSince(rewards: Response<'listtransactions'>, dayStartMs: number): Rewards {
  const today = rewards.filter(({ time }) => time >= dayStartMs);
  return { time: formatTime(sumOf(today.map(({ amount }) => parseTime(amount) ?? 0n))), isPartial: today.length === maxRewards };
}

/** Midnight where the window is. */
export const startOfDay = (nowMs: number): number => new Date(nowMs).setHours(0, 0, 0, 0);
