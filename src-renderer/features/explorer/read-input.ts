import { type AddressError, parseAddress } from '../../../src-shared/domain/address.ts';
import { type NetworkName, networks } from '../../../src-shared/domain/networks.ts';
import { type PaymentUriError, parsePaymentUri } from '../../../src-shared/domain/payment-uri.ts';
import { addressHref, blocksHref, numberOf, type Place, placeOf } from '../../explorer-places.ts';

/** What somebody typed or pasted, taken for what it can be. */
export type Reading =
  | { readonly kind: 'empty' }
  | { readonly kind: 'height'; readonly height: number }
  /** Of a block or a transaction, or the key of a masternode: it does not say which. */
  | { readonly kind: 'hash'; readonly hash: string }
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'outpoint'; readonly txid: string; readonly vout: number }
  | { readonly kind: 'nothing'; readonly why: Why };
/**
 * What no address has before the node found it: a private key looks like a hash, with a colon after it like an output, and a number may be
 * somebody's passphrase. The checksum of an address says that it is one.
 */
export type Unsaid = Extract<Reading, { readonly kind: 'height' | 'hash' | 'outpoint' | 'nothing' }>;
export type Why =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'wallet-words' }
  | { readonly kind: 'hash-length'; readonly digits: number }
  | { readonly kind: 'number-too-large' }
  | { readonly kind: 'output-number' }
  | { readonly kind: 'address'; readonly error: AddressError | PaymentUriError };

const nothing = (why: Why): Reading => ({ kind: 'nothing', why });
/** Spaces, line breaks and signs without a width come along when text is marked; none of what is looked for has any. */
const blank = /[\s\u200b-\u200f\u2060\ufeff]/g;
/** `1,204`, `1.204` and `1’204`: as numbers are written and shown. */
const groupedNumber = /^\d{1,3}([.,'’]\d{3})+$/;

/** A wallet has 12 or 24: from here on the warning comes before the last is typed, and also where one was forgotten. */
const fewestWalletWords = 10;
/** As they are written down, with or without their numbers. */
function isLikeWalletWords(typed: string): boolean {
  const words = typed.split(/[\s,;]+/).flatMap((word) => word.replace(/^\d+[.):]?/, '') || []);
  return words.length >= fewestWalletWords && words.every((word) => /^\p{L}+$/u.test(word));
}

/** `network`: undefined before the node has said which it is on; then an address of any is one, and the node says what it thinks of it. */
export function readInput(typed: string, network: NetworkName | undefined): Reading {
  const inAddress = typed.indexOf('#/explorer/');
  if (inAddress !== -1) return ofPlace(placeOf(typed.slice(inAddress).trim()), network);
  if (isLikeWalletWords(typed)) return nothing({ kind: 'wallet-words' });
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

/** An address of a page may have anything in it, and then it is read as if it were typed. */
function ofPlace(place: Place, network: NetworkName | undefined): Reading {
  switch (place.kind) {
    case 'blocks':
      return { kind: 'empty' };
    case 'block':
      return typeof place.of === 'number' ? { kind: 'height', height: place.of } : { kind: 'hash', hash: place.of };
    case 'transaction':
      return { kind: 'hash', hash: place.txid };
    case 'outpoint':
      return { kind: 'outpoint', txid: place.txid, vout: place.vout };
    case 'address':
      return readInput(place.address, network);
    case 'search':
      return readInput(place.text, network);
  }
}

function outpointOf(txid: string, number: string): Reading {
  const vout = numberOf(number);
  return vout === undefined ? nothing({ kind: 'output-number' }) : { kind: 'outpoint', txid: txid.toLowerCase(), vout };
}

function ofAddress(address: string, network: NetworkName | undefined): Reading {
  const errors: AddressError[] = [];
  for (const one of network === undefined ? (Object.keys(networks) as NetworkName[]) : [network]) {
    const parsed = parseAddress(address, one);
    if (parsed.ok) return { kind: 'address', address };
    errors.push(parsed.error);
  }
  return nothing({ kind: 'address', error: errors.find((error) => error !== 'network') ?? 'network' });
}

function ofLink(link: string, network: NetworkName | undefined): Reading {
  if (network === undefined) return nothing({ kind: 'unknown' });
  const parsed = parsePaymentUri(link, network);
  return parsed.ok ? { kind: 'address', address: parsed.request.address } : nothing({ kind: 'address', error: parsed.error });
}

const unsaidKinds: readonly Reading['kind'][] = ['height', 'hash', 'outpoint', 'nothing'] satisfies Unsaid['kind'][];
export const isUnsaid = (reading: Reading): reading is Unsaid => unsaidKinds.includes(reading.kind);

export function hrefOfReading(reading: Exclude<Reading, Unsaid>): string {
  switch (reading.kind) {
    case 'empty':
      return blocksHref();
    case 'address':
      return addressHref(reading.address);
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
