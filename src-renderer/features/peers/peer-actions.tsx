import { Button, Checkbox, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../stores/use-action.ts';
import { text } from '../../text/text.ts';
import { ActionOutcome } from '../../ui/action-outcome.tsx';
import { hostOfAddress, isIpHost } from './peer-address.ts';
import type { PeerInfo } from './peer-info.ts';

const names = text.peers.panel;
type BanSeconds = keyof typeof names.banFor;
const spans = Object.keys(names.banFor) as BanSeconds[];

/** What can be done about a connected peer. A ban is asked for twice: how long, then the button that says so. */
export function PeerActions({ peer }: { readonly peer: PeerInfo }) {
  const action = useAction();
  const [banning, setBanning] = useState(false);
  const [seconds, setSeconds] = useState<BanSeconds>('86400');
  const [withHost, setWithHost] = useState(false);
  const busy = action.state.kind === 'busy';
  const host = hostOfAddress(peer.addr);
  const span = names.banFor[seconds];
  const ban = async (): Promise<void> => {
    const bantime = Number(seconds);
    const done = await action.run('setban', { subnet: peer.nodeid, command: 'add', bantime }, names.banned(span));
    if (done && withHost) await action.run('setban', { subnet: host, command: 'add', bantime }, names.banned(span));
  };
  return (
    <div className="peer-actions">
      {!banning && (
        <div className="line">
          <Button
            variant="default"
            size="xs"
            disabled={busy}
            title={names.disconnectMeans}
            onClick={() => void action.run('disconnectnode', { nodeid: peer.id }, names.disconnected)}
            data-testid="peer-disconnect"
          >
            {names.disconnect}
          </Button>
          <Button variant="default" size="xs" disabled={busy} onClick={() => setBanning(true)} data-testid="peer-ban">
            {names.ban}
          </Button>
        </div>
      )}
      {banning && (
        <fieldset className="ban-form">
          <legend className="card-label">{names.banTitle}</legend>
          <SegmentedControl
            size="xs"
            fullWidth
            aria-label={names.banTitle}
            value={seconds}
            onChange={(value) => setSeconds(value as BanSeconds)}
            data={spans.map((value) => ({ value, label: names.banFor[value] }))}
          />
          <p className="small muted">{names.banMeans}</p>
          {isIpHost(host) && (
            <Checkbox
              size="xs"
              label={names.banHost(host)}
              description={names.banHostMeans}
              checked={withHost}
              onChange={(event) => setWithHost(event.currentTarget.checked)}
            />
          )}
          <div className="line peer-form-buttons">
            <Button variant="default" size="xs" onClick={() => setBanning(false)}>
              {text.peers.add.cancel}
            </Button>
            <Button className="danger" size="xs" disabled={busy} onClick={() => void ban()} data-testid="peer-ban-confirm">
              {names.banFinally(span)}
            </Button>
          </div>
        </fieldset>
      )}
      <ActionOutcome state={action.state} />
    </div>
  );
}
