import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { formatCount } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { useNodeNow } from '../../ui/clock.ts';

interface WaitingPeersProps {
  readonly waiting: TopicValue<'peers'>['waiting'];
}

/** Peers that are known and not connected, and when each is tried next. */
export function WaitingPeers({ waiting }: WaitingPeersProps) {
  const now = useNodeNow();
  const names = text.peers.waitingColumns;
  return (
    <section className="card">
      <div className="card-head">
        <h2>
          {text.peers.waiting} · {formatCount(waiting.length)}
        </h2>
      </div>
      <div className="table-scroll waiting-scroll">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{names.address}</th>
              <th scope="col">{names.state}</th>
              <th scope="col">{names.next}</th>
              <th scope="col" className="number">
                {names.attempts}
              </th>
              <th scope="col">{names.reason}</th>
            </tr>
          </thead>
          <tbody>
            {waiting.map((peer) => (
              <tr key={peer.address}>
                <td className="mono">{peer.address}</td>
                <td>{text.peers.states[peer.state] ?? peer.state}</td>
                <td>{peer.state !== 'backoff' ? '' : peer.nexttryms <= now ? text.peers.now : text.common.inSpan(peer.nexttryms - now)}</td>
                <td className="number">{formatCount(peer.attempts)}</td>
                <td className="muted">{peer.lastreason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
