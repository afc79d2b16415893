import { compareItems, sameEvent, type Item } from './item.ts';
import type { Window } from './window.ts';

/** The last match of a chain, and the chain before it. */
interface Link {
  readonly item: Item;
  readonly before: Link | undefined;
  /** Time of its first match. */
  readonly start: number;
}

/**
 * `temporal_ordered`: for each number of steps the latest chain of so many. A chain of n steps that ends with a match is
 * the latest chain of n − 1 steps before it and that match, so no search is needed.
 */
export class ChainWindow implements Window {
  lossy = false;
  readonly #steps: readonly number[];
  readonly #timespanMs: number;
  #chains: (Link | undefined)[] = [];
  /** The chains before the event that was taken last: one event cannot stand for two steps. */
  #before: (Link | undefined)[] = [];
  #last: Item | undefined;

  constructor(steps: readonly number[], timespanMs: number) {
    this.#steps = steps;
    this.#timespanMs = timespanMs;
  }

  take(item: Item): number {
    if (this.#last === undefined || !sameEvent(this.#last, item)) this.#before = [...this.#chains];
    this.#last = item;
    const steps = this.#steps;
    let satisfied = NaN;
    for (let step = steps.length - 1; step >= 0; step -= 1) {
      if (steps[step] !== item.source) continue;
      const before = step === 0 ? undefined : this.#before[step - 1];
      if (step > 0 && before === undefined) continue;
      const link = { item, before, start: before?.start ?? item.time };
      this.#chains[step] = link;
      if (step === steps.length - 1 && link.start > item.time - this.#timespanMs) satisfied = steps.length;
    }
    return satisfied;
  }

  matches(): readonly Item[] {
    return linksOf(this.#chains[this.#steps.length - 1]).toReversed();
  }

  /** Each chain may have its own matches. */
  get size(): number {
    return this.#chains.reduce((sum, link, step) => sum + (link === undefined ? 0 : step + 1), 0);
  }

  expire(before: number): void {
    for (const chains of [this.#chains, this.#before])
      for (const [step, link] of chains.entries())
        if (link !== undefined && link.start <= before) chains[step] = undefined;
  }

  held(): readonly Item[] {
    return [...new Set(this.#chains.flatMap(linksOf))].toSorted(compareItems);
  }

  clone(): Window {
    const copy = new ChainWindow(this.#steps, this.#timespanMs);
    copy.#chains = [...this.#chains];
    copy.#before = [...this.#before];
    copy.#last = this.#last;
    return copy;
  }
}

/** From the last to the first. */
function linksOf(link: Link | undefined): Item[] {
  const items: Item[] = [];
  for (let at = link; at !== undefined; at = at.before) items.push(at.item);
  return items;
}
