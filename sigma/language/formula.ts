import type { Condition, Item, Search } from './rule.ts';

/** A detection without `not`: it stands at the items alone. */
export type Formula = { readonly kind: 'and' | 'or'; readonly children: readonly Formula[] } | Literal;

/** One item that must hold, or must not; `neq` is part of `positive`. */
export interface Literal {
  readonly kind: 'literal';
  readonly item: Item;
  readonly positive: boolean;
}

/** Most items of a formula, with a search counted as often as the condition names it. */
const literalsMax = 100_000;

/** A condition with its searches put in; undefined where that is too large. */
export function formulaOf(condition: Condition, searches: ReadonlyMap<string, Search>): Formula | undefined {
  const sizes = new Map([...searches].map(([name, search]) => [name, itemsIn(search)]));
  if (itemsOf(condition, sizes) > literalsMax) return undefined;
  const ofCondition = (part: Condition, positive: boolean): Formula => {
    switch (part.kind) {
      case 'identifier': {
        const search = searches.get(part.name);
        return search === undefined ? { kind: 'or', children: [] } : ofSearch(search, positive);
      }
      case 'not':
        return ofCondition(part.child, !positive);
      case 'and':
      case 'or':
        return group(
          part.kind,
          part.children.map((child) => ofCondition(child, positive)),
          positive,
        );
    }
  };
  return ofCondition(condition, true);
}

function itemsIn(search: Search): number {
  return search.kind === 'item' ? 1 : search.children.reduce((sum, child) => sum + itemsIn(child), 0);
}

function itemsOf(condition: Condition, sizes: ReadonlyMap<string, number>): number {
  switch (condition.kind) {
    case 'identifier':
      return sizes.get(condition.name) ?? 0;
    case 'not':
      return itemsOf(condition.child, sizes);
    case 'and':
    case 'or':
      return condition.children.reduce((sum, child) => sum + itemsOf(child, sizes), 0);
  }
}

function ofSearch(search: Search, positive: boolean): Formula {
  if (search.kind === 'item') return { kind: 'literal', item: search, positive: positive !== search.negated };
  return group(
    search.kind,
    search.children.map((child) => ofSearch(child, positive)),
    positive,
  );
}

/** `and` inside `and` is one; turned round, each is the other. */
function group(written: 'and' | 'or', children: readonly Formula[], positive: boolean): Formula {
  const kind = (written === 'and') === positive ? 'and' : 'or';
  return { kind, children: children.flatMap((child) => (child.kind === kind ? child.children : [child])) };
}
