import { useHiddenAmounts } from '../stores/hidden-amounts.ts';
import { text } from '../text/text.ts';
import { Amount } from './amount.tsx';

interface OwnAmountProps {
  /** Decimal string of TIME, as the contract has it. */
  readonly time: string;
  readonly signed?: boolean;
}

/** What this wallet has or had, which a person can hide from who looks over their shoulder. */
export function OwnAmount({ time, signed = false }: OwnAmountProps) {
  const { hidden } = useHiddenAmounts();
  if (!hidden) return <Amount time={time} signed={signed} />;
  return (
    <span>
      <span className="amount-figure" aria-hidden="true">
        ••••
      </span>
      <span className="unseen">{text.wallet.hiddenAmount}</span> <span className="amount-unit">{text.unit}</span>
    </span>
  );
}
