import { useSyncExternalStore } from 'react';
import { listenToAddress, parameterOf } from './routes.ts';

/** What the explorer shows, as its address says: back, forward, reload and a copy of the address lead there again. */
export type Place =
  /** `before`: those below this height; undefined: the latest. */
  | { readonly kind: 'blocks'; readonly before: number | undefined }
  /** By hash or height. */
  | { readonly kind: 'block'; readonly of: string | number }
  | { readonly kind: 'transaction'; readonly txid: string }
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'outpoint'; readonly txid: string; readonly vout: number }
  /** What somebody wrote into the address by hand, to be read as if it were typed; empty at `unsaidHref`. */
  | { readonly kind: 'search'; readonly text: string };

const root = '#/explorer';
const maxNumber = 4_294_967_295;
const isHash = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);
/** A height, or the number of an output; undefined for what is none. */
export const numberOf = (text: string): number | undefined => (/^\d{1,10}$/.test(text) && Number(text) <= maxNumber ? Number(text) : undefined);

export const blockHref = (of: string | number): string => `${root}/block/${of}`;
export const transactionHref = (txid: string): string => `${root}/tx/${txid}`;
export const addressHref = (address: string): string => `${root}/address/${encodeURIComponent(address)}`;
/** `txid:vout` */
export const outpointHref = (outpoint: string): string => `${root}/outpoint/${outpoint}`;
/** For what is not known to be in the chain. It is not in the address, which a browser keeps: it may be a passphrase, the words of a wallet, or a key that looks like a hash. */
export const unsaidHref = `${root}/search`;
export const blocksHref = (before?: number): string => (before === undefined ? root : `${root}?before=${before}`);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whatever is in the address; what makes no sense there is looked at like something typed. */
export function placeOf(hash: string): Place {
  const [path = ''] = hash.split('?', 1);
  const [, , kind = '', ...rest] = path.split('/');
  const value = decoded(rest.join('/'));
  switch (kind) {
    case '':
      return { kind: 'blocks', before: numberOf(parameterOf(hash, 'before') ?? '') };
    case 'block': {
      const height = numberOf(value);
      if (height !== undefined) return { kind: 'block', of: height };
      return isHash(value) ? { kind: 'block', of: value } : { kind: 'search', text: value };
    }
    case 'tx':
      return isHash(value) ? { kind: 'transaction', txid: value } : { kind: 'search', text: value };
    case 'address':
      return { kind: 'address', address: value };
    case 'outpoint': {
      const [txid = '', number = '', ...more] = value.split(':');
      const vout = numberOf(number);
      return isHash(txid) && vout !== undefined && more.length === 0 ? { kind: 'outpoint', txid, vout } : { kind: 'search', text: value };
    }
    default:
      return { kind: 'search', text: kind === 'search' ? value : decoded(path.slice(root.length + 1)) };
  }
}

/** The place, as text: it is another one when this is. */
export const useExplorerAddress = (): string => useSyncExternalStore(listenToAddress, () => location.hash);
