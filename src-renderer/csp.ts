import * as z from 'zod';

// zod would otherwise probe for eval, which a strict policy reports.
z.config({ jitless: true });

/** Must be imported before anything that renders: it makes the strict Content-Security-Policy livable for Mantine. */
export const styleNonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

// react-remove-scroll (inside Mantine's overlays) asks get-nonce, which reads this global.
(globalThis as { __webpack_nonce__?: string }).__webpack_nonce__ = styleNonce;

interface TrustedTypes {
  createPolicy(name: string, rules: { createHTML(html: string): string }): unknown;
}
// Mantine fills <style> elements through innerHTML. Text without "<" cannot make an element, so only that passes.
(globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy('default', {
  createHTML(html) {
    if (html.includes('<')) throw new TypeError('HTML from a string is not allowed');
    return html;
  },
});
