import { create } from 'zustand';
import type { PeerInfo } from './peer-info.ts';

/** The peer whose panel is open, as it was last seen: it may go while somebody reads. */
export const useSelectedPeer = create<{ readonly peer: PeerInfo | undefined }>()(() => ({ peer: undefined }));

export const openPeer = (peer: PeerInfo): void => useSelectedPeer.setState({ peer });
export const closePeer = (): void => useSelectedPeer.setState({ peer: undefined });
