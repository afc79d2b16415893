import type { Condition, Correlation, Predicate } from '../language/rule.ts';

/** Up to so many rules every set of them is tried; beyond it the form of the condition decides. */
const setsTriedMax = 12;

function holds(value: number, { operator, value: bound }: Predicate): boolean {
  switch (operator) {
    case 'eq':
      return value === bound;
    case 'neq':
      return value !== bound;
    case 'lt':
      return value < bound;
    case 'lte':
      return value <= bound;
    case 'gt':
      return value > bound;
    case 'gte':
      return value >= bound;
  }
}

export function holdAll(value: number, predicates: readonly Predicate[]): boolean {
  for (const predicate of predicates) if (!holds(value, predicate)) return false;
  return true;
}

/** Whether a larger figure can only make the predicates true. */
export function onlyLowerBounds(predicates: readonly Predicate[]): boolean {
  return predicates.every(({ operator }) => operator === 'gt' || operator === 'gte');
}

/** The least count that satisfies lower bounds. */
export function leastCount(predicates: readonly Predicate[]): number {
  let least = 1;
  for (const { operator, value } of predicates)
    least = Math.max(least, operator === 'gt' ? Math.floor(value) + 1 : Math.ceil(value));
  return least;
}

/** Whether a `temporal` is satisfied by the rules present; `present` holds 1 at the place of each. */
export type PresenceTest = (present: Uint8Array, count: number) => boolean;

/** The test of a `temporal` condition over sources; references are the names that its expression uses. */
export function presenceTest(
  condition: Correlation['condition'],
  references: ReadonlyMap<string, number>,
  sources: number,
): PresenceTest {
  if (condition.kind === 'predicates') {
    const { predicates } = condition;
    return predicates.length === 0
      ? (_, count) => count === sources
      : (_, count) => holdAll(count, predicates);
  }
  const evaluate = (node: Condition, present: Uint8Array): boolean => {
    switch (node.kind) {
      case 'identifier': {
        const source = references.get(node.name);
        return source !== undefined && present[source] === 1;
      }
      case 'not':
        return !evaluate(node.child, present);
      case 'and':
        return node.children.every((child) => evaluate(child, present));
      case 'or':
        return node.children.some((child) => evaluate(child, present));
    }
  };
  const { expression } = condition;
  return (present) => evaluate(expression, present);
}

/** Whether a further rule in the window can never make a true `temporal` condition untrue. */
export function isMonotone(
  condition: Correlation['condition'],
  test: PresenceTest,
  sources: number,
): boolean {
  if (condition.kind === 'predicates') {
    const truth = Array.from({ length: sources }, (_, index) => test(new Uint8Array(0), index + 1));
    return truth.every((now, index) => !now || truth.slice(index).every((later) => later));
  }
  return sources > setsTriedMax ? withoutNot(condition.expression, false) : monotoneOverSets(test, sources);
}

function monotoneOverSets(test: PresenceTest, sources: number): boolean {
  const truth = Array.from({ length: 2 ** sources }, (_, set) => {
    const present = Uint8Array.from({ length: sources }, (__, source) => (set >> source) & 1);
    return test(
      present,
      present.reduce((sum, one) => sum + one, 0),
    );
  });
  for (let set = 1; set < truth.length; set += 1)
    for (let bit = 1; bit < truth.length; bit *= 2)
      if (truth[set] === true && truth[set | bit] === false) return false;
  return true;
}

/** Whether no identifier stands under an odd number of negations. */
function withoutNot(node: Condition, negated: boolean): boolean {
  switch (node.kind) {
    case 'identifier':
      return !negated;
    case 'not':
      return withoutNot(node.child, !negated);
    case 'and':
    case 'or':
      return node.children.every((child) => withoutNot(child, negated));
  }
}
