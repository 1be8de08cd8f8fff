import { useEffect, useState } from 'react';
import type { Client } from '../../api/client.ts';
import type { ClientError, Outcome } from '../../api/client-error.ts';
import { blockHref, outpointHref, transactionHref } from '../../explorer-places.ts';
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

type Sought = Exclude<Unsaid, { readonly kind: 'nothing' }>;
type Find =
  | { readonly kind: 'there'; readonly href: string }
  | { readonly kind: 'missing' | 'masternode' }
  | { readonly kind: 'failed'; readonly error: ClientError };

const failure = (...outcomes: readonly Outcome<unknown>[]): Find => {
  const failed = outcomes.find((one) => !one.ok && one.error.code !== 'not-found');
  return failed === undefined || failed.ok ? { kind: 'missing' } : { kind: 'failed', error: failed.error };
};

/** A hash may be of a block or of a transaction, or be the key of a masternode. */
async function find(client: Client, sought: Sought): Promise<Find> {
  switch (sought.kind) {
    case 'height': {
      const block = await client.call('getblockheader', { blockhash: sought.height });
      return block.ok ? { kind: 'there', href: blockHref(sought.height) } : failure(block);
    }
    case 'outpoint': {
      const transaction = await client.call('gettransaction', { txid: sought.txid });
      return transaction.ok ? { kind: 'there', href: outpointHref(`${sought.txid}:${sought.vout}`) } : failure(transaction);
    }
    case 'hash': {
      const { hash } = sought;
      const [block, transaction, masternodes] = await Promise.all([
        client.call('getblockheader', { blockhash: hash }),
        client.call('gettransaction', { txid: hash }),
        client.call('masternodelist', { text: hash }),
      ]);
      if (block.ok) return { kind: 'there', href: blockHref(hash) };
      if (transaction.ok) return { kind: 'there', href: transactionHref(hash) };
      const otherwise = failure(block, transaction);
      const isMasternode = masternodes.ok && masternodes.value.some(({ nodeid }) => nodeid === hash);
      return otherwise.kind === 'missing' && isMasternode ? { kind: 'masternode' } : otherwise;
    }
  }
}

function missingAdvice(sought: Sought, tipHeight: number): Advice {
  switch (sought.kind) {
    case 'height':
      return text.explorer.noBlock.above(sought.height, tipHeight);
    case 'outpoint':
      return text.explorer.noTransaction;
    case 'hash':
      return text.explorer.unknownHash;
  }
}

/** Looks for it, and goes where the node finds it: from there on it is in the address. */
function SoughtPage({ sought }: { readonly sought: Sought }) {
  const { client } = useNode();
  const [found, setFound] = useState<Find>();
  const [round, setRound] = useState(0);
  const overview = useOverview();
  const asked = JSON.stringify(sought);
  // What is not there yet may be in the next block.
  const tip = overview?.bestblockhash;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a round is another try, and a block another chance
  useEffect(() => {
    let current = true;
    void find(client, sought).then((answer) => {
      if (!current) return;
      // The page that was only on the way is no place to go back to.
      if (answer.kind === 'there') location.replace(answer.href);
      else setFound(answer);
    });
    return () => {
      current = false;
    };
  }, [client, asked, round, tip]);
  switch (found?.kind) {
    case undefined:
    case 'there':
      return <LoadingPanel />;
    case 'failed':
      return <Notice tone="bad" advice={wordsOf(found.error)} onRetry={() => setRound((before) => before + 1)} />;
    case 'masternode':
      return (
        <Missing advice={text.explorer.masternodeKey}>
          <a className="link" href={hrefOf('masternodes')}>
            {text.explorer.toMasternodes}
          </a>
        </Missing>
      );
    case 'missing':
      return <Missing advice={missingAdvice(sought, overview?.height ?? 0)} />;
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
  return reading.kind === 'nothing' ? <NothingThere why={reading.why} /> : <SoughtPage sought={reading} />;
}

/** What is in the address and does not say itself where it leads. */
export function SearchPage({ typed }: { readonly typed: string }) {
  const network = useOverview()?.chain;
  const reading = readInput(typed, network);
  const href = isUnsaid(reading) ? undefined : hrefOfReading(reading);
  useEffect(() => {
    if (href !== undefined) location.replace(href);
  }, [href]);
  return isUnsaid(reading) ? <UnsaidPage reading={reading} /> : <LoadingPanel />;
}
