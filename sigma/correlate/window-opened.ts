import { ExactSum } from './exact-sum.ts';
import { compareItems, type Item } from './item.ts';
import { numberIn } from './window-figure.ts';
import type { Reader, Writer } from './codec.ts';
import type { Plan } from './plan.ts';

/** Most distinct values of one window that are told apart; beyond it signals say so. */
const distinctMax = 100_000;

/** A window that a match opened: what decides when it is complete. */
export class OpenedWindow {
  readonly start: number;
  readonly end: number;
  lossy = false;
  count = 0;
  last: Item | undefined;
  readonly #plan: Plan;
  readonly #constituentsMax: number;
  /** The first of its matches, as many as an episode keeps. */
  earliest: Item[] = [];
  /** The last match of each value or rule, where these are counted. */
  readonly #lastOf = new Map<Item['value'], Item>();
  #sum = new ExactSum();

  constructor(plan: Plan, start: number, constituentsMax: number) {
    this.#plan = plan;
    this.#constituentsMax = constituentsMax;
    this.start = start;
    this.end = start + plan.timespanMs;
  }

  take(item: Item): void {
    this.count += 1;
    this.last = item;
    if (this.earliest.length < this.#constituentsMax) this.earliest.push(item);
    if (this.#plan.figure === 'sum') this.#sum.add(numberIn(item));
    else if (this.#plan.figure === 'values' || this.#plan.figure === 'rules') this.#takeDistinct(item);
  }

  #takeDistinct(item: Item): void {
    const kind = this.#plan.figure === 'rules' ? item.source : item.value;
    if (this.#lastOf.size < distinctMax || this.#lastOf.has(kind)) this.#lastOf.set(kind, item);
    else this.lossy = true;
  }

  /** Its figure, NaN where that does not satisfy. */
  judge(): number {
    const { figure, satisfied, sources, present } = this.#plan;
    if (figure === 'rules') {
      const set = Uint8Array.from(sources, (_, source) => (this.#lastOf.has(source) ? 1 : 0));
      return present(set, this.#lastOf.size) ? this.#lastOf.size : NaN;
    }
    const value = figure === 'sum' ? this.#sum.value() : figure === 'values' ? this.#lastOf.size : this.count;
    return satisfied(value) ? value : NaN;
  }

  constituents(): readonly Item[] {
    return this.#lastOf.size === 0 ? this.earliest : [...this.#lastOf.values()].toSorted(compareItems);
  }

  constituentCount(): number {
    return this.#lastOf.size === 0 ? this.count : this.#lastOf.size;
  }

  held(): readonly Item[] {
    return [...this.earliest, ...this.#lastOf.values()];
  }

  get size(): number {
    return this.earliest.length + this.#lastOf.size;
  }

  clone(): OpenedWindow {
    const copy = new OpenedWindow(this.#plan, this.start, this.#constituentsMax);
    copy.lossy = this.lossy;
    copy.count = this.count;
    copy.last = this.last;
    copy.earliest = [...this.earliest];
    for (const [kind, item] of this.#lastOf) copy.#lastOf.set(kind, item);
    copy.#sum = this.#sum.clone();
    return copy;
  }

  encode(writer: Writer, writeItem: (item: Item) => void): void {
    writer.flag(this.lossy);
    writer.count(this.count);
    writer.text(this.#sum.toText());
    for (const items of [this.earliest, [...this.#lastOf.values()]]) {
      writer.count(items.length);
      items.forEach(writeItem);
    }
    if (this.last !== undefined) writeItem(this.last);
  }

  decode(reader: Reader, readItem: () => Item): void {
    this.lossy = reader.flag();
    this.count = reader.count();
    this.#sum = ExactSum.fromText(reader.text());
    for (let left = reader.count(); left > 0; left -= 1) this.earliest.push(readItem());
    for (let left = reader.count(); left > 0; left -= 1) {
      const item = readItem();
      this.#lastOf.set(this.#plan.figure === 'rules' ? item.source : item.value, item);
    }
    this.last = readItem();
  }
}
