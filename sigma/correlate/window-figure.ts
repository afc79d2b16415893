import { ExactSum } from './exact-sum.ts';
import type { Item } from './item.ts';
import type { Plan } from './plan.ts';
import type { Window } from './window.ts';

/** Most matches of one window whose numbers are kept; beyond it the oldest are forgotten, and signals say so. */
const figuresMax = 100_000;

/** Sums, averages and percentiles: all matches of the window. */
export class FigureWindow implements Window {
  lossy = false;
  readonly #plan: Plan;
  #items: Item[] = [];
  /** Index of the oldest match still in the window. */
  #from = 0;
  #sum = new ExactSum();
  /** Numbers in ascending order; only percentiles need them. */
  #sorted: number[] = [];

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  take(item: Item): number {
    this.expire(item.time - this.#plan.timespanMs);
    if (this.#items.length - this.#from >= figuresMax) {
      this.lossy = true;
      this.#forgetOldest();
    }
    this.#items.push(item);
    const value = numberIn(item);
    if (this.#plan.figure === 'percentile') this.#sorted.splice(placeIn(this.#sorted, value), 0, value);
    else this.#sum.add(value);
    const figure = this.#figure();
    return this.#plan.satisfied(figure) ? figure : NaN;
  }

  #figure(): number {
    if (this.#plan.figure === 'percentile') return percentile(this.#sorted, this.#plan.percentile);
    const sum = this.#sum.value();
    return this.#plan.figure === 'sum' ? sum : sum / (this.#items.length - this.#from);
  }

  matches(): readonly Item[] {
    return this.#items.slice(this.#from);
  }

  expire(before: number): void {
    for (let oldest = this.#items[this.#from]; oldest !== undefined && oldest.time <= before;) {
      this.#forgetOldest();
      oldest = this.#items[this.#from];
    }
    if (this.#from > 64 && this.#from * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#from);
      this.#from = 0;
    }
  }

  get size(): number {
    return this.#items.length - this.#from;
  }

  #forgetOldest(): void {
    const oldest = this.#items[this.#from];
    if (oldest === undefined) return;
    this.#from += 1;
    const value = numberIn(oldest);
    if (this.#plan.figure === 'percentile') this.#sorted.splice(placeIn(this.#sorted, value), 1);
    else this.#sum.remove(value);
  }

  held(): readonly Item[] {
    return this.matches();
  }

  clone(): Window {
    const copy = new FigureWindow(this.#plan);
    copy.lossy = this.lossy;
    copy.#items = this.#items.slice(this.#from);
    copy.#sum = this.#sum.clone();
    copy.#sorted = [...this.#sorted];
    return copy;
  }
}

export function numberIn({ value }: Item): number {
  return typeof value === 'number' ? value : 0;
}

/** Place of the first number that is not smaller. */
function placeIn(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Percentile of numbers in ascending order, between the two nearest ranks. */
function percentile(sorted: readonly number[], percent: number): number {
  const rank = ((sorted.length - 1) * percent) / 100;
  const below = Math.floor(rank);
  const low = sorted[below] ?? NaN;
  const high = sorted[below + 1] ?? low;
  return low + (high - low) * (rank - below);
}
