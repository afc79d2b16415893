import { fold } from './fold.ts';
import type { Pattern } from './pattern.ts';
import type { Item, Test, Value } from './rule.ts';

/**
 * Whether every value of an event that satisfies one item satisfies the other too, for certain. Both look at the same
 * field, and `negated` is left aside. What is not seen here is only not said.
 */
export function implies(one: Item, other: Item): boolean {
  if (one === other) return true;
  const reaches = (value: Value): boolean => other.values.some(({ test }) => testImplies(value.test, test));
  if (!other.all) return one.all ? one.values.some(reaches) : one.values.every(reaches);
  return other.values.every(({ test }) => {
    const needs = (value: Value): boolean => testImplies(value.test, test);
    return one.all ? one.values.some(needs) : one.values.every(needs);
  });
}

function testImplies(one: Test, other: Test): boolean {
  if (one.kind === 'text' && other.kind === 'text')
    return (
      (one.cased || !other.cased) &&
      one.patterns.every((a) => other.patterns.some((b) => patternImplies(a, b, other.cased)))
    );
  if (one.kind === 'number' && other.kind === 'compare')
    return plainNumber.test(one.text) && holds(one.value, other.operator, other.value);
  if (one.kind === 'compare' && other.kind === 'compare') return boundImplies(one, other);
  return one.kind === other.kind && JSON.stringify(one) === JSON.stringify(other);
}

/** A number that comparisons read in a text as the rule does. */
const plainNumber = /^-?\d{1,15}$/;

type Compare = Extract<Test, { readonly kind: 'compare' }>;

function boundImplies(one: Compare, other: Compare): boolean {
  if (one.operator.startsWith('gt') !== other.operator.startsWith('gt')) return false;
  if (one.value === other.value) return one.operator === other.operator || other.operator.endsWith('e');
  return one.operator.startsWith('gt') ? one.value > other.value : one.value < other.value;
}

function holds(value: number, operator: Compare['operator'], bound: number): boolean {
  switch (operator) {
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

/** A pattern implies another where that one's only text must stand in every text that fits the first. */
function patternImplies(one: Pattern, other: Pattern, cased: boolean): boolean {
  const same = (text: string): string => (cased ? text : fold(text));
  const texts = other.filter((part) => typeof part === 'string');
  const [text = ''] = texts;
  if (texts.length > 1 || other.some((part) => typeof part !== 'string' && part.wildcard === '?'))
    return same(JSON.stringify(one)) === same(JSON.stringify(other));
  const [first, last] = [one[0], one.at(-1)];
  const open = { start: typeof other[0] !== 'string', end: typeof other.at(-1) !== 'string' };
  if (other.length === 0) return one.length === 0;
  if (open.start && open.end)
    return text === '' || one.some((part) => typeof part === 'string' && same(part).includes(same(text)));
  if (open.end) return typeof first === 'string' && same(first).startsWith(same(text));
  if (open.start) return typeof last === 'string' && same(last).endsWith(same(text));
  return one.length === 1 && typeof first === 'string' && same(first) === same(text);
}
