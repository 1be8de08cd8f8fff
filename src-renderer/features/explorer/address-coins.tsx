import type { Request } from '../../../src-shared/api/contract.ts';
import { addressHref, outpointHref, placeOf } from '../../explorer-places.ts';
import { useParameter } from '../../routes.ts';
import { text } from '../../text/text.ts';
import { Amount } from '../../ui/amount.tsx';
import { BlockHeight } from '../../ui/block-height.tsx';
import { Hash } from '../../ui/hash.tsx';
import { EmptyPanel } from '../../ui/state-panel.tsx';
import { StatusWord } from '../../ui/status-word.tsx';
import { TableScroll } from '../../ui/table-scroll.tsx';
import { useAsked } from '../wallet/use-asked.ts';
import { outputTones } from './explorer-words.ts';
import { Lookup } from './lookup.tsx';
import { PageLinks } from './page-links.tsx';

const names = text.explorer.address;
const pageRows = 50;
type After = NonNullable<Request<'getaddressutxos'>['after']>;

/** `txid:vout` of the last coin of the page before; undefined for the first page. */
function afterOf(parameter: string | undefined): After | undefined {
  const place = placeOf(outpointHref(parameter ?? ''));
  return place.kind === 'outpoint' ? { txid: place.txid, vout: place.vout } : undefined;
}

/** What the address has in blocks, a page at a time. */
export function AddressCoins({ address, changed }: { readonly address: string; readonly changed: string }) {
  const parameter = useParameter('after');
  return <CoinsPage key={parameter} address={address} changed={changed} after={afterOf(parameter)} />;
}

interface CoinsPageProps {
  readonly address: string;
  readonly changed: string;
  readonly after: After | undefined;
}

function CoinsPage({ address, changed, after }: CoinsPageProps) {
  const asked = useAsked('getaddressutxos', { address, count: pageRows, ...(after === undefined ? {} : { after }) }, changed);
  const pageHref = (outpoint?: string): string => `${addressHref(address)}?show=coins${outpoint === undefined ? '' : `&after=${outpoint}`}`;
  return (
    <Lookup asked={asked} missing={names.noCoins}>
      {({ coins, complete }) => {
        const last = coins.at(-1);
        return (
          <>
            {coins.length === 0 ? (
              <EmptyPanel advice={names.noCoins} />
            ) : (
              <TableScroll>
                <table className="table">
                  <thead>
                    <tr>
                      <th scope="col">{names.coinColumns.coin}</th>
                      <th scope="col" className="number">
                        {names.coinColumns.made}
                      </th>
                      <th scope="col">{names.coinColumns.state}</th>
                      <th scope="col" className="number">
                        {names.coinColumns.amount}
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {coins.map(({ txid, vout, height, state, value }) => (
                      <tr key={`${txid}:${vout}`} data-testid="address-coin">
                        <td>
                          <Hash value={`${txid}:${vout}`} head={8} href={outpointHref(`${txid}:${vout}`)} />
                        </td>
                        <td className="number">
                          <BlockHeight height={height} />
                        </td>
                        <td>
                          <StatusWord tone={outputTones[state]}>{text.explorer.outputStates[state]}</StatusWord>
                        </td>
                        <td className="number">
                          <Amount time={value} />
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </TableScroll>
            )}
            <PageLinks
              first={after === undefined ? undefined : { href: pageHref(), words: names.first }}
              next={complete || last === undefined ? undefined : { href: pageHref(`${last.txid}:${last.vout}`), words: names.more }}
            />
          </>
        );
      }}
    </Lookup>
  );
}
