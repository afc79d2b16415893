import type { TimeRange } from '../time/range.ts';
import { facets, selectionOf, type Facet, type Filters, type QueueSearch, type Sort } from './search.ts';

/** Field of the alert's document that each facet counts. */
const facetFields: Readonly<Record<Facet, string>> = {
  level: 'canh.level',
  state: 'canh.state',
  rule: 'rule.id',
  agency: 'canh.agency',
  host: 'host.name',
  user: 'user.name',
  source: 'source.ip',
  tactic: 'threat.tactic.id',
};

const sortFields: Readonly<Record<Sort, string>> = {
  'time:desc': 'time:desc',
  'time:asc': 'time:asc',
  'severity:desc': 'event.severity:desc',
};

/** `field:"value"` in the query language, whatever the value holds. */
export function term(field: string, value: string): string {
  return `${field}:${quote(value)}`;
}

/** A quoted phrase; within quotes a quotation mark is doubled, and nothing else is special. */
export function quote(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}

/** What is typed and what is selected as one query: `or` within a facet, `and` between them. */
export function queryOf(q: string, filters: Filters): string {
  const parts = q.trim() === '' ? [] : [`(${q.trim()})`];
  for (const facet of facets) {
    const { only, without } = selectionOf(filters, facet);
    const field = facetFields[facet];
    if (only.length > 0) parts.push(`(${only.map((value) => term(field, value)).join(' or ')})`);
    for (const value of without) parts.push(`not ${term(field, value)}`);
  }
  return parts.join(' and ');
}

/** The parameters of `GET /alerts` (and, without `sort`, of its overview). */
export function listParameters(search: QueueSearch): Readonly<Record<string, string>> {
  return {
    ...rangeParameters(queryOf(search.q, search.filters), search.range),
    sort: sortFields[search.sort],
  };
}

/** What "all time" begins with: without a start the API takes 30 days. */
const firstTime = '1970-01-01T00:00:00.000Z';

/** Query and bounds as the API takes them. */
export function rangeParameters(q: string, range: TimeRange): Readonly<Record<string, string>> {
  return {
    ...(q === '' ? {} : { q }),
    from: range.from === '' ? firstTime : range.from,
    ...(range.to === '' ? {} : { to: range.to }),
  };
}
