import { type AddressError, parseAddress } from '../../../src-shared/domain/address.ts';
import type { NetworkName } from '../../../src-shared/domain/networks.ts';
import { type PaymentUriError, parsePaymentUri } from '../../../src-shared/domain/payment-uri.ts';
import { addressHref, blockHref, blocksHref, numberOf, outpointHref, type Place, searchHref } from '../../explorer-places.ts';

/** What somebody typed or pasted, taken for what it can be. */
export type Reading =
  | { readonly kind: 'empty' }
  | { readonly kind: 'height'; readonly height: number }
  /** Of a block or a transaction, or the key of a masternode: it does not say which. */
  | { readonly kind: 'hash'; readonly hash: string }
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'outpoint'; readonly txid: string; readonly vout: number }
  /** The address of a page of the explorer. */
  | { readonly kind: 'place'; readonly href: string }
  | { readonly kind: 'nothing'; readonly why: Why };
export type Why =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'hash-length'; readonly digits: number }
  | { readonly kind: 'number-too-large' }
  | { readonly kind: 'output-number' }
  | { readonly kind: 'address'; readonly error: AddressError | PaymentUriError };

const nothing = (why: Why): Reading => ({ kind: 'nothing', why });
/** Spaces, line breaks and signs without a width come along when text is marked; none of what is looked for has any. */
const blank = /[\s\u200b-\u200f\u2060\ufeff]/g;
/** `1,204`, `1.204` and `1’204`: as numbers are written and shown. */
const groupedNumber = /^\d{1,3}([.,'’]\d{3})+$/;

/** `network`: undefined before the node has said which it is on; then the node says what it thinks of an address. */
export function readInput(typed: string, network: NetworkName | undefined): Reading {
  const inAddress = typed.indexOf('#/explorer/');
  if (inAddress !== -1) return { kind: 'place', href: typed.slice(inAddress).trim() };
  const text = typed.replace(blank, '').replace(/^["'#([]+|["')\].,;]+$/g, '');
  if (text === '') return typed.trim() === '' ? { kind: 'empty' } : nothing({ kind: 'unknown' });
  if (/^[0-9a-f]{64}$/i.test(text)) return { kind: 'hash', hash: text.toLowerCase() };
  const outpoint = /^([0-9a-f]{64})[:#/](.*)$/i.exec(text);
  if (outpoint !== null) return outpointOf(outpoint[1] as string, outpoint[2] as string);
  if (/^\d+$/.test(text) || groupedNumber.test(text)) {
    const height = numberOf(text.replace(/\D/g, ''));
    return height === undefined ? nothing({ kind: 'number-too-large' }) : { kind: 'height', height };
  }
  if (/^timecoin:/i.test(text)) return ofLink(text, network);
  if (/^time/i.test(text)) return ofAddress(text, network);
  if (/^[0-9a-f]+$/i.test(text)) return nothing({ kind: 'hash-length', digits: text.length });
  return nothing({ kind: 'unknown' });
}

function outpointOf(txid: string, number: string): Reading {
  const vout = numberOf(number);
  return vout === undefined ? nothing({ kind: 'output-number' }) : { kind: 'outpoint', txid: txid.toLowerCase(), vout };
}

function ofAddress(address: string, network: NetworkName | undefined): Reading {
  const parsed = network && parseAddress(address, network);
  return parsed === undefined || parsed.ok ? { kind: 'address', address } : nothing({ kind: 'address', error: parsed.error });
}

function ofLink(link: string, network: NetworkName | undefined): Reading {
  if (network === undefined) return nothing({ kind: 'unknown' });
  const parsed = parsePaymentUri(link, network);
  return parsed.ok ? { kind: 'address', address: parsed.request.address } : nothing({ kind: 'address', error: parsed.error });
}

/** Where it leads. A hash, and what is nothing, lead to the page that looks it up and says what came of it. */
export function hrefOfReading(reading: Reading, typed: string): string {
  switch (reading.kind) {
    case 'empty':
      return blocksHref();
    case 'height':
      return blockHref(reading.height);
    case 'address':
      return addressHref(reading.address);
    case 'outpoint':
      return outpointHref(`${reading.txid}:${reading.vout}`);
    case 'place':
      return reading.href;
    case 'hash':
      return searchHref(reading.hash);
    case 'nothing':
      return searchHref(typed.trim());
  }
}

/** What the field holds while a place is shown. */
export function inputOfPlace(place: Place): string {
  switch (place.kind) {
    case 'blocks':
      return '';
    case 'block':
      return String(place.of);
    case 'transaction':
      return place.txid;
    case 'address':
      return place.address;
    case 'outpoint':
      return `${place.txid}:${place.vout}`;
    case 'search':
      return place.text;
  }
}

/** Pasting goes there at once, where what is pasted leads somewhere. */
export const leadsSomewhere = ({ kind }: Reading): boolean => kind !== 'empty' && kind !== 'nothing';
