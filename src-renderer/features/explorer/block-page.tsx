import type { Response } from '../../../src-shared/api/contract.ts';
import { blockHref, transactionHref } from '../../explorer-places.ts';
import { useOverview } from '../../stores/topics.ts';
import { formatBytes, formatCount, formatExactTime } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Ago } from '../../ui/ago.tsx';
import { Amount } from '../../ui/amount.tsx';
import { Hash } from '../../ui/hash.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useAsked } from '../wallet/use-asked.ts';
import { BlockTransactions } from './block-transactions.tsx';
import { CertificateCard } from './certificate-card.tsx';
import { Fact, Facts } from './facts.tsx';
import { Lookup } from './lookup.tsx';
import { PlaceTitle } from './place-title.tsx';

const names = text.explorer.block;
type Header = Response<'getblockheader'>;

function Neighbours({ height, hasNext }: { readonly height: number; readonly hasNext: boolean }) {
  return (
    <>
      {height > 0 && (
        <a className="quiet-button neighbour" href={blockHref(height - 1)} aria-label={names.previous(height - 1)} data-testid="block-previous">
          <Icon name="down" className="to-left" />
          {formatCount(height - 1)}
        </a>
      )}
      {hasNext && (
        <a className="quiet-button neighbour" href={blockHref(height + 1)} aria-label={names.next(height + 1)} data-testid="block-next">
          {formatCount(height + 1)}
          <Icon name="down" className="to-right" />
        </a>
      )}
    </>
  );
}

function HeaderCard({ block, self }: { readonly block: Header; readonly self: string | undefined }) {
  const isFirst = block.height === 0;
  return (
    <section className="card">
      <Facts>
        <Fact name={names.hash}>
          <Hash value={block.hash} head={8} />
        </Fact>
        <Fact name={names.time}>
          <Ago atMs={block.time} /> · <span className="muted">{formatExactTime(block.time)}</span>
        </Fact>
        <Fact name={names.confirmations}>{block.confirmations <= 1 ? <span className="muted">{names.tip}</span> : formatCount(block.confirmations - 1)}</Fact>
        <Fact name={names.proposer}>
          {isFirst ? (
            <span className="muted">{names.genesis}</span>
          ) : (
            <span className="line">
              <Hash value={block.proposer} head={8} />
              {block.proposer === self && <span className="tag">{text.common.thisNode}</span>}
            </span>
          )}
        </Fact>
        <Fact name={names.round}>{formatCount(block.round)}</Fact>
        <Fact name={names.size}>
          {formatBytes(block.size)} {block.closesepoch && <span className="tag">{names.closesEpoch}</span>}
        </Fact>
        <Fact name={isFirst ? names.made : names.paid}>
          {block.coinbase === undefined || block.coinbase.outputs === 0 ? (
            <span className="muted">{names.paidNobody}</span>
          ) : (
            <>
              <a className="to-explorer" href={transactionHref(block.coinbase.txid)}>
                <Amount time={block.coinbase.amount} />
              </a>{' '}
              <span className="muted">{isFirst ? names.madeIn(block.coinbase.outputs) : names.paidTo(block.coinbase.outputs)}</span>
            </>
          )}
        </Fact>
        {!isFirst && (
          <Fact name={names.previousHash}>
            <Hash value={block.previousblockhash} head={8} href={blockHref(block.previousblockhash)} />
          </Fact>
        )}
      </Facts>
      <details className="explorer-more">
        <summary>{names.header}</summary>
        <Facts>
          <Fact name={names.version}>{formatCount(block.version)}</Fact>
          <Fact name={names.transactionsRoot}>
            <Hash value={block.transactionsroot} head={8} />
          </Fact>
          <Fact name={names.utxoSetHash}>
            <Hash value={block.utxosethash} head={8} />
          </Fact>
          <Fact name={names.registryHash}>
            <Hash value={block.registryhash} head={8} />
          </Fact>
          <Fact name={names.snapshotHash}>
            <Hash value={block.snapshothash} head={8} />
          </Fact>
        </Facts>
      </details>
    </section>
  );
}

export function BlockPage({ of }: { readonly of: string | number }) {
  const overview = useOverview();
  const asked = useAsked('getblockheader', { blockhash: of }, overview?.bestblockhash);
  const missing = typeof of === 'number' ? text.explorer.noBlock.above(of, overview?.height ?? 0) : text.explorer.noBlock.hash;
  return (
    <Lookup asked={asked} missing={missing}>
      {(block) => (
        <>
          <PlaceTitle title={names.title(block.height)} tools={<Neighbours height={block.height} hasNext={block.nextblockhash !== undefined} />} />
          <HeaderCard block={block} self={overview?.nodeid} />
          <BlockTransactions hash={block.hash} height={block.height} count={block.ntx} />
          <CertificateCard certificate={block.certificate} self={overview?.nodeid} />
        </>
      )}
    </Lookup>
  );
}
