import { type ReactNode, useEffect, useRef, useState } from 'react';
import { type Place, placeOf, unsaidHref, useExplorerAddress } from '../../explorer-places.ts';
import { text } from '../../text/text.ts';
import { Page } from '../../ui/page.tsx';
import { AddressPage } from './address-page.tsx';
import { BlockPage } from './block-page.tsx';
import { BlocksList } from './blocks-list.tsx';
import { OutpointPage } from './outpoint-page.tsx';
import { inputOfPlace } from './read-input.ts';
import { type Search, SearchField } from './search-field.tsx';
import { SearchPage, UnsaidPage } from './search-page.tsx';
import { TransactionPage } from './transaction-page.tsx';
import './explorer.css';

/** Another place is another component, so that nothing of the one before is shown as its own. */
function shown(place: Place): ReactNode {
  const key = `${place.kind} ${inputOfPlace(place)}`;
  switch (place.kind) {
    case 'blocks':
      return <BlocksList key={place.before} before={place.before} />;
    case 'block':
      return <BlockPage key={key} of={place.of} />;
    case 'transaction':
      return <TransactionPage key={key} txid={place.txid} />;
    case 'address':
      return <AddressPage key={key} address={place.address} />;
    case 'outpoint':
      return <OutpointPage key={key} txid={place.txid} vout={place.vout} />;
    case 'search':
      return <SearchPage key={key} typed={place.text} />;
  }
}

export function ExplorerPage() {
  const address = useExplorerAddress();
  const place = placeOf(address);
  const [search, setSearch] = useState<Search>();
  // It is the answer of one moment, and is forgotten with its page.
  if (search !== undefined && address !== unsaidHref) setSearch(undefined);
  const content = useRef<HTMLDivElement>(null);
  const first = useRef(address);
  const [path] = address.split('?', 1);
  // Another place begins at its top, and takes the focus along as another page would. The first one was entered with the page.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another answer in the same place takes the focus too
  useEffect(() => {
    if (first.current.split('?', 1)[0] === path) return;
    first.current = '';
    const { current } = content;
    current?.closest('main')?.scrollTo(0, 0);
    const focusTitle = (): boolean => {
      const title = current?.querySelector<HTMLElement>('[data-place-title]');
      title?.focus({ preventScroll: true });
      return title !== null && title !== undefined;
    };
    if (focusTitle() || current === null) return;
    // It comes with the node's answer.
    const observer = new MutationObserver(() => focusTitle() && observer.disconnect());
    observer.observe(current, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, [path, search]);
  return (
    <Page title={text.pages.explorer} tools={<SearchField key={address} place={place} search={search} onSearch={setSearch} />}>
      <div className="explorer-place" ref={content}>
        {search === undefined ? shown(place) : <UnsaidPage key={search.turn} reading={search.reading} />}
      </div>
    </Page>
  );
}
