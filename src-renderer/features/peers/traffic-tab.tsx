import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { formatBytes, formatCount } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Chart } from '../../ui/chart.tsx';
import { Section } from '../../ui/section.tsx';
import { EmptyPanel } from '../../ui/state-panel.tsx';
import { TableScroll } from '../../ui/table-scroll.tsx';
import { trafficChart } from './traffic-chart.tsx';

const names = text.peers.traffic;

export function TrafficTab({ network: { traffic } }: { readonly network: TopicValue<'network'> }) {
  const newest = traffic.samples.at(-1);
  if (traffic.messages.length === 0 || newest === undefined)
    return (
      <section className="card">
        <EmptyPanel advice={names.empty} />
      </section>
    );
  const [sent, received] = [names.perSecond(newest.sent), names.perSecond(newest.received)];
  return (
    <>
      <Section
        title={names.title}
        aside={
          <div className="line traffic-legend">
            <span className="line">
              <span className="key key-sent" aria-hidden="true" />
              {names.sent} <strong>{sent}</strong>
            </span>
            <span className="line">
              <span className="key key-received" aria-hidden="true" />
              {names.received} <strong>{received}</strong>
            </span>
          </div>
        }
      >
        <Chart kind={trafficChart} samples={traffic.samples} summary={names.chartSummary(sent, received)} />
      </Section>
      <section className="card table-card">
        <div className="card-head peers-head">
          <h2>{names.messages}</h2>
          <span className="muted small">{names.total(traffic.bytessent, traffic.bytesrecv)}</span>
        </div>
        <TableScroll className="peer-scroll">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{names.columns.type}</th>
                <th scope="col" className="number">
                  {names.columns.sent}
                </th>
                <th scope="col" className="number">
                  {names.columns.bytesSent}
                </th>
                <th scope="col" className="number">
                  {names.columns.received}
                </th>
                <th scope="col" className="number">
                  {names.columns.bytesReceived}
                </th>
                <th scope="col" className="number" title={names.leftOutMeans}>
                  {names.columns.leftOut}
                </th>
              </tr>
            </thead>
            <tbody>
              {traffic.messages.map((one) => (
                <tr key={one.type} data-testid="traffic-row">
                  <td>{one.type}</td>
                  <td className="number">{formatCount(one.messagessent)}</td>
                  <td className="number">{formatBytes(one.bytessent)}</td>
                  <td className="number">{formatCount(one.messagesrecv)}</td>
                  <td className="number">{formatBytes(one.bytesrecv)}</td>
                  <td className={one.messagesleftout === 0 ? 'number muted' : 'number warning'}>{formatCount(one.messagesleftout)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      </section>
    </>
  );
}
