import type { Query } from './ast.ts';
import { dateInterval } from './compare.ts';
import { fieldPaths } from './fields.ts';

/** Times in milliseconds outside of which nothing matches: from inclusive, to exclusive. */
export interface TimeBounds {
  readonly from: number;
  readonly to: number;
}

const UNBOUNDED: TimeBounds = { from: -Infinity, to: Infinity };

/** What a query itself says about `@timestamp`, so that an index need not look at other times. */
export function timeBounds(query: Query): TimeBounds {
  if (query.kind === 'and') return query.children.map(timeBounds).reduce(intersect, UNBOUNDED);
  if (query.kind !== 'range' || fieldPaths(query.field).join() !== '@timestamp') return UNBOUNDED;
  const { lower, upper } = query;
  const above = lower === undefined ? undefined : dateInterval(lower.value);
  const below = upper === undefined ? undefined : dateInterval(upper.value);
  return {
    from: above === undefined ? -Infinity : lower?.inclusive === true ? above.start : above.end,
    to: below === undefined ? Infinity : upper?.inclusive === true ? below.end : below.start,
  };
}

function intersect(a: TimeBounds, b: TimeBounds): TimeBounds {
  return { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) };
}
