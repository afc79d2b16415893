import type { Aggregation, AggregationResult, Index } from '../../platform/index/port.ts';
import type { Query } from '../../platform/query/ast.ts';
import type { AlertOverview } from '../contract/index.ts';
import { textAt, textsAt } from '../document.ts';
import type { Range } from '../list.ts';
import { isoTime } from '../time.ts';

/** Bars that a histogram has at most. */
export const BUCKETS_MAX = 120;
/** Values that a facet shows; the rest is counted under `other`. */
export const FACET_SIZE = 10;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Widths of a bar that a person can read off an axis. */
const STEPS = [
  ...[1, 5, 10, 30].map((n) => n * SECOND),
  ...[1, 5, 10, 30].map((n) => n * MINUTE),
  ...[1, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 7].map((n) => n * DAY),
];

/** Each facet: the field it counts and, where a value does not speak for itself, the field that names it. */
const facets = {
  levels: { field: 'canh.level' },
  states: { field: 'canh.state' },
  rules: { field: 'rule.id', label: 'rule.name' },
  agencies: { field: 'canh.agency' },
  hosts: { field: 'host.name' },
  users: { field: 'user.name' },
  sources: { field: 'source.ip' },
  tactics: { field: 'threat.tactic.id', label: 'threat.tactic.name' },
} as const;
type FacetName = keyof typeof facets;
type Facet = AlertOverview[FacetName];

/** Counts of the alerts in a range: in all, by facet and over time. */
export async function readOverview(index: Index, range: Range, now: number): Promise<AlertOverview> {
  const end = Math.max(range.to ?? now, range.from);
  const intervalMs = intervalOf(end - range.from);
  const aggregations: Record<string, Aggregation> = { histogram: { kind: 'date_histogram', intervalMs } };
  for (const [name, { field }] of Object.entries(facets)) {
    aggregations[name] = { kind: 'terms', field, size: FACET_SIZE };
  }
  const results = await index.aggregate('alerts', { ...range, aggregations });
  const histogram = bucketsOf(results['histogram'], Math.floor(end / intervalMs) * intervalMs);
  const facet = async (name: FacetName): Promise<Facet> => await toFacet(index, range, name, results[name]);
  const [levels, states, rules, agencies, hosts, users, sources, tactics] = await Promise.all([
    facet('levels'),
    facet('states'),
    facet('rules'),
    facet('agencies'),
    facet('hosts'),
    facet('users'),
    facet('sources'),
    facet('tactics'),
  ]);
  return {
    total: histogram.reduce((sum, bucket) => sum + bucket.count, 0),
    levels,
    states,
    rules,
    agencies,
    hosts,
    users,
    sources,
    tactics,
    histogram: {
      interval_ms: intervalMs,
      buckets: histogram.map(({ start, count }) => ({ start: isoTime(start), count })),
    },
  };
}

/** Width of a bar for a range of `spanMs`, so that there are at most `BUCKETS_MAX` wherever the range begins. */
export function intervalOf(spanMs: number): number {
  // A range that begins within a bar touches one bar more than fit into it.
  const least = spanMs / (BUCKETS_MAX - 1);
  return STEPS.find((step) => step >= least) ?? Math.ceil(least / (7 * DAY)) * 7 * DAY;
}

/** Bars up to the last of the range; what a clock ahead of time put behind it counts in that one. */
function bucketsOf(
  result: AggregationResult | undefined,
  last: number,
): readonly { readonly start: number; readonly count: number }[] {
  if (result?.kind !== 'date_histogram') return [];
  const within = result.buckets.filter((bucket) => bucket.start < last);
  const rest = result.buckets.filter((bucket) => bucket.start >= last);
  const count = rest.reduce((sum, bucket) => sum + bucket.count, 0);
  return count === 0 ? within : [...within, { start: last, count }];
}

async function toFacet(
  index: Index,
  range: Range,
  name: FacetName,
  result: AggregationResult | undefined,
): Promise<Facet> {
  if (result?.kind !== 'terms') return { buckets: [], other: 0 };
  const facet = facets[name];
  const buckets = await Promise.all(
    result.buckets.map(async (bucket) => {
      const key = typeof bucket.key === 'string' ? bucket.key : JSON.stringify(bucket.key);
      const label = 'label' in facet ? await labelOf(index, range, { ...facet, key }) : key;
      return { key, label, count: bucket.count };
    }),
  );
  return { buckets, other: result.other };
}

/** How the newest alert with this value names it. */
async function labelOf(
  index: Index,
  range: Range,
  facet: { readonly field: string; readonly label: string; readonly key: string },
): Promise<string> {
  const { field, label, key } = facet;
  const value: Query = { kind: 'field', field, value: key, prefix: false };
  const query: Query = { kind: 'and', children: [range.query, value] };
  const { documents } = await index.search('alerts', { ...range, query, size: 1 });
  const body = documents[0]?.body;
  if (body === undefined) return key;
  const at = textsAt(body, field).indexOf(key);
  return textsAt(body, label)[at] ?? textAt(body, label) ?? key;
}
