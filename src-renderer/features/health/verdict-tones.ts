import type { TopicValue } from '../../../src-shared/api/topics.ts';
import type { Hearing } from '../../stores/hearing.ts';
import type { Tone } from '../../ui/status-word.tsx';

type Verdict = TopicValue<'health'>['verdict'];

export const verdictTones: Record<Verdict, Tone> = { good: 'good', attention: 'warning', bad: 'bad' };

/** What is old is not called good. */
export const shownVerdict = (verdict: Verdict | undefined, hearing: Hearing): Verdict | 'unknown' =>
  verdict === undefined || hearing !== 'yes' ? 'unknown' : verdict;
