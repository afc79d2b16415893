import type { Item } from './item.ts';
import type { Window } from './window.ts';

/** `event_count` with lower bounds: the newest matches, no more than satisfy. */
export class CountWindow implements Window {
  lossy = false;
  readonly #least: number;
  readonly #timespanMs: number;
  #items: Item[] = [];

  constructor(least: number, timespanMs: number) {
    this.#least = least;
    this.#timespanMs = timespanMs;
  }

  take(item: Item): number {
    const items = this.#items;
    items.push(item);
    if (items.length < this.#least) return NaN;
    // Trimmed seldom, so that taking stays cheap.
    if (items.length > 2 * this.#least + 16) this.#items = items.slice(-this.#least);
    const oldest = this.#items[this.#items.length - this.#least];
    return oldest !== undefined && oldest.time > item.time - this.#timespanMs ? this.#least : NaN;
  }

  matches(): readonly Item[] {
    return this.#items.slice(-this.#least);
  }

  get size(): number {
    return Math.min(this.#items.length, this.#least - 1);
  }

  expire(before: number): void {
    const from = this.#items.findIndex(({ time }) => time > before);
    this.#items = from < 0 ? [] : this.#items.slice(from);
  }

  held(): readonly Item[] {
    return this.#least === 1 ? [] : this.#items.slice(-(this.#least - 1));
  }

  clone(): Window {
    const copy = new CountWindow(this.#least, this.#timespanMs);
    copy.#items = [...this.held()];
    return copy;
  }
}
