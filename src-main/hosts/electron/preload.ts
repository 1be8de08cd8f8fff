import { contextBridge, ipcRenderer } from 'electron';
import { type Bridge, channels } from '../../../src-shared/api/bridge.ts';
import type { TopicEvent } from '../../../src-shared/api/topics.ts';

// Runs in the sandbox, in a world apart from the page's. Checks nothing: the main process does, and the page validates what it gets.
type Listener = (event: TopicEvent) => void;

/** One for each topic: whoever subscribes again takes over. */
const listeners = new Map<string, Listener>();

ipcRenderer.on(channels.event, (_event, event: TopicEvent) => listeners.get(event.topic)?.(event));

const bridge: Bridge = {
  invoke: (method, params) => ipcRenderer.invoke(channels.invoke, { method, params }),
  subscribe: (topic, listener) => {
    listeners.set(topic, listener);
    ipcRenderer.send(channels.subscribe, topic);
    return () => {
      if (listeners.get(topic) !== listener) return;
      listeners.delete(topic);
      ipcRenderer.send(channels.unsubscribe, topic);
    };
  },
};
contextBridge.exposeInMainWorld('api', bridge);
