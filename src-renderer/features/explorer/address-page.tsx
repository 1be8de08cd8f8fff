import { type AddressError, parseAddress } from '../../../src-shared/domain/address.ts';
import { addressHref } from '../../explorer-places.ts';
import { useParameter } from '../../routes.ts';
import { useOverview } from '../../stores/topics.ts';
import { text } from '../../text/text.ts';
import { Amount } from '../../ui/amount.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Segments } from '../../ui/segments.tsx';
import { EmptyPanel, Notice } from '../../ui/state-panel.tsx';
import { useAsked } from '../wallet/use-asked.ts';
import { AddressCoins } from './address-coins.tsx';
import { AddressHistory } from './address-history.tsx';
import { Fact } from './facts.tsx';
import { Lookup, Missing } from './lookup.tsx';
import { PlaceTitle } from './place-title.tsx';

const names = text.explorer.address;
type Tab = keyof typeof names.tabs;

function Owner({ address }: { readonly address: string }) {
  const own = useAsked('getaddressinfo', { address }, undefined).value;
  if (own === undefined) return null;
  return (
    <>
      {own.ismine && <span className="tag">{names.own}</span>}
      {own.label !== '' && <span className="cut">{own.label}</span>}
    </>
  );
}

function Known({ address }: { readonly address: string }) {
  const overview = useOverview();
  const tab: Tab = useParameter('show') === 'coins' ? 'coins' : 'history';
  // What is pending changes without a block.
  const changed = `${overview?.bestblockhash} ${overview?.mempool.size}`;
  const asked = useAsked('getaddressbalance', { address }, changed);
  return (
    <>
      <PlaceTitle title={names.title}>
        <span className="line">
          <span className="mono whole">{address}</span>
          <CopyButton value={address} label={text.common.copyWhole(address)} />
          <Owner address={address} />
        </span>
      </PlaceTitle>
      <Lookup asked={asked} missing={names.unused}>
        {(balance) => (
          <>
            <section className="card">
              <dl className="explorer-facts balance-facts" data-testid="address-balance">
                {(['spendable', 'pending', 'immature', 'locked'] as const).map((part) => (
                  <Fact key={part} name={names[part]}>
                    <Amount time={balance[part]} />
                  </Fact>
                ))}
              </dl>
              {!balance.complete && <Notice tone="warning" advice={{ what: names.atLeast(balance.coins), next: '' }} />}
            </section>
            {!balance.used ? (
              <section className="card" data-testid="address-unused">
                <EmptyPanel advice={names.unused} />
              </section>
            ) : (
              <section className="card">
                <div className="tools">
                  <Segments
                    label={names.show}
                    value={tab}
                    onChange={(chosen) => {
                      location.hash = chosen === 'coins' ? `${addressHref(address)}?show=coins` : addressHref(address);
                    }}
                    options={[
                      { value: 'history', label: names.tabs.history },
                      { value: 'coins', label: names.tabs.coins, count: balance.coins },
                    ]}
                    testId="address-tabs"
                  />
                </div>
                {tab === 'coins' ? <AddressCoins address={address} changed={changed} /> : <AddressHistory address={address} changed={changed} />}
              </section>
            )}
          </>
        )}
      </Lookup>
    </>
  );
}

export function AddressPage({ address }: { readonly address: string }) {
  const network = useOverview()?.chain;
  const parsed = network && parseAddress(address, network);
  if (parsed === undefined || parsed.ok) return <Known address={address} />;
  const error: AddressError = parsed.error;
  return <Missing advice={{ what: `${text.explorer.badAddress}.`, next: text.recipientErrors[error] }} />;
}
