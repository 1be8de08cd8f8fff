import { addressHref, outpointHref } from '../../explorer-places.ts';
import { formatCount } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Hash } from '../../ui/hash.tsx';
import { Section } from '../../ui/section.tsx';
import type { Details } from './explorer-words.ts';
import { Fact, Facts } from './facts.tsx';

const names = text.explorer.transaction;
type Payload = NonNullable<Details['payload']>;
const outpointText = ({ txid, vout }: { readonly txid: string; readonly vout: number }): string => `${txid}:${vout}`;

const addressFact = (name: string, address: string) => (
  <Fact name={name}>
    <Hash value={address} head={10} href={addressHref(address)} />
  </Fact>
);
const serviceFact = (service: string) => (
  <Fact name={names.service}>{service === '' ? <span className="muted">{names.noService}</span> : <span className="mono whole">{service}</span>}</Fact>
);

function PayloadFacts({ payload }: { readonly payload: Payload }) {
  switch (payload.kind) {
    case 'masternode-register':
      return (
        <>
          <Fact name={names.tier}>{text.tiers[payload.tier]}</Fact>
          <Fact name={names.collateral}>
            {payload.collateral === undefined ? (
              <span className="muted">{text.common.none}</span>
            ) : (
              <Hash value={outpointText(payload.collateral)} head={8} href={outpointHref(outpointText(payload.collateral))} />
            )}
          </Fact>
          {addressFact(names.owner, payload.owneraddress)}
          {addressFact(names.rewardsTo, payload.rewardaddress)}
          {serviceFact(payload.serviceaddress)}
        </>
      );
    case 'masternode-update':
      return (
        <>
          {addressFact(names.rewardsTo, payload.rewardaddress)}
          {serviceFact(payload.serviceaddress)}
        </>
      );
    case 'masternode-revive':
      return <Fact name={names.epoch}>{formatCount(payload.epoch)}</Fact>;
    case 'masternode-exit':
      return null;
  }
}

/** The data of a masternode transaction, in words. */
export function SaidCard({ payload }: { readonly payload: Payload }) {
  return (
    <Section title={`${names.said} · ${text.explorer.kinds[payload.kind]}`}>
      <Facts>
        <Fact name={names.node}>
          <Hash value={payload.nodeid} head={8} />
        </Fact>
        <PayloadFacts payload={payload} />
      </Facts>
    </Section>
  );
}
