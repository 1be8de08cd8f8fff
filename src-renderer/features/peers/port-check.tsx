import { Button } from '@mantine/core';
import { useState } from 'react';
import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { useAction } from '../../stores/use-action.ts';
import { text } from '../../text/text.ts';
import { ActionOutcome } from '../../ui/action-outcome.tsx';
import { StatusWord, type Tone } from '../../ui/status-word.tsx';
import { type CheckOutcome, checkOutcome } from './port-check-outcome.ts';

const tones: Record<CheckOutcome, Tone> = { asking: 'muted', answered: 'good', unanswered: 'warning' };

interface PortCheckProps {
  readonly network: Pick<TopicValue<'network'>, 'reachability' | 'nowms'>;
  /** Where nobody could be asked yet. */
  readonly unknownNext: string;
}

/** What to do about a port, and to have others try it now. */
export function PortCheck({ network, unknownNext }: PortCheckProps) {
  const action = useAction();
  /** Of the node's clock. */
  const [askedMs, setAskedMs] = useState<number>();
  const names = text.peers.network;
  const { state } = network.reachability;
  const outcome = askedMs === undefined ? undefined : checkOutcome(network, askedMs);
  const check = (): void => {
    const { nowms } = network;
    setAskedMs(undefined);
    void action.run('checkreachability', {}, '').then((worked) => worked && setAskedMs(nowms));
  };
  return (
    <>
      {state === 'unreachable' && <p>{names.unreachableNext}</p>}
      {state === 'unknown' && <p className="muted">{unknownNext}</p>}
      {state !== 'not-listening' && (
        <div className="line">
          <Button variant="default" size="xs" disabled={action.state.kind === 'busy' || outcome === 'asking' || state === 'checking'} onClick={check}>
            {names.check}
          </Button>
        </div>
      )}
      {action.state.kind === 'failed' && <ActionOutcome state={action.state} />}
      <div role="status">{outcome !== undefined && <StatusWord tone={tones[outcome]}>{names.checkOutcomes[outcome]}</StatusWord>}</div>
    </>
  );
}
