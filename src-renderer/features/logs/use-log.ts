import { useEffect, useRef } from 'react';
import { create } from 'zustand';
import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { useNode } from '../../stores/client-context.ts';
import { useLogPosition } from '../../stores/topics.ts';
import { askAfter, type KeptLines, keep, noLines } from './kept-lines.ts';

/** Lines of one answer: what a page can take in without being felt. */
const linesAtOnce = 500;

/** They stay for the next visit, which asks for the ones that came since. */
const useKept = create<KeptLines>()(() => noLines);

interface Log extends KeptLines {
  /** Undefined until the node has said it. */
  readonly position: TopicValue<'log'> | undefined;
}

/** The node's last lines: the topic says that there are more, and they are fetched one answer after the other, however fast they come. */
export function useLog(): Log {
  const { client } = useNode();
  const position = useLogPosition();
  const kept = useKept();
  const asking = useRef(false);
  useEffect(() => {
    const after = position && askAfter(kept, position);
    if (after === undefined || asking.current) return;
    asking.current = true;
    // What cannot be had now is asked for again with the topic's next value, which comes within a second.
    void client.call('getlogs', { after, count: linesAtOnce }).then((outcome) => {
      asking.current = false;
      if (outcome.ok) useKept.setState(keep(useKept.getState(), outcome.value), true);
    });
  }, [client, position, kept]);
  return { ...kept, position };
}
