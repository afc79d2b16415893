import type { Item } from './item.ts';
import type { Window } from './window.ts';

/** `value_count` with lower bounds: the last match of each of the newest distinct values, no more than satisfy. */
export class ValuesWindow implements Window {
  lossy = false;
  readonly #least: number;
  readonly #timespanMs: number;
  /** In order of the matches: taking a value again moves it to the end. */
  readonly #last = new Map<Item['value'], Item>();

  constructor(least: number, timespanMs: number) {
    this.#least = least;
    this.#timespanMs = timespanMs;
  }

  take(item: Item): number {
    const last = this.#last;
    last.delete(item.value);
    last.set(item.value, item);
    if (last.size < this.#least) return NaN;
    if (last.size > this.#least) for (const value of last.keys()) if (last.delete(value)) break;
    for (const oldest of last.values()) return oldest.time > item.time - this.#timespanMs ? this.#least : NaN;
    return NaN;
  }

  matches(): readonly Item[] {
    return [...this.#last.values()];
  }

  get size(): number {
    return this.#last.size;
  }

  expire(before: number): void {
    for (const [value, { time }] of this.#last) {
      if (time > before) return;
      this.#last.delete(value);
    }
  }

  held(): readonly Item[] {
    return [...this.#last.values()];
  }

  clone(): Window {
    const copy = new ValuesWindow(this.#least, this.#timespanMs);
    for (const [value, item] of this.#last) copy.#last.set(value, item);
    return copy;
  }
}
