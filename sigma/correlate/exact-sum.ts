/**
 * A sum of numbers that does not depend on their order: exact, and rounded once when it is read. Integers are added as
 * numbers while that is exact; others as multiples of 2⁻¹⁰⁷⁴, of which every finite number is one.
 */
export class ExactSum {
  #plain = 0;
  #exact = 0n;
  /** How many of the summands are in `#exact`. */
  #large = 0;

  add(value: number): void {
    const plain = this.#plain + value;
    if (isPlain(value) && Number.isSafeInteger(plain)) this.#plain = plain;
    else {
      this.#large += 1;
      this.#exact += unitsOf(value);
    }
  }

  /** Takes out what was added before. */
  remove(value: number): void {
    const plain = this.#plain - value;
    if (isPlain(value) && Number.isSafeInteger(plain)) this.#plain = plain;
    else this.#exact -= unitsOf(value);
    if (this.#exact === 0n) this.#large = 0;
  }

  value(): number {
    if (this.#large === 0) return this.#plain;
    return roundUnits(this.#exact + unitsOf(this.#plain));
  }

  clone(): ExactSum {
    const copy = new ExactSum();
    copy.#plain = this.#plain;
    copy.#exact = this.#exact;
    copy.#large = this.#large;
    return copy;
  }

  toText(): string {
    return (this.#exact + unitsOf(this.#plain)).toString(16);
  }

  static fromText(text: string): ExactSum {
    const sum = new ExactSum();
    const negative = text.startsWith('-');
    const units = BigInt(`0x${negative ? text.slice(1) : text}`);
    sum.#exact = negative ? -units : units;
    sum.#large = sum.#exact === 0n ? 0 : 1;
    return sum;
  }
}

/** Below this no sum of fewer than a million leaves the safe integers. */
const plainMax = 2 ** 33;

function isPlain(value: number): boolean {
  return Number.isInteger(value) && value <= plainMax && value >= -plainMax;
}

const unitBits = 1074n;
const view = new DataView(new ArrayBuffer(8));

/** A number as a multiple of 2⁻¹⁰⁷⁴. */
function unitsOf(value: number): bigint {
  if (Number.isSafeInteger(value)) return BigInt(value) << unitBits;
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & 0xfffffffffffffn;
  const units = exponent === 0n ? fraction : (fraction | 0x10000000000000n) << (exponent - 1n);
  return value < 0 ? -units : units;
}

/** The nearest number to a multiple of 2⁻¹⁰⁷⁴, ties to even; JavaScript rounds only big integers so. */
function roundUnits(units: bigint): number {
  const magnitude = units < 0n ? -units : units;
  const length = magnitude.toString(16).length * 4;
  // Below 2⁻¹⁰²² everything is exact, and dividing by 2¹⁰⁷⁴ in two steps stays in range.
  if (length <= 52) return Number(units) * 2 ** -537 * 2 ** -537;
  const shift = BigInt(Math.max(0, length - 128));
  // What is shifted out only matters as "more than nothing", which the last bit then says.
  const sticky = (magnitude & ((1n << shift) - 1n)) === 0n ? 0n : 1n;
  const kept = Number((magnitude >> shift) | sticky);
  let power = Number(shift) - 1074;
  let number = kept;
  for (; power < -500; power += 500) number *= 2 ** -500;
  for (; power > 500; power -= 500) number *= 2 ** 500;
  number *= 2 ** power;
  return units < 0n ? -number : number;
}
