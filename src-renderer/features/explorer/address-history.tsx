import type { Response } from '../../../src-shared/api/contract.ts';
import { addressHref, blockHref, numberOf, transactionHref } from '../../explorer-places.ts';
import { useParameter } from '../../routes.ts';
import { text } from '../../text/text.ts';
import { Ago } from '../../ui/ago.tsx';
import { Amount } from '../../ui/amount.tsx';
import { Hash } from '../../ui/hash.tsx';
import { EmptyPanel } from '../../ui/state-panel.tsx';
import { StatusWord } from '../../ui/status-word.tsx';
import { TableScroll } from '../../ui/table-scroll.tsx';
import { useAsked } from '../wallet/use-asked.ts';
import { kindWords, stateTones, stateWords } from './explorer-words.ts';
import { Lookup } from './lookup.tsx';
import { PageLinks } from './page-links.tsx';

const names = text.explorer.address;
type Row = Response<'getaddresstransactions'>['transactions'][number];

/** `1180.3`: the third transaction of block 1,180. Undefined for the newest. */
function beforeOf(parameter: string | undefined): { readonly height: number; readonly n: number } | undefined {
  const [height, n] = (parameter ?? '').split('.').map(numberOf);
  return height === undefined || n === undefined ? undefined : { height, n };
}

function HistoryRow({ row }: { readonly row: Row }) {
  const { change } = row;
  return (
    <tr data-testid="address-transaction">
      <td>
        <Ago atMs={row.time} />
      </td>
      <td>
        <Hash value={row.txid} head={8} href={transactionHref(row.txid)} />
      </td>
      <td>{row.kind !== undefined && kindWords(row.kind, row.blockheight)}</td>
      <td>
        <StatusWord tone={stateTones[row.state]}>
          {row.blockheight === undefined ? (
            stateWords({ state: row.state }, row.kind)
          ) : (
            <a className="to-explorer" href={blockHref(row.blockheight)}>
              {names.inBlock(row.blockheight)}
            </a>
          )}
        </StatusWord>
      </td>
      <td className="number">
        {change === undefined ? (
          <span className="muted">{names.tooMuch}</span>
        ) : (
          <span className={change.startsWith('-') ? '' : 'good'}>
            <Amount time={change} signed />
          </span>
        )}
      </td>
    </tr>
  );
}

/** Newest first, a page at a time, each with an address of its own. */
export function AddressHistory({ address, changed }: { readonly address: string; readonly changed: string }) {
  const before = beforeOf(useParameter('before'));
  const key = before === undefined ? '' : `${before.height}.${before.n}`;
  return <HistoryPage key={key} address={address} changed={changed} before={before} />;
}

interface HistoryPageProps {
  readonly address: string;
  readonly changed: string;
  readonly before: { readonly height: number; readonly n: number } | undefined;
}

function HistoryPage({ address, changed, before }: HistoryPageProps) {
  const asked = useAsked('getaddresstransactions', { address, ...(before === undefined ? {} : { before }) }, changed);
  return (
    <Lookup asked={asked} missing={names.unused}>
      {({ transactions, next }) => (
        <>
          {transactions.length === 0 ? (
            <EmptyPanel advice={names.noMore} />
          ) : (
            <TableScroll>
              <table className="table">
                <thead>
                  <tr>
                    <th scope="col">{names.columns.time}</th>
                    <th scope="col">{names.columns.txid}</th>
                    <th scope="col">{names.columns.kind}</th>
                    <th scope="col">{names.columns.state}</th>
                    <th scope="col" className="number">
                      {names.columns.change}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {transactions.map((row) => (
                    <HistoryRow key={row.txid} row={row} />
                  ))}
                </tbody>
              </table>
            </TableScroll>
          )}
          <PageLinks
            first={before === undefined ? undefined : { href: addressHref(address), words: names.newest }}
            next={next && { href: `${addressHref(address)}?before=${next.height}.${next.n}`, words: names.older }}
          />
        </>
      )}
    </Lookup>
  );
}
