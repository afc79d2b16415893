import { useQueries, useQuery } from '@tanstack/react-query';
import type { AlertOverview } from '../../../api/contract/index.ts';
import { useLastGood } from '../api/last-good.ts';
import { overviewQuery } from '../api/queries.ts';
import { queryOf, rangeParameters } from './filter.ts';
import { facets, selectionOf, withSelection, type Facet, type QueueSearch } from './search.ts';

const overviewNames = {
  level: 'levels',
  state: 'states',
  rule: 'rules',
  agency: 'agencies',
  host: 'hosts',
  user: 'users',
  source: 'sources',
  tactic: 'tactics',
} as const satisfies Record<Facet, keyof AlertOverview>;

export type FacetCounts = AlertOverview['levels'];

/**
 * Counts for the screen. A facet with a selection of its own is counted without it, or it could only ever offer what is
 * chosen already.
 */
export function useOverviews(search: QueueSearch) {
  const parametersOf = (filters: QueueSearch['filters']) =>
    rangeParameters(queryOf(search.q, filters), search.range);
  const overview = useLastGood(useQuery(overviewQuery(parametersOf(search.filters))).data);
  const selected = facets.filter((facet) => search.filters[facet] !== undefined);
  const without = useQueries({
    queries: selected.map((facet) =>
      overviewQuery(parametersOf(withSelection(search.filters, facet, { only: [], without: [] }))),
    ),
  });
  const countsOf = (facet: Facet): FacetCounts | undefined => {
    const at = selected.indexOf(facet);
    return (at < 0 ? overview : (without[at]?.data ?? overview))?.[overviewNames[facet]];
  };
  return { overview, countsOf };
}

/** Values of a facet as the rail lists them: those counted, and those selected that no longer occur. */
export function listedValues(
  counts: FacetCounts | undefined,
  search: QueueSearch,
  facet: Facet,
): FacetCounts['buckets'] {
  const buckets = counts?.buckets ?? [];
  const { only, without } = selectionOf(search.filters, facet);
  const missing = [...only, ...without].filter((key) => !buckets.some((bucket) => bucket.key === key));
  return [...buckets, ...missing.map((key) => ({ key, label: key, count: 0 }))];
}
