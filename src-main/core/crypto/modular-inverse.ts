/** Leading bits looked at in one batch: sums and products of two of them stay exact in a double. */
const windowBits = 50;

const bitLength = (value: number): number => (value >= 2 ** 32 ? 64 - Math.clz32(value / 2 ** 32) : 32 - Math.clz32(value));

/**
 * The inverse of `value` modulo `modulus`. Throws RangeError where there is none.
 *
 * Euclid's algorithm as Lehmer sped it up (Knuth, TAOCP vol. 2, section 4.5.2, algorithm L): the quotients of many steps follow from
 * the leading bits alone, so they are found in doubles and applied to the long numbers all at once. Not constant time: nothing here is secret.
 */
export function inverseModulo(value: bigint, modulus: bigint): bigint {
  // x ≡ u * value and y ≡ v * value (mod modulus), throughout.
  let x = modulus;
  let y = value % modulus;
  if (y < 0n) y += modulus;
  let u = 0n;
  let v = 1n;
  let shift = Math.max(0, modulus.toString(16).length * 4 - windowBits);
  while (y !== 0n) {
    let top = Number(x >> BigInt(shift));
    while (shift > 0 && bitLength(top) < windowBits) {
      shift = Math.max(0, shift - (windowBits - bitLength(top)));
      top = Number(x >> BigInt(shift));
    }
    let [a, b, c, d] = leadingSteps(top, Number(y >> BigInt(shift)));
    if (b === 0n) {
      const quotient = x / y;
      [a, b, c, d] = [0n, 1n, 1n, -quotient];
    }
    [x, y] = [a * x + b * y, c * x + d * y];
    [u, v] = [a * u + b * v, c * u + d * v];
  }
  if (x !== 1n) throw new RangeError('no inverse: the value and the modulus have a common factor');
  return u < 0n ? u + modulus : u;
}

/** The matrix of all the steps of Euclid's algorithm that every pair of numbers with these leading bits has in common. */
function leadingSteps(xTop: number, yTop: number): [bigint, bigint, bigint, bigint] {
  let x = xTop;
  let y = yTop;
  let a = 1;
  let b = 0;
  let c = 0;
  let d = 1;
  while (y + c !== 0 && y + d !== 0) {
    const quotient = Math.floor((x + a) / (y + c));
    if (quotient !== Math.floor((x + b) / (y + d))) break;
    [a, c] = [c, a - quotient * c];
    [b, d] = [d, b - quotient * d];
    [x, y] = [y, x - quotient * y];
  }
  return [BigInt(a), BigInt(b), BigInt(c), BigInt(d)];
}
