/** The character codes of a byte's two digits, the first in the low half. */
const digitPairs: Uint16Array = new Uint16Array(256);
for (let byte = 0; byte < 256; byte++) {
  const digits = byte.toString(16).padStart(2, '0');
  digitPairs[byte] = digits.charCodeAt(0) | (digits.charCodeAt(1) << 8);
}
const idBytes = 32;
/** For each length up to an id's, the character codes of its digits, written anew each time. */
const codesOfLength: readonly number[][] = Array.from({ length: idBytes + 1 }, (_, bytes) => new Array<number>(2 * bytes).fill(0));
/** By character code, 255 for what is no digit. */
const digitValues: Uint8Array = new Uint8Array(256).fill(255);
for (const [value, digit] of [...'0123456789abcdef'].entries()) digitValues[digit.charCodeAt(0)] = value;

/** Lower-case hex. All characters at once: a string that grows is a tree, and taking that apart to look an id up costs more than making it. */
export function toHex(bytes: Uint8Array): string {
  if (bytes.length <= idBytes) return shortHex(bytes, 0, bytes.length);
  let text = '';
  for (let at = 0; at < bytes.length; at += idBytes) text += shortHex(bytes, at, Math.min(idBytes, bytes.length - at));
  return text;
}

/** Of `length` bytes from `from` on: at most an id's 32, which must be there. Without a view of them. */
export function shortHex(bytes: Uint8Array, from: number, length: number): string {
  const codes = codesOfLength[length] as number[];
  for (let i = 0; i < length; i++) {
    const pair = digitPairs[bytes[from + i] as number] as number;
    codes[2 * i] = pair & 255;
    codes[2 * i + 1] = pair >> 8;
  }
  return String.fromCharCode.apply(undefined, codes);
}

/** Throws RangeError for an odd length or anything but lower-case hex digits: ids have one spelling. */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0) throw new RangeError(`hex of odd length ${text.length}`);
  const bytes = new Uint8Array(text.length / 2);
  let seen = 0;
  for (let i = 0; i < bytes.length; i++) {
    const first = text.charCodeAt(2 * i);
    const second = text.charCodeAt(2 * i + 1);
    const high = digitValues[first & 255] as number;
    const low = digitValues[second & 255] as number;
    seen |= high | low | ((first | second) & 0xff00);
    bytes[i] = (high << 4) | low;
  }
  if (seen > 15) throw new RangeError('not lower-case hex');
  return bytes;
}
