import type { Response } from '../../../src-shared/api/contract.ts';

export type MasternodeInfo = Response<'masternodelist'>[number];
export type MasternodeStatus = Response<'masternodestatus'>;
export type TierRule = Response<'masternodetiers'>[number];
export type TierName = TierRule['tier'];
