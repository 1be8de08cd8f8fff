import { Button } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../stores/use-action.ts';
import { text } from '../../text/text.ts';
import { ActionOutcome } from '../../ui/action-outcome.tsx';

const names = text.health.repair;

/** Says what a repair does before it is done: it ends this run of the node. */
export function Repair() {
  const { state, run } = useAction();
  const [opened, setOpened] = useState(false);
  if (!opened) {
    return (
      <Button className="repair" size="compact-xs" variant="default" onClick={() => setOpened(true)} data-testid="repair">
        {names.open}
      </Button>
    );
  }
  return (
    <div className="repair">
      <p className="small">{names.means}</p>
      {state.kind !== 'done' && (
        <p className="line">
          <Button size="compact-xs" disabled={state.kind === 'busy'} onClick={() => void run('repairdatabase', {}, names.begun)} data-testid="repair-now">
            {names.now}
          </Button>
          <Button size="compact-xs" variant="default" disabled={state.kind === 'busy'} onClick={() => setOpened(false)}>
            {names.cancel}
          </Button>
        </p>
      )}
      <ActionOutcome state={state} />
    </div>
  );
}
