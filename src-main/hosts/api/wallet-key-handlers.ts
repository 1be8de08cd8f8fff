import type { walletKeyMethods } from '../../../src-shared/api/methods/wallet-keys.ts';
import { parseWords } from '../../core/wallet/derivation.ts';
import { checkNewPassphrase } from '../../node/wallet/wallet-keeper.ts';
import type { HandlersOf } from './handler.ts';
import type { NodeServices } from './node-services.ts';
import { walletInfoOf, walletOf } from './present-wallet.ts';

/** How a wallet comes to be, is locked, and is kept. */
export function walletKeyHandlers(services: NodeServices): HandlersOf<typeof walletKeyMethods> {
  const { info, wallets, nowMs } = services;
  const network = info.network.name;
  return {
    getwalletinfo: () => walletInfoOf(walletOf(services)),
    draftwallet: ({ words: count }) => {
      const { id, words, asked, expiresMs } = wallets.draft(count);
      return { draft: id, words, asked: [...asked], expiresms: expiresMs };
    },
    createwallet: async ({ draft, confirm, passphrase, replacepassphrase }) =>
      walletInfoOf(await wallets.create(draft, confirm, { passphrase, replacePassphrase: replacepassphrase })),
    restorefromwords: async ({ words, passphrase, replacepassphrase }) =>
      walletInfoOf(await wallets.restoreWords(words, { passphrase, replacePassphrase: replacepassphrase })),
    checkwords: ({ words }) => {
      const parsed = parseWords(words);
      if (parsed.ok) {
        parsed.entropy.fill(0);
        return { isvalid: true };
      }
      const { error } = parsed;
      return {
        isvalid: false,
        error: error.code,
        ...('position' in error ? { position: error.position } : {}),
        ...('count' in error ? { count: error.count } : {}),
      };
    },
    restorewallet: async ({ data, passphrase, replacepassphrase }) =>
      walletInfoOf(await wallets.restoreBackup(Buffer.from(data, 'base64'), { passphrase, replacePassphrase: replacepassphrase })),
    backupwallet: async ({ passphrase, backuppassphrase }) => {
      const wallet = walletOf(services);
      checkNewPassphrase(backuppassphrase ?? passphrase, network);
      const file = await wallet.backup(passphrase, backuppassphrase);
      const day = new Date(nowMs()).toISOString().slice(0, 10);
      return { name: `time-${network}-${day}.timebackup`, data: file.toString('base64') };
    },
    getwords: async ({ passphrase }) => ({ words: await walletOf(services).words(passphrase) }),
    exportnodekey: async ({ passphrase }) => ({ name: 'node.key', text: await walletOf(services).nodeKeyText(passphrase) }),
    walletpassphrasechange: async ({ oldpassphrase, newpassphrase }) => {
      const wallet = walletOf(services);
      checkNewPassphrase(newpassphrase, network);
      await wallet.changePassphrase(oldpassphrase, newpassphrase);
      return null;
    },
    walletpassphrase: async ({ passphrase, timeout }) => {
      await walletOf(services).unlock(passphrase, timeout * 1_000);
      return null;
    },
    walletlock: () => {
      walletOf(services).lock();
      return null;
    },
  };
}
