import { useState } from 'react';
import { shorten } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { wordsOf } from '../../ui/client-error-words.ts';
import { EmptyPanel, LoadingPanel, Notice } from '../../ui/state-panel.tsx';
import { ChoiceCards } from '../setup/choice-cards.tsx';
import { StepFrame } from '../setup/step-frame.tsx';
import { useAsked } from '../wallet/use-asked.ts';
import { amountWords } from './amount-words.ts';
import { collateralCoins, outpointOf } from './collateral-coins.ts';
import { MakeCoin } from './make-coin.tsx';
import type { TierRule } from './masternode-info.ts';
import type { StepProps } from './registration-step.ts';
import { useCoinChange } from './use-coin-change.ts';

/** One is as good as another: a longer list only takes longer to read. */
const maxShown = 20;

interface CollateralStepProps extends StepProps {
  readonly rule: TierRule;
  readonly asksPassphrase: boolean;
}

export function CollateralStep({ registration, onNext, onBack, rule, asksPassphrase }: CollateralStepProps) {
  const asked = useAsked('listunspent', {}, useCoinChange());
  const [chosen, setChosen] = useState(registration.collateral);
  const names = text.masternodes.register.collateral;
  const coins = asked.value === undefined ? undefined : collateralCoins(asked.value, rule.collateral);
  const shown = coins?.ready.slice(0, maxShown) ?? [];
  // A coin may have been spent since it was chosen.
  const taken = shown.find((coin) => outpointOf(coin) === chosen) ?? shown[0];
  return (
    <>
      <StepFrame
        title={names.title}
        means={names.means(amountWords(rule.collateral))}
        onBack={onBack}
        onNext={() => taken !== undefined && onNext({ collateral: outpointOf(taken) })}
        canGoOn={taken !== undefined}
      >
        {coins === undefined ? (
          asked.error === undefined ? (
            <LoadingPanel />
          ) : (
            <Notice tone="bad" advice={wordsOf(asked.error)} onRetry={asked.again} />
          )
        ) : (
          <>
            {taken !== undefined && (
              <ChoiceCards
                label={names.title}
                value={outpointOf(taken)}
                onChange={setChosen}
                choices={shown.map((coin) => ({
                  value: outpointOf(coin),
                  label: coin.label === '' ? amountWords(coin.amount) : `${amountWords(coin.amount)} · ${coin.label}`,
                  about: `${names.at(shorten(coin.address, 10), coin.confirmations)} · ${shorten(coin.txid)}:${coin.vout}`,
                }))}
              />
            )}
            {coins.coming.length > 0 && taken === undefined && <Notice tone="muted" advice={names.coming} />}
            {coins.coming.length === 0 && taken === undefined && <EmptyPanel advice={names.none(amountWords(rule.collateral))} />}
          </>
        )}
      </StepFrame>
      {coins !== undefined && coins.coming.length === 0 && taken === undefined && (
        <MakeCoin amount={rule.collateral} label={names.label(text.tiers[rule.tier])} asksPassphrase={asksPassphrase} onMade={asked.again} />
      )}
    </>
  );
}
