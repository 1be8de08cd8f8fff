import type { TopicValue } from '../../../src-shared/api/topics.ts';

/** One connected peer. */
export type PeerInfo = TopicValue<'peers'>['peers'][number];
