// Chromium names the language of a system without one "en-US@posix", which Intl refuses. uPlot passes the name on while it loads, and the whole
// page would fail with it. Must be imported before it.
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en', configurable: true });
}
