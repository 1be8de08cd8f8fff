import { create } from 'zustand';
import type { Response } from '../../../src-shared/api/contract.ts';
import { text } from '../../text/text.ts';

export type Account = Response<'listaccounts'>[number];

/** Which account the wallet's pages are about; undefined: all of them together. */
export const useAccount = create<{ readonly account: number | undefined }>()(() => ({ account: undefined }));
export const chooseAccount = (account: number | undefined): void => useAccount.setState({ account });

/** For a request: nothing where all are meant. */
export const ofAccount = (account: number | undefined): { readonly account?: number } => (account === undefined ? {} : { account });

export const accountName = ({ account, name }: Pick<Account, 'account' | 'name'>): string => (name === '' ? text.wallet.accounts.unnamed(account) : name);
