import { conditionCharsMax, parseCondition } from './condition.ts';
import type { Problems } from './problems.ts';
import type { Condition, CorrelationType, Predicate } from './rule.ts';

/** What stands behind the pipe of a condition of Sigma 1, with its meaning as a correlation. */
export type Aggregation =
  | {
      readonly kind: 'figure';
      readonly type: CorrelationType;
      readonly field: string | undefined;
      readonly percentile: number | undefined;
      readonly groupBy: readonly string[];
      readonly predicate: Predicate;
    }
  /** Matches of identifiers near a match of the condition. */
  | { readonly kind: 'near'; readonly expression: Condition };

/** A condition cut at its pipe. */
export interface Pipe {
  readonly before: string;
  readonly after: string;
  /** Characters in front of `after`. */
  readonly index: number;
}

/** The two parts of a condition with an aggregation; undefined where it has none. */
export function splitAtPipe(text: string): Pipe | undefined {
  const index = text.length > conditionCharsMax ? -1 : text.indexOf('|');
  return index < 0
    ? undefined
    : { before: text.slice(0, index), after: text.slice(index + 1), index: index + 1 };
}

interface Place {
  readonly problems: Problems;
  /** Offset of a character of the aggregation. */
  readonly at: (index: number) => number;
}

/** Reads an aggregation over the search identifiers of a rule; undefined where it cannot be read. */
export function readAggregation(
  text: string,
  names: readonly string[],
  { problems, at }: Place,
): Aggregation | undefined {
  const near = /^\s*near\s/.exec(text)?.[0];
  if (near !== undefined) {
    const expression = parseCondition(text.slice(near.length), names, (code, index, detail) =>
      problems.add(code, at(near.length + index), detail),
    );
    return expression && { kind: 'near', expression };
  }
  const start = text.length - text.trimStart().length;
  const aggregation = readFigure(text.trim());
  if (aggregation === undefined)
    problems.add('aggregation_invalid', at(start), { detail: text.trim().slice(0, 80) });
  return aggregation;
}

/** What a function of Sigma 1 is among correlations: the least of values is their percentile 0. */
const functions: Readonly<Record<string, readonly [CorrelationType, number?]>> = {
  sum: ['value_sum'],
  avg: ['value_avg'],
  min: ['value_percentile', 0],
  max: ['value_percentile', 100],
};

const operators: ReadonlyMap<string, Predicate['operator']> = new Map([
  ['>', 'gt'],
  ['>=', 'gte'],
  ['<', 'lt'],
  ['<=', 'lte'],
  ['=', 'eq'],
  ['==', 'eq'],
  ['!=', 'neq'],
]);

const name = '[^\\s(),|<>=!]{1,256}';
const figure = new RegExp(
  `^(count|sum|avg|min|max) ?\\( ?(?:(${name}) ?)?\\)(?: ?by (${name}(?: ?, ?${name}){0,31}))? ?([<>=!]{1,2}) ?(\\d{1,15}(?:\\.\\d{1,15})?)$`,
);

function readFigure(text: string): Aggregation | undefined {
  const [, called = '', field, by, sign = '', number = ''] = figure.exec(text.replaceAll(/\s+/g, ' ')) ?? [];
  const operator = operators.get(sign);
  const [type, percentile] =
    called === 'count'
      ? [field === undefined ? ('event_count' as const) : ('value_count' as const)]
      : (functions[called] ?? []);
  if (operator === undefined || type === undefined || (called !== 'count' && field === undefined))
    return undefined;
  const groupBy = by === undefined ? [] : by.split(',').map((one) => one.trim());
  return { kind: 'figure', type, field, percentile, groupBy, predicate: { operator, value: Number(number) } };
}
