import { formatBytes, formatCount, formatExactTime } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Ago } from '../../ui/ago.tsx';
import { Amount } from '../../ui/amount.tsx';
import { BlockHeight } from '../../ui/block-height.tsx';
import { Hash } from '../../ui/hash.tsx';
import { QuorumLegend } from '../../ui/quorum-legend.tsx';
import { Section } from '../../ui/section.tsx';
import { EmptyPanel } from '../../ui/state-panel.tsx';
import { StatusWord } from '../../ui/status-word.tsx';
import { WeightBar } from '../../ui/weight-bar.tsx';
import { InputsTable, OutputsTable } from './coin-tables.tsx';
import { type Details, kindWords, stateTones, stateWords, sumOf, type TransactionDetails } from './explorer-words.ts';
import { Fact, Facts } from './facts.tsx';
import { Lookup } from './lookup.tsx';
import { PlaceTitle } from './place-title.tsx';
import { SaidCard } from './said-card.tsx';
import { useTransaction } from './use-transaction.ts';

const names = text.explorer.transaction;

function finalWords({ state, finalafterms }: TransactionDetails): string {
  if (finalafterms !== undefined) return names.finalAfter(finalafterms);
  return state === 'confirmed' ? names.byBlock : names.finalNotSeen;
}

/** No block will have it. */
const isOver = ({ state }: TransactionDetails): boolean => state === 'rejected' || state === 'dropped';

/** Votes are counted until a transaction is settled, and remembered for a minute. */
function Votes({ info }: { readonly info: TransactionDetails }) {
  const { acceptweight, commitweight, rejectweight, totalweight } = info;
  if (acceptweight + commitweight + rejectweight === 0) return null;
  const bars = [
    { name: text.consensus.accept, weight: acceptweight, other: 0 },
    { name: text.consensus.commit, weight: commitweight, other: 0 },
    ...(rejectweight > 0 ? [{ name: text.consensus.reject, weight: 0, other: rejectweight }] : []),
  ];
  return (
    <Section title={names.votes} aside={<QuorumLegend totalWeight={totalweight} />}>
      <div className="explorer-votes">
        {bars.map(({ name, weight, other }) => (
          <div key={name} className="explorer-vote">
            <span className="small muted">{name}</span>
            <WeightBar name={name} weight={weight} otherWeight={other} totalWeight={totalweight} />
            <span className="small number">{text.explorer.block.ofWeight(weight + other, totalweight)}</span>
          </div>
        ))}
      </div>
    </Section>
  );
}

function Summary({ info, details }: { readonly info: TransactionDetails; readonly details: Details }) {
  const { blockheight, blocktime, fee } = info;
  const hasFinality = info.state === 'final' || info.state === 'confirmed';
  return (
    <section className="card">
      <Facts>
        {hasFinality && details.kind === 'transfer' && <Fact name={names.finality}>{finalWords(info)}</Fact>}
        <Fact name={names.block}>
          {blockheight === undefined ? (
            <span className="muted">{isOver(info) ? names.never : names.noBlock}</span>
          ) : (
            <>
              <BlockHeight height={blockheight} /> {details.n !== undefined && <span className="muted">{names.inBlock(details.n)}</span>}
            </>
          )}
        </Fact>
        {blocktime !== undefined && (
          <Fact name={names.time}>
            <Ago atMs={blocktime} /> · <span className="muted">{formatExactTime(blocktime)}</span>
          </Fact>
        )}
        {/* Whoever makes one says when; the network’s first says nothing of that. */}
        {details.kind !== 'coinbase' && <Fact name={names.made}>{formatExactTime(details.timestamp)}</Fact>}
        <Fact name={names.kind}>{kindWords(details.kind, blockheight)}</Fact>
        <Fact name={names.amount}>
          <Amount time={sumOf(details.outputs.map(({ value }) => value))} />
        </Fact>
        {details.kind !== 'coinbase' && (
          <Fact name={names.fee}>
            {fee === undefined ? <span className="muted">{details.inputs.length === 0 ? names.noFee : names.unknownCoin}</span> : <Amount time={fee} />}
          </Fact>
        )}
        <Fact name={names.size}>{formatBytes(details.size)}</Fact>
        <Fact name={names.signatures}>{formatCount(details.signatures)}</Fact>
      </Facts>
    </section>
  );
}

export function TransactionPage({ txid }: { readonly txid: string }) {
  return (
    <Lookup asked={useTransaction(txid)} missing={text.explorer.noTransaction}>
      {(info) => (
        <>
          <PlaceTitle
            title={names.title}
            tools={
              <span data-testid="transaction-state" data-state={info.state} role="status">
                <StatusWord tone={stateTones[info.state]}>{stateWords(info, info.details?.kind)}</StatusWord>
              </span>
            }
          >
            <Hash value={txid} head={12} />
          </PlaceTitle>
          {info.details !== undefined && <Summary info={info} details={info.details} />}
          <Votes info={info} />
          {info.details === undefined ? (
            <section className="card">
              <EmptyPanel advice={text.explorer.notHere}>
                {info.reasondetail !== undefined && <span className="small whole">{info.reasondetail}</span>}
              </EmptyPanel>
            </section>
          ) : (
            <>
              {info.details.payload !== undefined && <SaidCard payload={info.details.payload} />}
              <InputsTable details={info.details} isGenesis={info.blockheight === 0} />
              <OutputsTable txid={txid} details={info.details} />
            </>
          )}
        </>
      )}
    </Lookup>
  );
}
