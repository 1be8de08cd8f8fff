import { hrefOf, useParameter } from '../../routes.ts';

export const peerTabs = ['connected', 'known', 'banned', 'history', 'network', 'traffic'] as const;
export type PeerTab = (typeof peerTabs)[number];

export const peerTabOf = (parameter: string | undefined): PeerTab => peerTabs.find((tab) => tab === parameter) ?? 'connected';

/** In the address, so that back, forward and reload work. */
export const usePeerTab = (): PeerTab => peerTabOf(useParameter('show'));

export function showPeerTab(tab: PeerTab): void {
  location.hash = hrefOf('peers', tab === 'connected' ? {} : { show: tab });
}
