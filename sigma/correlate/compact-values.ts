import { IntColumn } from './column.ts';
import { ownText } from './values.ts';

/** Bytes of a value beside its characters: its entry, its place, its count. */
const valueBytes = 96;

/** Values as numbers, each for as long as something holds it. */
export class CompactValues {
  readonly #numbers = new Map<string, number>();
  readonly #texts: (string | undefined)[] = [];
  readonly #holders = new IntColumn();
  readonly #free: number[] = [];

  /** Distinct values held now. */
  get held(): number {
    return this.#numbers.size;
  }

  /** The number of a text that is held as it is, -1 for none. What is held is folded, and folding it changes nothing. */
  find(text: string): number {
    return this.#numbers.get(text) ?? -1;
  }

  /** Holds a value that is held already once more. */
  keep(number: number): void {
    this.#holders.set(number, this.#holders.get(number) + 1);
  }

  /** The number of a value, held once more; and the bytes that it takes if it is new. */
  hold(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.#free.pop() ?? this.#texts.length;
      const own = ownText(text);
      this.#texts[number] = own;
      this.#numbers.set(own, number);
      this.#holders.reserve(number + 1);
      this.#holders.set(number, 0);
    }
    this.keep(number);
    return number;
  }

  /** Lets go of a value; the bytes that are free now. */
  release(number: number): number {
    const holders = this.#holders.get(number) - 1;
    this.#holders.set(number, holders);
    if (holders > 0) return 0;
    const text = this.text(number);
    this.#numbers.delete(text);
    this.#texts[number] = undefined;
    this.#free.push(number);
    return bytesOf(text);
  }

  /** Bytes of a value that is held once: what holding it has just added. */
  added(number: number): number {
    return this.#holders.get(number) === 1 ? bytesOf(this.text(number)) : 0;
  }

  text(number: number): string {
    return this.#texts[number] ?? '';
  }
}

function bytesOf(text: string): number {
  return valueBytes + text.length;
}
