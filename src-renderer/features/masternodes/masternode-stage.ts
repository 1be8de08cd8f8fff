import { create } from 'zustand';
import type { MasternodeInfo, TierName } from './masternode-info.ts';

export const registrationSteps = ['tier', 'collateral', 'address', 'reward', 'backup', 'review'] as const;
export type RegistrationStep = (typeof registrationSteps)[number];

/** What was decided so far. */
export interface Registration {
  readonly tier: TierName;
  /** txid:vout; undefined where the tier takes none, or while none is chosen. */
  readonly collateral: string | undefined;
  /** host:port; empty says nothing of where it is. Undefined: what the node proposes. */
  readonly address: string | undefined;
  /** Undefined: a new one of this wallet. */
  readonly rewardAddress: string | undefined;
}
export type ChangeAction = 'update' | 'exit' | 'revive';

export type MasternodeStage =
  | { readonly kind: 'own' }
  | { readonly kind: 'register'; readonly step: RegistrationStep; readonly registration: Registration }
  | { readonly kind: 'registered'; readonly txid: string }
  | { readonly kind: 'change'; readonly action: ChangeAction; readonly node: MasternodeInfo };

const own: MasternodeStage = { kind: 'own' };
/** Outlives the page, so that a look at another one loses nothing. Never a passphrase. */
export const useMasternodeStage = create<{ readonly stage: MasternodeStage }>()(() => ({ stage: own }));

const show = (stage: MasternodeStage): void => useMasternodeStage.setState({ stage });
export const backToOwn = (): void => show(own);
export const startRegistration = (): void =>
  show({ kind: 'register', step: 'tier', registration: { tier: 'bronze', collateral: undefined, address: undefined, rewardAddress: undefined } });
export const goToRegistrationStep = (step: RegistrationStep, registration: Registration): void => show({ kind: 'register', step, registration });
export const followRegistration = (txid: string): void => show({ kind: 'registered', txid });
export const startChange = (action: ChangeAction, node: MasternodeInfo): void => show({ kind: 'change', action, node });

/** Free takes no coin, so nothing is asked of one. */
export const stepsOf = (tier: TierName): readonly RegistrationStep[] => registrationSteps.filter((step) => tier !== 'free' || step !== 'collateral');

/** The one after it, or before it; undefined beyond the first and the last. */
export function registrationStepBeside(step: RegistrationStep, tier: TierName, by: 1 | -1): RegistrationStep | undefined {
  const steps = stepsOf(tier);
  return steps[steps.indexOf(step) + by];
}
