import { text } from '../../text/text.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { WeightBar } from '../../ui/weight-bar.tsx';
import { type LifeStep, lifeOf, type PaymentInfo, type StepState } from './payment-life.ts';

const marks: Record<StepState, IconName> = { done: 'check', now: 'circle', ahead: 'circle', failed: 'cross' };

function Step({ step }: { readonly step: LifeStep }) {
  const { votes } = step;
  return (
    <li className={`life-step ${step.state}`}>
      <Icon name={marks[step.state]} />
      <div>
        <p>{step.words}</p>
        {votes !== undefined && step.state !== 'ahead' && (
          <div className="life-votes">
            <WeightBar name={votes.name} weight={votes.weight} totalWeight={votes.totalWeight} />
            <span className="small muted">{text.wallet.life.ofWeight(votes.weight, votes.totalWeight)}</span>
          </div>
        )}
      </div>
    </li>
  );
}

/** What has happened to a payment and what is still to come. */
export function LifeSteps({ info }: { readonly info: PaymentInfo | undefined }) {
  return (
    <ol className="life">
      {lifeOf(info).map((step) => (
        <Step key={step.key} step={step} />
      ))}
    </ol>
  );
}
