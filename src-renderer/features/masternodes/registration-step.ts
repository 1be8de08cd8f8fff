import type { Registration } from './masternode-stage.ts';

/** What every step of the registration gets. */
export interface StepProps {
  readonly registration: Registration;
  /** Goes on with what was decided. */
  readonly onNext: (decided: Partial<Registration>) => void;
  readonly onBack: () => void;
}
