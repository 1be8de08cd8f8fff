/** Pages have a scheme of their own, so that they have an origin that no server can have and no file can reach. */
export const pageScheme = 'app';
export const pageHost = 'time';
export const pageOrigin = `${pageScheme}://${pageHost}`;
export const pageUrl = `${pageOrigin}/`;

/** Where a payment link is shown: the wallet, with the link for its form to read. */
export const paymentPageUrl = (link: string): string => `${pageUrl}#/wallet?pay=${encodeURIComponent(link)}`;
