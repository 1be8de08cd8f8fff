import { useState } from 'react';
import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { text } from '../../text/text.ts';
import { addSample, type SyncSample, syncProgress } from './sync-progress.ts';

/** Of a node that has not all blocks: how far it has come, how fast it goes, and how long that takes for what is left. */
export function CatchingUp({ overview: { height, behind, nowms } }: { readonly overview: TopicValue<'overview'> }) {
  const [samples, setSamples] = useState<readonly SyncSample[]>([]);
  if (samples.at(-1)?.atMs !== nowms) setSamples(addSample(samples, { atMs: nowms, height }));
  const { share, pace } = syncProgress(samples, behind);
  const percent = Math.floor(share * 100);
  return (
    <>
      <div className="sync-bar" role="progressbar" aria-label={text.overview.syncBar} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent}>
        <div style={{ width: `${percent}%` }} />
      </div>
      <p className="muted" data-testid="sync-pace">
        {pace === undefined ? text.overview.noPace : text.overview.pace(pace.blocksPerSecond, pace.leftMs)}
      </p>
    </>
  );
}
