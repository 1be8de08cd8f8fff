import { addressHref, transactionHref } from '../../explorer-places.ts';
import { text } from '../../text/text.ts';
import { Amount } from '../../ui/amount.tsx';
import { BlockHeight } from '../../ui/block-height.tsx';
import { Hash } from '../../ui/hash.tsx';
import { StatusWord } from '../../ui/status-word.tsx';
import { outputTones, stateTones, stateWords, type TransactionDetails } from './explorer-words.ts';
import { Fact, Facts } from './facts.tsx';
import { Lookup, Missing } from './lookup.tsx';
import { PlaceTitle } from './place-title.tsx';
import { useTransaction } from './use-transaction.ts';

const names = text.explorer.outpoint;
type Output = NonNullable<TransactionDetails['details']>['outputs'][number];

function InBlock({ height }: { readonly height: number | undefined }) {
  if (height === undefined) return <span className="muted">{names.inNoBlock}</span>;
  return (
    <span className="muted">
      {names.inBlock} <BlockHeight height={height} />
    </span>
  );
}

function SpentBy({ output: { state, spentby } }: { readonly output: Output }) {
  if (spentby === undefined) return <span className="muted">{state === 'spent' ? names.notFound : names.notSpent}</span>;
  return (
    <span className="line">
      <Hash value={spentby.txid} head={8} href={transactionHref(spentby.txid)} /> <InBlock height={spentby.height} />
    </span>
  );
}

function OutputCard({ info, output }: { readonly info: TransactionDetails; readonly output: Output }) {
  return (
    <section className="card">
      <Facts>
        <Fact name={names.amount}>
          <Amount time={output.value} />
        </Fact>
        <Fact name={names.address}>
          <Hash value={output.address} head={10} href={addressHref(output.address)} />
        </Fact>
        <Fact name={names.made}>
          <span className="line">
            <Hash value={info.txid} head={8} href={transactionHref(info.txid)} /> <InBlock height={info.blockheight} />
          </span>
        </Fact>
        <Fact name={names.spentBy}>
          <SpentBy output={output} />
        </Fact>
      </Facts>
    </section>
  );
}

export function OutpointPage({ txid, vout }: { readonly txid: string; readonly vout: number }) {
  return (
    <Lookup asked={useTransaction(txid, vout)} missing={text.explorer.noTransaction}>
      {(info) => {
        const output = info.details?.outputs[vout];
        return (
          <>
            <PlaceTitle
              title={names.title(vout)}
              tools={
                output !== undefined && (
                  <span data-testid="outpoint-state" data-state={output.state} role="status">
                    <StatusWord tone={outputTones[output.state]}>{text.explorer.outputStates[output.state]}</StatusWord>
                  </span>
                )
              }
            >
              <Hash value={`${txid}:${vout}`} head={12} />
            </PlaceTitle>
            {info.details === undefined ? (
              <Missing advice={text.explorer.notHere}>
                <StatusWord tone={stateTones[info.state]}>{stateWords(info, undefined)}</StatusWord>
              </Missing>
            ) : output === undefined ? (
              <Missing advice={text.explorer.noOutput(info.details.outputs.length)}>
                <Hash value={txid} head={8} href={transactionHref(txid)} />
              </Missing>
            ) : (
              <OutputCard info={info} output={output} />
            )}
          </>
        );
      }}
    </Lookup>
  );
}
