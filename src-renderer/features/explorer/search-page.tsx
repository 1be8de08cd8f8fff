import { useEffect, useState } from 'react';
import { blockHref, transactionHref } from '../../explorer-places.ts';
import { hrefOf } from '../../routes.ts';
import { useNode } from '../../stores/client-context.ts';
import { useOverview } from '../../stores/topics.ts';
import type { Advice } from '../../text/advice.ts';
import { text } from '../../text/text.ts';
import { wordsOf } from '../../ui/client-error-words.ts';
import { LoadingPanel, Notice } from '../../ui/state-panel.tsx';
import { whyWords } from './explorer-words.ts';
import { Missing } from './lookup.tsx';
import { PlaceTitle } from './place-title.tsx';
import { hrefOfReading, isUnsaid, readInput, type Unsaid, type Why } from './read-input.ts';

type Answer = { readonly kind: 'asking' } | { readonly kind: 'masternode' | 'unknown' } | { readonly kind: 'failed'; readonly advice: Advice };

/** The page that was only on the way is no place to go back to. */
const goOn = (href: string): void => location.replace(href);

/** Looks for a block and a transaction with this hash, and for a masternode with this key, and goes where it finds one. */
function HashSearch({ hash }: { readonly hash: string }) {
  const { client } = useNode();
  const [answer, setAnswer] = useState<Answer>({ kind: 'asking' });
  const [round, setRound] = useState(0);
  // What is not there yet may be in the next block.
  const tip = useOverview()?.bestblockhash;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a round is another try, and a block another chance
  useEffect(() => {
    let current = true;
    const ask = async (): Promise<void> => {
      const [block, transaction, masternodes] = await Promise.all([
        client.call('getblockheader', { blockhash: hash }),
        client.call('gettransaction', { txid: hash }),
        client.call('masternodelist', { text: hash }),
      ]);
      if (!current) return;
      if (block.ok) return goOn(blockHref(hash));
      if (transaction.ok) return goOn(transactionHref(hash));
      const failed = [block, transaction].find((one) => !one.ok && one.error.code !== 'not-found');
      if (failed !== undefined && !failed.ok) return setAnswer({ kind: 'failed', advice: wordsOf(failed.error) });
      setAnswer({ kind: masternodes.ok && masternodes.value.some(({ nodeid }) => nodeid === hash) ? 'masternode' : 'unknown' });
    };
    void ask();
    return () => {
      current = false;
    };
  }, [client, hash, round, tip]);
  switch (answer.kind) {
    case 'asking':
      return <LoadingPanel />;
    case 'failed':
      return <Notice tone="bad" advice={answer.advice} onRetry={() => setRound((before) => before + 1)} />;
    case 'masternode':
      return (
        <Missing advice={text.explorer.masternodeKey}>
          <a className="link" href={hrefOf('masternodes')}>
            {text.explorer.toMasternodes}
          </a>
        </Missing>
      );
    case 'unknown':
      return <Missing advice={text.explorer.unknownHash} />;
  }
}

/** What cannot be looked up is answered here, and is not said again: it may be what nobody should see. */
function NothingThere({ why }: { readonly why: Why }) {
  const { what, walletWords, examples } = text.explorer.nothing;
  return (
    <>
      <PlaceTitle title={what} />
      <Missing advice={{ what: whyWords(why), next: why.kind === 'wallet-words' ? walletWords : examples }} />
    </>
  );
}

/** What is in no address, or was written into it by hand. */
export function UnsaidPage({ reading }: { readonly reading: Unsaid }) {
  return reading.kind === 'hash' ? <HashSearch hash={reading.hash} /> : <NothingThere why={reading.why} />;
}

/** What is in the address and does not say itself where it leads. */
export function SearchPage({ typed }: { readonly typed: string }) {
  const network = useOverview()?.chain;
  const reading = readInput(typed, network);
  const href = isUnsaid(reading) ? undefined : hrefOfReading(reading);
  useEffect(() => {
    if (href !== undefined) goOn(href);
  }, [href]);
  return isUnsaid(reading) ? <UnsaidPage reading={reading} /> : <LoadingPanel />;
}
