import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Response } from '../../../src-shared/api/contract.ts';
import type { ClientError } from '../../api/client-error.ts';
import { useNode } from '../../stores/client-context.ts';
import { text } from '../../text/text.ts';
import { Notice } from '../../ui/state-panel.tsx';
import { ChoiceCards } from './choice-cards.tsx';
import { MakeFrame } from './make-frame.tsx';
import type { MakingProps } from './making.ts';
import { StepFrame } from './step-frame.tsx';
import { useMakeWallet } from './use-make-wallet.ts';

type Draft = Response<'draftwallet'>;
type Length = '12' | '24';
/** The words are in the page only while they are shown; afterwards it knows the draft's name and the three that were typed. */
type Stage =
  | { readonly kind: 'length' }
  | { readonly kind: 'show'; readonly draft: Draft }
  | { readonly kind: 'ask'; readonly draft: Omit<Draft, 'words'> }
  | { readonly kind: 'passphrase'; readonly draft: Omit<Draft, 'words'>; readonly confirm: readonly string[] };

const names = text.setup.wallet;

function ShownWords({ draft, onBack, onNext }: { readonly draft: Draft; readonly onBack: () => void; readonly onNext: () => void }) {
  return (
    <StepFrame title={names.writeDown} means={names.writeDownMeans} onBack={onBack} onNext={onNext} nextWords={names.written}>
      <ol className="setup-words" data-testid="setup-words">
        {draft.words.split(' ').map((word, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: words may repeat, and never move
          <li key={index}>{word}</li>
        ))}
      </ol>
    </StepFrame>
  );
}

interface AskedWordsProps {
  readonly asked: readonly number[];
  readonly onBack: () => void;
  readonly onNext: (words: readonly string[]) => void;
  /** They were not those before. */
  readonly wereWrong: boolean;
}

function AskedWords({ asked, onBack, onNext, wereWrong }: AskedWordsProps) {
  const [typed, setTyped] = useState<Readonly<Record<number, string>>>({});
  const words = asked.map((position) => (typed[position] ?? '').trim().toLowerCase());
  return (
    <StepFrame title={names.askTitle} means={names.askMeans} onBack={onBack} onNext={() => onNext(words)} canGoOn={words.every((word) => word !== '')}>
      <div className="setup-fields">
        {asked.map((position) => (
          <TextInput
            key={position}
            label={names.word(position)}
            value={typed[position] ?? ''}
            onChange={(event) => setTyped({ ...typed, [position]: event.currentTarget.value })}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            data-testid={`word-${position}`}
          />
        ))}
      </div>
      {wereWrong && <Notice tone="bad" advice={text.setup.wallet.wrongBack} />}
    </StepFrame>
  );
}

/** New words, written down and said back, then a passphrase. */
export function CreateWallet({ replaced, mayBeEmpty, onBack, onMade }: MakingProps) {
  const { client } = useNode();
  const making = useMakeWallet();
  const [length, setLength] = useState<Length>('24');
  const [stage, setStage] = useState<Stage>({ kind: 'length' });
  const [error, setError] = useState<ClientError>();
  const wrongWords = making.error?.code === 'invalid-words' || making.error?.code === 'not-found';
  // Wrong words are typed again, with fields that are empty; a draft that is forgotten begins anew.
  useEffect(() => {
    if (making.error?.code === 'not-found') setStage({ kind: 'length' });
    if (making.error?.code === 'invalid-words') setStage((now) => (now.kind === 'passphrase' ? { kind: 'ask', draft: now.draft } : now));
  }, [making.error]);

  const show = (): void => {
    void client.call('draftwallet', { words: length === '12' ? 12 : 24 }).then((outcome) => {
      if (outcome.ok) setStage({ kind: 'show', draft: outcome.value });
      else setError(outcome.error);
    });
  };
  const again = (): void => setStage({ kind: 'length' });
  switch (stage.kind) {
    case 'length':
      return (
        <StepFrame title={names.length} means={names.lengthMeans} onBack={onBack} onNext={show} nextWords={names.show} error={error}>
          <ChoiceCards
            label={names.length}
            value={length}
            onChange={setLength}
            choices={(['24', '12'] as const).map((value) => ({ value, label: names.lengths[value] }))}
          />
        </StepFrame>
      );
    case 'show': {
      const { words: _, ...draft } = stage.draft;
      return <ShownWords draft={stage.draft} onBack={again} onNext={() => setStage({ kind: 'ask', draft })} />;
    }
    case 'ask':
      return (
        <AskedWords
          asked={stage.draft.asked}
          onBack={again}
          onNext={(confirm) => setStage({ kind: 'passphrase', draft: stage.draft, confirm })}
          wereWrong={wrongWords}
        />
      );
    case 'passphrase':
      return (
        <MakeFrame
          making={making}
          replaced={replaced}
          mayBeEmpty={mayBeEmpty}
          nextWords={names.make}
          onBack={() => setStage({ kind: 'ask', draft: stage.draft })}
          onMake={(passphrase, replace) =>
            void making.make('createwallet', { draft: stage.draft.draft, confirm: [...stage.confirm], passphrase, ...replace }).then((made) => made && onMade())
          }
        />
      );
  }
}
