import { countedFields, latestChain, textsOf, valueOf, type Hit } from './oracle.ts';
import type { Condition, Correlation, CorrelationType, Predicate } from '../../../sigma/language/rule.ts';

/** Whether a window satisfies a correlation. */
export function satisfied(correlation: Correlation, hits: readonly Hit[]): boolean {
  const { condition, type, refers } = correlation;
  if (type === 'temporal_ordered') return latestChain(correlation, hits) !== undefined;
  const present = new Set(hits.map(({ key }) => key));
  if (type === 'temporal') return holdsOf(correlation, present);
  if (condition.kind !== 'predicates') throw new Error(`${type} of ${refers.length} needs predicates`);
  const figure = figureOf(correlation, hits);
  return figure !== undefined && condition.predicates.every((predicate) => compare(figure, predicate));
}

/** Whether a set of rules satisfies a temporal correlation. */
function holdsOf({ condition, refers }: Correlation, present: ReadonlySet<string>): boolean {
  const keys = new Set(refers.map(({ key }) => key));
  if (condition.kind === 'predicates')
    return condition.predicates.length === 0
      ? [...keys].every((key) => present.has(key))
      : condition.predicates.every((predicate) => compare(present.size, predicate));
  const named = new Map(refers.map(({ written, key }) => [written, key]));
  return evaluate(condition.expression, (name) => present.has(named.get(name) ?? ''));
}

function evaluate(condition: Condition, isPresent: (name: string) => boolean): boolean {
  switch (condition.kind) {
    case 'identifier':
      return isPresent(condition.name);
    case 'not':
      return !evaluate(condition.child, isPresent);
    case 'and':
      return condition.children.every((child) => evaluate(child, isPresent));
    case 'or':
      return condition.children.some((child) => evaluate(child, isPresent));
  }
}

function compare(figure: number, { operator, value }: Predicate): boolean {
  switch (operator) {
    case 'lt':
      return figure < value;
    case 'lte':
      return figure <= value;
    case 'gt':
      return figure > value;
    case 'gte':
      return figure >= value;
    case 'eq':
      return figure === value;
    case 'neq':
      return figure !== value;
  }
}

/** The figure that a type makes of a window; undefined where a match has nothing that counts. */
export function figureOf(correlation: Correlation, hits: readonly Hit[]): number | undefined {
  switch (correlation.type) {
    case 'event_count':
      return hits.length;
    case 'temporal':
    case 'temporal_ordered':
      return new Set(hits.map(({ key }) => key)).size;
    case 'value_count': {
      const texts = hits.map((hit) => textsOf(correlation, hit, countedFields(correlation)));
      return texts.includes(undefined) ? undefined : new Set(texts.map((text) => JSON.stringify(text))).size;
    }
    case 'value_sum':
    case 'value_avg':
    case 'value_percentile':
    case 'value_median': {
      const [field = ''] = countedFields(correlation);
      const numbers = hits.map((hit) => numberOf(valueOf(correlation, hit, field)));
      return numbers.every((number) => number !== undefined) ? calculated(correlation, numbers) : undefined;
    }
  }
}

function calculated({ type, condition }: Correlation, numbers: readonly number[]): number {
  const sum = numbers.reduce((total, number) => total + number, 0);
  if (type === 'value_sum') return sum;
  if (type === 'value_avg') return sum / numbers.length;
  const p = type === 'value_median' ? 50 : condition.kind === 'predicates' ? condition.percentile : undefined;
  if (p === undefined) throw new Error('a percentile is given');
  const ascending = numbers.toSorted((a, b) => a - b);
  const rank = ((ascending.length - 1) * p) / 100;
  const low = ascending[Math.floor(rank)] ?? Number.NaN;
  const high = ascending[Math.ceil(rank)] ?? Number.NaN;
  return low + (high - low) * (rank - Math.floor(rank));
}

/** Numbers and texts that are a decimal or `0x` number as a whole. */
function numberOf(value: unknown): number | undefined {
  const number =
    typeof value === 'number' || typeof value === 'bigint'
      ? Number(value)
      : typeof value === 'string' && value.trim() !== '' && !/^\s*0[bo]|infinity/i.test(value)
        ? Number(value)
        : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

/**
 * The figure that a signal tells: of counts that can only grow, the least that satisfies; of `temporal_ordered`, the
 * steps; else that of the window.
 */
export function valueToTell(correlation: Correlation, hits: readonly Hit[]): number {
  const { type, condition, refers } = correlation;
  if (type === 'temporal_ordered') return refers.length;
  const figure = figureOf(correlation, hits) ?? Number.NaN;
  if ((type !== 'event_count' && type !== 'value_count') || isOpened(correlation)) return figure;
  let least = 1;
  while (
    condition.kind === 'predicates' &&
    !condition.predicates.every((predicate) => compare(least, predicate))
  )
    least += 1;
  return least;
}

const figuresOfWhatWasSeen: readonly CorrelationType[] = ['value_avg', 'value_percentile', 'value_median'];

/**
 * Whether matches open the windows of a correlation, rather than close them: where a further match can make a
 * satisfied window unsatisfied.
 */
export function isOpened(correlation: Correlation): boolean {
  const { type, condition, refers } = correlation;
  if (type === 'temporal_ordered' || figuresOfWhatWasSeen.includes(type)) return false;
  if (type !== 'temporal')
    return (
      condition.kind === 'predicates' &&
      condition.predicates.some(({ operator }) => operator !== 'gt' && operator !== 'gte')
    );
  const keys = [...new Set(refers.map(({ key }) => key))];
  return subsetsOf(keys).some(
    (some) =>
      holdsOf(correlation, new Set(some)) &&
      keys.some((key) => !some.includes(key) && !holdsOf(correlation, new Set([...some, key]))),
  );
}

/** All but the empty one: a window has a match. */
function subsetsOf(keys: readonly string[]): readonly (readonly string[])[] {
  return keys
    .reduce<readonly (readonly string[])[]>(
      (sets, key) => [...sets, ...sets.map((set) => [...set, key])],
      [[]],
    )
    .filter((set) => set.length > 0);
}
