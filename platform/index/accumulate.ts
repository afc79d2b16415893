import { CanhError, invariant } from '../errors/index.ts';
import type { JsonObject } from '../event.ts';
import { valuesAt, type Scalar } from '../query/document.ts';
import { fieldPaths } from '../query/fields.ts';
import { checkField, checkSize } from './check.ts';
import { compareText } from './order.ts';
import type { Aggregation, AggregationResult } from './port.ts';

/** Distinct values that are told apart; of more, terms count under `other`, and a cardinality is approximate. */
export const VALUES_MAX = 1_000_000;
/** Buckets of a histogram. */
export const BUCKETS_MAX = 10_000;

/** An aggregation under way, one document at a time. */
export interface Accumulator {
  add(time: number, body: JsonObject | undefined): void;
  result(): AggregationResult;
}

type Values = (body: JsonObject | undefined) => readonly Scalar[];

/**
 * Throws `request_invalid`, `index_unknown_field`; `add` throws `request_invalid` beyond `BUCKETS_MAX`. `read` takes the
 * values at a path from what `add` gets.
 */
export function accumulator(aggregation: Aggregation, read: typeof valuesAt = valuesAt): Accumulator {
  const valuesOf = (field: string): Values => distinctValues(field, read);
  switch (aggregation.kind) {
    case 'terms':
      checkSize(aggregation.size);
      return accumulateTerms(valuesOf(aggregation.field), aggregation.size);
    case 'date_histogram':
      return accumulateHistogram(aggregation.intervalMs);
    case 'sum':
      return accumulateSum(valuesOf(aggregation.field));
    case 'cardinality':
      return accumulateCardinality(valuesOf(aggregation.field));
  }
}

/** Distinct values of a field in a document. */
function distinctValues(field: string, read: typeof valuesAt): Values {
  checkField(field);
  const paths = fieldPaths(field);
  return (body) => {
    invariant(body !== undefined, 'the aggregation needs the body');
    let values: readonly Scalar[] | undefined;
    for (const path of paths) {
      const found = read(body, path);
      if (values === undefined || values.length === 0) values = found;
      else if (found.length > 0) values = [...values, ...found];
    }
    if (values === undefined || values.length < 2) return values ?? [];
    return [...new Set(values)];
  };
}

function accumulateTerms(values: Values, size: number): Accumulator {
  const counts = new Map<Scalar, number>();
  let uncounted = 0;
  return {
    add: (_time, body) => {
      for (const value of values(body)) {
        const count = counts.get(value);
        if (count === undefined && counts.size >= VALUES_MAX) uncounted += 1;
        else counts.set(value, (count ?? 0) + 1);
      }
    },
    result: () => {
      const sorted = [...counts].toSorted(([a, m], [b, n]) => n - m || compareScalars(a, b));
      const rest = sorted.slice(size).reduce((sum, [, count]) => sum + count, uncounted);
      return {
        kind: 'terms',
        buckets: sorted.slice(0, size).map(([key, count]) => ({ key, count })),
        other: rest,
      };
    },
  };
}

function accumulateHistogram(intervalMs: number): Accumulator {
  if (!Number.isSafeInteger(intervalMs) || intervalMs < 1) {
    throw new CanhError('request_invalid', 'The interval must be a whole number of milliseconds.');
  }
  const counts = new Map<number, number>();
  return {
    add: (time) => {
      const start = Math.floor(time / intervalMs) * intervalMs;
      counts.set(start, (counts.get(start) ?? 0) + 1);
      if (counts.size > BUCKETS_MAX) {
        throw new CanhError('request_invalid', `The histogram has more than ${BUCKETS_MAX} buckets.`);
      }
    },
    result: () => ({
      kind: 'date_histogram',
      buckets: [...counts].toSorted(([a], [b]) => a - b).map(([start, count]) => ({ start, count })),
    }),
  };
}

/** Integers are added exactly; other numbers as exactly as they are. */
function accumulateSum(values: Values): Accumulator {
  let whole = 0n;
  let rest = 0;
  return {
    add: (_time, body) => {
      for (const value of values(body)) {
        if (typeof value !== 'number') continue;
        if (Number.isInteger(value)) whole += BigInt(value);
        else rest += value;
      }
    },
    result: () => ({ kind: 'sum', value: Number(whole) + rest }),
  };
}

function accumulateCardinality(values: Values): Accumulator {
  const seen = new Set<Scalar>();
  let isFull = false;
  return {
    add: (_time, body) => {
      for (const value of values(body)) {
        if (seen.has(value)) continue;
        if (seen.size >= VALUES_MAX) isFull = true;
        else seen.add(value);
      }
    },
    result: () => ({ kind: 'cardinality', value: seen.size, approximate: isFull }),
  };
}

/** Numbers, then truth values, then text. */
function compareScalars(a: Scalar, b: Scalar): number {
  if (typeof a !== typeof b) return rank(a) - rank(b);
  return typeof a === 'number' && typeof b === 'number' ? a - b : compareText(String(a), String(b));
}

function rank(value: Scalar): number {
  return ['number', 'boolean', 'string'].indexOf(typeof value);
}
