import type { TopicValue } from '../../../src-shared/api/topics.ts';
import type { Tone } from '../../ui/status-word.tsx';

export const portTones: Record<TopicValue<'network'>['reachability']['state'], Tone> = {
  unknown: 'muted',
  checking: 'muted',
  reachable: 'good',
  unreachable: 'warning',
  'not-listening': 'muted',
};
