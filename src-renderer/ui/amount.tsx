import { formatAmount } from '../text/format.ts';
import { text } from '../text/text.ts';

interface AmountProps {
  /** Decimal string of TIME, as the contract has it. */
  readonly time: string;
  /** Shows a plus before what came in. */
  readonly signed?: boolean;
}

export function Amount({ time, signed = false }: AmountProps) {
  const plus = signed && !time.startsWith('-') ? '+' : '';
  return (
    <span>
      <span className="amount-figure">
        {plus}
        {formatAmount(time)}
      </span>{' '}
      <span className="amount-unit">{text.unit}</span>
    </span>
  );
}
