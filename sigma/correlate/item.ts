import type { EventRef } from './contract.ts';

/** One match as correlation sees it. */
export interface Item {
  /** The event's, or of an inner correlation the time at which its first satisfied window was judged. */
  readonly time: number;
  readonly order: number;
  readonly event: EventRef;
  /** Index into the sources of its plan. */
  readonly source: number;
  /** What is counted (folded text) or calculated with (number); undefined where the type needs none. */
  readonly value: string | number | undefined;
}

/** The order in which everything is judged. */
export function compareItems(a: Item, b: Item): number {
  if (a.time !== b.time) return a.time - b.time;
  if (a.order !== b.order) return a.order - b.order;
  if (a.event.id !== b.event.id) return a.event.id < b.event.id ? -1 : 1;
  if (a.source !== b.source || a.value === b.value) return a.source - b.source;
  // Two groups of an inner correlation can tell of the same event.
  return String(a.value) < String(b.value) ? -1 : 1;
}

/** Whether two matches are of the same event, as far as order can tell. */
export function sameEvent(a: Item, b: Item): boolean {
  return a.time === b.time && a.order === b.order && a.event.id === b.event.id;
}

/** Puts an item into a sorted list and returns its place; from the back, since most come nearly in order. */
export function insertItem(items: Item[], item: Item): number {
  let at = items.length;
  for (let before = items[at - 1]; before !== undefined && compareItems(before, item) > 0;) {
    at -= 1;
    before = items[at - 1];
  }
  if (at === items.length) items.push(item);
  else items.splice(at, 0, item);
  return at;
}
