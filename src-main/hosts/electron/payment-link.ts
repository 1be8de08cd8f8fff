import type { NetworkName } from '../../../src-shared/domain/networks.ts';
import { parsePaymentUri } from '../../../src-shared/domain/payment-uri.ts';

/** An address, an amount and a label of a hundred characters, each of which takes up to nine when encoded. */
const maxLinkCharacters = 2_000;

/** Of what a start was given, the link: systems hand it over as one more argument. */
export const linkAmong = (args: readonly string[]): string | undefined => args.find((arg) => arg.length <= maxLinkCharacters && /^timecoin:/i.test(arg));

/** Links come from anywhere: only one that asks for a payment on this network, in exactly the form there is, reaches the page. */
export const isPaymentLink = (link: string, network: NetworkName): boolean => parsePaymentUri(link, network).ok;
