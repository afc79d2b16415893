import type { Predicate } from './rule.ts';

/** Numbers that a figure can be: whole ones from 1 on (counts), at most `most` of them, or any number. */
export type Figures = { readonly kind: 'count'; readonly most: number } | { readonly kind: 'number' };

/**
 * Whether no figure satisfies all predicates, or every one does. A count is at least 1, because only windows with a
 * match are judged.
 */
export function judgeThreshold(
  predicates: readonly Predicate[],
  figures: Figures,
): 'never' | 'always' | undefined {
  const candidates = candidatesOf(predicates, figures);
  const satisfied = candidates.filter((figure) => predicates.every((one) => satisfies(figure, one)));
  if (satisfied.length === 0) return 'never';
  return satisfied.length === candidates.length ? 'always' : undefined;
}

/**
 * Enough figures to decide by: predicates can change their outcome only at their own values, so these, what lies beside
 * and between them, and the ends of the range stand for all others.
 */
function candidatesOf(predicates: readonly Predicate[], figures: Figures): readonly number[] {
  const values = predicates.map(({ value }) => value).toSorted((a, b) => a - b);
  if (figures.kind === 'count') {
    const near = values.flatMap((value) => [
      Math.floor(value) - 1,
      Math.floor(value),
      Math.floor(value) + 1,
      Math.floor(value) + 2,
    ]);
    return [1, figures.most, ...near].filter((figure) => figure >= 1 && figure <= figures.most);
  }
  const between = values.slice(1).map((value, index) => (value + (values[index] ?? value)) / 2);
  return [-Infinity, ...values, ...between, Infinity];
}

function satisfies(figure: number, { operator, value }: Predicate): boolean {
  switch (operator) {
    case 'gt':
      return figure > value;
    case 'gte':
      return figure >= value;
    case 'lt':
      return figure < value;
    case 'lte':
      return figure <= value;
    case 'eq':
      return figure === value;
    case 'neq':
      return figure !== value;
  }
}
