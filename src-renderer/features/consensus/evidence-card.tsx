import { useConsensus } from '../../stores/topics.ts';
import { text } from '../../text/text.ts';
import { Hash } from '../../ui/hash.tsx';
import { Section } from '../../ui/section.tsx';
import { useAsked } from '../wallet/use-asked.ts';

/** More are for who looks into them: getevidence has them all. */
const maxShown = 10;

/** Masternodes that were caught signing what contradicts itself. Nothing where nobody was. */
export function EvidenceCard() {
  const height = useConsensus()?.info.height;
  const evidence = useAsked('getevidence', { count: maxShown }, height).value ?? [];
  if (evidence.length === 0) return null;
  return (
    <Section title={text.consensus.evidence} aside={<span className="muted">{text.consensus.evidenceMeans}</span>}>
      <ul className="evidence">
        {evidence.map(({ hash, nodeid, description, contradiction }) => (
          <li key={hash} data-testid="evidence-row">
            <Hash value={nodeid} />
            <span className="mono muted">{contradiction === undefined ? description : text.consensus.contradiction(contradiction)}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
