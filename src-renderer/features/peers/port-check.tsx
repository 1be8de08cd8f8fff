import { Button } from '@mantine/core';
import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { useAction } from '../../stores/use-action.ts';
import { text } from '../../text/text.ts';
import { ActionOutcome } from '../../ui/action-outcome.tsx';

/** What to do about a port, and to have others try it now. `unknownNext`: where nobody could be asked yet. */
export function PortCheck({ state, unknownNext }: { readonly state: TopicValue<'network'>['reachability']['state']; readonly unknownNext: string }) {
  const action = useAction();
  const names = text.peers.network;
  return (
    <>
      {state === 'unreachable' && <p>{names.unreachableNext}</p>}
      {state === 'unknown' && <p className="muted">{unknownNext}</p>}
      {state !== 'not-listening' && (
        <div className="line">
          <Button
            variant="default"
            size="xs"
            disabled={action.state.kind === 'busy' || state === 'checking'}
            onClick={() => void action.run('checkreachability', {}, names.checking)}
          >
            {names.check}
          </Button>
          <ActionOutcome state={action.state} />
        </div>
      )}
    </>
  );
}
