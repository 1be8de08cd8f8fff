import type { Response } from '../../../src-shared/api/contract.ts';
import { text } from '../../text/text.ts';
import { Hash } from '../../ui/hash.tsx';
import { Section } from '../../ui/section.tsx';
import { EmptyPanel } from '../../ui/state-panel.tsx';
import { WeightBar } from '../../ui/weight-bar.tsx';

const names = text.explorer.block;
type Certificate = Response<'getblockheader'>['certificate'];
/** A list of thousands would hide what it shows; the bar counts everybody. */
const maxShown = 24;

/** Who signed that the block is decided, and how much of the weight that was. */
export function CertificateCard({ certificate, self }: { readonly certificate: Certificate; readonly self: string | undefined }) {
  if (certificate === undefined) {
    return (
      <Section title={names.certificate}>
        <EmptyPanel advice={names.noCertificate} />
      </Section>
    );
  }
  const { signers, weight, totalweight, round } = certificate;
  return (
    <Section
      title={names.certificate}
      aside={
        <span className="small muted" data-testid="certificate">
          {[
            names.signed(signers.length),
            ...(weight === undefined || totalweight === undefined ? [] : [names.ofWeight(weight, totalweight)]),
            ...(round === 0 ? [] : [names.inRound(round)]),
          ].join(' · ')}
        </span>
      }
    >
      {weight === undefined || totalweight === undefined ? (
        <p className="small muted">{names.noWeights}</p>
      ) : (
        <WeightBar name={names.certificate} weight={weight} totalWeight={totalweight} labelled />
      )}
      <ul className="signers">
        {signers.slice(0, maxShown).map((signer) => (
          <li key={signer.nodeid} className="line">
            <Hash value={signer.nodeid} head={8} />
            {signer.weight !== undefined && <span className="small muted">{names.weight(signer.weight)}</span>}
            {signer.nodeid === self && <span className="tag">{text.common.thisNode}</span>}
          </li>
        ))}
      </ul>
      {signers.length > maxShown && <p className="small muted">{names.moreSigners(signers.length - maxShown)}</p>}
    </Section>
  );
}
