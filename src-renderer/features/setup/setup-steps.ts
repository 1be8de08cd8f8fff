import { create } from 'zustand';

export const setupSteps = ['network', 'wallet', 'role', 'port', 'done'] as const;
export type SetupStep = (typeof setupSteps)[number];

/** Kept for the tab, since the app loads the page anew when its node starts anew. It says where somebody is, and nothing that is secret. */
const storageKey = 'time.setup.step';
const isStep = (value: string | null): value is SetupStep => setupSteps.some((step) => step === value);

export const recallStep = (storage: Pick<Storage, 'getItem'>): SetupStep => {
  const stored = storage.getItem(storageKey);
  return isStep(stored) ? stored : 'network';
};

export const useSetupStep = create<{ readonly step: SetupStep }>()(() => ({
  step: globalThis.sessionStorage === undefined ? 'network' : recallStep(sessionStorage),
}));

export function goToStep(step: SetupStep, storage: Pick<Storage, 'setItem'> = sessionStorage): void {
  storage.setItem(storageKey, step);
  useSetupStep.setState({ step });
}

/** The one after it, or before it; the first and the last lead nowhere further. */
export const stepBeside = (step: SetupStep, by: 1 | -1): SetupStep => setupSteps[setupSteps.indexOf(step) + by] ?? step;
