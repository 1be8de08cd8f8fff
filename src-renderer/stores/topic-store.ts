import { useEffect } from 'react';
import { create, type StoreApi, type UseBoundStore } from 'zustand';
import type { TopicName, TopicValue } from '../../src-shared/api/topics.ts';
import type { Client } from '../api/client.ts';
import { useNode } from './client-context.ts';

export interface TopicState<T extends TopicName> {
  /** The newest that the node sent; undefined until the first. It stays when the page that showed it is left, for the next visit. */
  readonly value: TopicValue<T> | undefined;
  /** This machine's clock. */
  readonly receivedMs: number;
}

export interface TopicStore<T extends TopicName> {
  readonly store: UseBoundStore<StoreApi<TopicState<T>>>;
  /** The topic's newest value; subscribed for as long as a component that asks is shown. */
  readonly use: () => TopicValue<T> | undefined;
}

/** Fills the store from the topic. Answers what ends it. */
export function fill<T extends TopicName>(store: StoreApi<TopicState<T>>, topic: T, client: Pick<Client, 'subscribe'>, nowMs: () => number): () => void {
  return client.subscribe(topic, (value) => store.setState({ value, receivedMs: nowMs() }));
}

export function topicStore<T extends TopicName>(topic: T): TopicStore<T> {
  const store = create<TopicState<T>>()(() => ({ value: undefined, receivedMs: 0 }));
  const use = (): TopicValue<T> | undefined => {
    const { client } = useNode();
    useEffect(() => fill(store, topic, client, Date.now), [client]);
    return store((state) => state.value);
  };
  return { store, use };
}
