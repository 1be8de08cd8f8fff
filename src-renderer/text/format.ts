import { language, region } from './language.ts';

/** How numbers, times and hashes look. Words that go with them are arguments or in the catalogue; the locale is the catalogue's, of dates the system's region. */

const locale = language;
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
/** Texts in the order of the language; numbers in them by their value. */
export const collator = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' });
const tenths = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const date = new Intl.DateTimeFormat(region, { dateStyle: 'medium' });
const exactTime = new Intl.DateTimeFormat(region, { dateStyle: 'medium', timeStyle: 'medium' });
const clockTime = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const clockSecond = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', hourCycle: 'h23' });
/** Between a number and its unit, where no line may break. */
const space = '\u00a0';
const minus = '\u2212';

const groupSeparator = whole.formatToParts(1_234_567).find(({ type }) => type === 'group')?.value ?? '';
/** Between a number and its fraction, in what is shown and what is typed. */
export const decimalSeparator = new Intl.NumberFormat(locale).formatToParts(0.5).find(({ type }) => type === 'decimal')?.value ?? '.';
const fixed = [0, 1, 2].map((digits) => new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false }));
const formatFixed = (value: number, digits: 0 | 1 | 2): string => fixed[digits]?.format(value) ?? '';

/** `1204` → `1,204`. */
export const formatCount = (count: number): string => whole.format(count);

/** Of something by the second: `0.4`, `9.5`, `1,204`. */
export const formatRate = (perSecond: number): string => (perSecond > 0 && perSecond < 10 ? formatFixed(perSecond, 1) : formatCount(perSecond));

/** `"-1250.50000000"` → `−1,250.50`: grouped, at least two decimals, no zeros after them. By characters, so that no unit is lost. */
export function formatAmount(time: string): string {
  const [integer = '0', fraction = ''] = time.replace('-', '').split('.');
  const grouped = integer.replace(/\B(?=(\d{3})+$)/g, groupSeparator);
  const sign = time.startsWith('-') ? minus : '';
  return `${sign}${grouped}${decimalSeparator}${fraction.replace(/0+$/, '').padEnd(2, '0')}`;
}

/** `0.42` → `0.4 ms`, `412` → `412 ms`, `1240` → `1.24 s`. Rounded up past a limit never reads as below it: digits are cut at a second. */
export function formatDuration(ms: number): string {
  if (ms < 10) return `${formatFixed(ms, 1)}${space}ms`;
  if (ms < 999.5) return `${Math.round(ms)}${space}ms`;
  if (ms < 60_000) return `${formatFixed(ms / 1_000, ms < 10_000 ? 2 : 1)}${space}s`;
  return formatSpan(ms);
}

/** The largest unit only: `4 s`, `3 min`, `2 h`, `5 d`. Negative counts as none. */
export function formatSpan(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < 60) return `${seconds}${space}s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}${space}min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)}${space}h`;
  return `${formatCount(Math.floor(seconds / 86_400))}${space}d`;
}

/** Of what is to come: a second that has begun counts, so that nothing is zero seconds away before it is there. */
export const formatUntil = (ms: number): string => formatSpan(Math.ceil(ms / 1_000) * 1_000);

/** In steps of a thousand: `512 B`, `1.2 kB`, `34 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  for (const unit of ['B', 'kB', 'MB', 'GB']) {
    if (value < 999.5) return `${unit === 'B' || value >= 99.95 ? Math.round(value) : formatFixed(value, 1)}${space}${unit}`;
    value /= 1_000;
  }
  return `${formatFixed(value, 1)}${space}TB`;
}

/** Cut, never rounded up: 66.6 % must not read as the 67 % that would be a quorum. What is not nothing does not read as nothing: `0.8 %`, `< 0.1 %`. */
export function formatShare(part: number, of: number): string {
  const percent = of === 0 ? 0 : (part * 100) / of;
  if (percent === 0 || percent >= 1) return `${Math.floor(percent)}${space}%`;
  return percent < 1 / 10 ? `<${space}${formatFixed(1 / 10, 1)}${space}%` : `${formatFixed(Math.floor(percent * 10) / 10, 1)}${space}%`;
}

/** Of a hundred, with the tenth if there is one: `92.4 %`. */
export const formatPercent = (percent: number): string => `${tenths.format(percent)}${space}%`;

export const formatDate = (timestampMs: number): string => date.format(timestampMs);
export const formatExactTime = (timestampMs: number): string => exactTime.format(timestampMs);
export const formatClockTime = (timestampMs: number): string => clockTime.format(timestampMs);
export const formatClockSecond = (timestampMs: number): string => clockSecond.format(timestampMs);

/** `9f3a…c1b2`: shortened in the middle; short texts stay whole. */
export const shorten = (text: string, head = 4, tail = 4): string => (text.length <= head + tail + 1 ? text : `${text.slice(0, head)}…${text.slice(-tail)}`);

const regions = new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' });
/** `DE` → `Germany`. What is no country's code stays as it is. */
export const formatCountry = (code: string): string => (/^[A-Z]{2}$/.test(code) ? (regions.of(code) ?? code) : code);
