import { hrefOf, useParameter } from '../../routes.ts';

export const walletTabs = ['send', 'receive', 'history', 'addresses', 'messages', 'keys'] as const;
export type WalletTab = (typeof walletTabs)[number];

export const walletTabOf = (parameter: string | undefined): WalletTab => walletTabs.find((tab) => tab === parameter) ?? 'send';

/** In the address, so that back, forward and reload work. */
export const useWalletTab = (): WalletTab => walletTabOf(useParameter('show'));

export function showWalletTab(tab: WalletTab): void {
  location.hash = hrefOf('wallet', tab === 'send' ? {} : { show: tab });
}
