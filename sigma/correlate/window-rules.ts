import { compareItems, type Item } from './item.ts';
import type { Plan } from './plan.ts';
import type { Window } from './window.ts';

/** `temporal` that more rules cannot make untrue: the last match of each rule. */
export class RulesWindow implements Window {
  lossy = false;
  readonly #plan: Plan;
  #last: (Item | undefined)[] = [];
  readonly #present: Uint8Array;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#present = new Uint8Array(plan.sources.length);
  }

  take(item: Item): number {
    this.#last[item.source] = item;
    const after = item.time - this.#plan.timespanMs;
    let count = 0;
    for (let source = 0; source < this.#present.length; source += 1) {
      const last = this.#last[source];
      const present = last !== undefined && last.time > after ? 1 : 0;
      this.#present[source] = present;
      count += present;
    }
    return this.#plan.present(this.#present, count) ? count : NaN;
  }

  matches(): readonly Item[] {
    return this.held().filter(({ source }) => this.#present[source] === 1);
  }

  get size(): number {
    return this.#last.length;
  }

  expire(before: number): void {
    for (const [source, item] of this.#last.entries())
      if (item !== undefined && item.time <= before) this.#last[source] = undefined;
  }

  held(): readonly Item[] {
    return this.#last.filter((item) => item !== undefined).toSorted(compareItems);
  }

  clone(): Window {
    const copy = new RulesWindow(this.#plan);
    copy.#last = [...this.#last];
    return copy;
  }
}
