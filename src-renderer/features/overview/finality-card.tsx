import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { hrefOf } from '../../routes.ts';
import { formatDuration } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Chart } from '../../ui/chart.tsx';
import { Section } from '../../ui/section.tsx';
import { EmptyPanel } from '../../ui/state-panel.tsx';
import { finalityChart } from './finality-chart.tsx';

type Finality = TopicValue<'overview'>['finality'];

function Figure({ name, ms }: { readonly name: string; readonly ms: number | undefined }) {
  if (ms === undefined) return null;
  return (
    <span>
      <span className="muted">{name}</span> <strong>{formatDuration(ms)}</strong>
    </span>
  );
}

export function FinalityCard({ finality }: { readonly finality: Finality }) {
  const { samples, medianms, p99ms } = finality;
  return (
    <Section
      title={text.overview.finality(samples.length)}
      aside={
        <div className="line finality-figures">
          <Figure name={text.overview.median} ms={medianms} />
          {/* Of one payment it would say the same again. */}
          {samples.length > 1 && <Figure name={text.overview.p99} ms={p99ms} />}
        </div>
      }
    >
      {samples.length === 0 ? (
        <EmptyPanel advice={text.overview.noFinality}>
          <a className="link" href={hrefOf('wallet')}>
            {text.overview.openWallet}
          </a>
        </EmptyPanel>
      ) : (
        <Chart
          kind={finalityChart}
          samples={samples}
          summary={text.overview.chartSummary(samples.length, formatDuration(medianms ?? 0), formatDuration(p99ms ?? 0))}
        />
      )}
    </Section>
  );
}
