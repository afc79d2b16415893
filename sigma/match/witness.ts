import { literalOf } from '../language/pattern.ts';
import type { Formula, Predicate } from './predicate.ts';

/** Predicates of which at least one is true wherever the formula is, and how often that is to be expected. */
export interface Witness {
  readonly ids: readonly number[];
  readonly cost: number;
}

/**
 * Extracts an OR-set of necessary predicates: of an `all` the cheapest part, of an `any` those of every part. Undefined
 * where there is none: a negation, or what is true of an absent field, says nothing about what an event must hold.
 */
export function witnessOf(formula: Formula, predicateOf: (id: number) => Predicate): Witness | undefined {
  const parts = [
    ...formula.leaves.map((id) => leafWitness(predicateOf(id))),
    ...formula.children.map((child) => witnessOf(child, predicateOf)),
  ];
  switch (formula.kind) {
    case 'not':
      return undefined;
    case 'all':
      return parts.reduce<Witness | undefined>(
        (best, part) => (part !== undefined && (best === undefined || part.cost < best.cost) ? part : best),
        undefined,
      );
    case 'any': {
      const ids = new Set<number>();
      let cost = 0;
      for (const part of parts) {
        if (part === undefined) return undefined;
        for (const id of part.ids) ids.add(id);
        cost += part.cost;
      }
      return { ids: [...ids], cost };
    }
  }
}

function leafWitness(predicate: Predicate): Witness | undefined {
  const cost = costOf(predicate);
  return cost === undefined ? undefined : { ids: [predicate.id], cost };
}

/** The share of events on which a predicate is expected to be true; undefined where it can be true of no value at all. */
function costOf({ test }: Predicate): number | undefined {
  switch (test.kind) {
    case 'null':
    case 'field':
      return undefined;
    case 'exists':
      return test.expected ? 1 : undefined;
    case 'boolean':
      return 0.5;
    case 'number':
      return 0.05;
    case 'compare':
    case 'date':
      return 0.4;
    case 'regex':
      return 0.3;
    case 'cidr':
      return 0.2;
    case 'text': {
      const [pattern = []] = test.patterns;
      const chars = literalOf(pattern).length;
      const anywhere = typeof pattern[0] === 'object' && typeof pattern.at(-1) === 'object' ? 2 : 1;
      return anywhere * (0.0005 + 0.5 / 2 ** Math.min(chars, 16));
    }
  }
}
