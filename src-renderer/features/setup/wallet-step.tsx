import { useState } from 'react';
import { useWallet } from '../../stores/topics.ts';
import { text } from '../../text/text.ts';
import { LoadingPanel } from '../../ui/state-panel.tsx';
import { StatusWord } from '../../ui/status-word.tsx';
import { ChoiceCards } from './choice-cards.tsx';
import { CreateWallet } from './create-wallet.tsx';
import type { MakingProps, Replaced } from './making.ts';
import { RestoreFile } from './restore-file.tsx';
import { RestoreWords } from './restore-words.tsx';
import { goToStep } from './setup-steps.ts';
import { StepFrame } from './step-frame.tsx';
import type { Setup } from './use-setup.ts';

type Choice = keyof typeof text.setup.wallet.choices;
const names = text.setup.wallet;

function Made() {
  const scanning = useWallet()?.info?.scanning;
  return (
    <StepFrame title={names.made} onNext={() => goToStep('role')}>
      <div aria-live="polite" data-testid="wallet-made">
        {/* What is still looked for is not done yet. */}
        <StatusWord tone={scanning == null ? 'good' : 'muted'}>{scanning == null ? names.made : names.scanning(scanning.checked, scanning.found)}</StatusWord>
      </div>
    </StepFrame>
  );
}

export function WalletStep({ setup }: { readonly setup: Setup }) {
  const wallet = useWallet();
  const [chosen, setChosen] = useState<Choice>();
  const [stage, setStage] = useState<'choose' | 'make' | 'made'>('choose');
  // What was there when the making began: a new one is there before the page hears that it is made.
  const [replaced, setReplaced] = useState<Replaced>();
  if (wallet === undefined) return <LoadingPanel />;
  if (stage === 'made') return <Made />;
  const { info } = wallet;
  const mayBeEmpty = setup.network === 'practice' || setup.network === 'devnet';
  const choice = chosen ?? (info === null ? 'create' : 'keep');
  const making: MakingProps = { replaced, mayBeEmpty, onBack: () => setStage('choose'), onMade: () => setStage('made') };
  if (stage === 'make' && choice === 'create') return <CreateWallet {...making} />;
  if (stage === 'make' && choice === 'words') return <RestoreWords {...making} />;
  if (stage === 'make' && choice === 'file') return <RestoreFile {...making} />;

  const choices: readonly Choice[] = info === null ? ['create', 'words', 'file', 'none'] : ['keep', 'create', 'words', 'file'];
  const isPlay = info !== null && mayBeEmpty && !info.passphraserequired;
  const goOn = (): void => {
    if (choice === 'keep' || choice === 'none') return goToStep('role');
    setReplaced(info === null ? undefined : { asksPassphrase: info.passphraserequired });
    setStage('make');
  };
  return (
    <StepFrame title={names.title} means={info === null ? undefined : isPlay ? names.play : names.there} onBack={() => goToStep('network')} onNext={goOn}>
      <ChoiceCards
        label={names.choose}
        value={choice}
        onChange={setChosen}
        choices={choices.map((value) => ({ value, label: names.choices[value], about: names.about[value] }))}
      />
      {info !== null && choice !== 'keep' && <p className="small muted">{names.replaced}</p>}
    </StepFrame>
  );
}
