import { defaultRange, isBound, type TimeRange } from '../time/range.ts';

/** Facets of the queue, in the order of the rail. */
export const facets = ['level', 'state', 'rule', 'agency', 'host', 'user', 'source', 'tactic'] as const;
export type Facet = (typeof facets)[number];

export interface Selection {
  readonly only: readonly string[];
  readonly without: readonly string[];
}
export type Filters = Readonly<Partial<Record<Facet, Selection>>>;
export const sorts = ['time:desc', 'time:asc', 'severity:desc'] as const;
export type Sort = (typeof sorts)[number];

/** Everything that defines the queue's screen; it lives in the address and nowhere else. */
export interface QueueSearch {
  readonly q: string;
  readonly range: TimeRange;
  readonly filters: Filters;
  readonly sort: Sort;
  readonly grouped: boolean;
  /** Id of the alert in the flyout. */
  readonly peek: string;
}

/** Parameters as they stand in the address: each name with one or more values. */
export type RawSearch = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What an analyst wants to see without asking: whatever is still open. */
export const openAlerts: Filters = { state: { only: [], without: ['closed'] } };
export const defaultSearch: QueueSearch = {
  q: '',
  range: defaultRange,
  filters: openAlerts,
  sort: 'time:desc',
  grouped: false,
  peek: '',
};

const QUERY_CHARS_MAX = 4096;
const VALUES_MAX = 50;
/** `state=any` in the address says that the filter on open alerts was taken away. */
const anyState = 'any';

/** Reads the address. A parameter that is broken or unknown falls back and its name is returned, to be told. */
export function decodeSearch(raw: RawSearch): {
  readonly search: QueueSearch;
  readonly broken: readonly string[];
} {
  const broken = new Set<string>();
  const known = new Set([
    'q',
    'from',
    'to',
    'sort',
    'group',
    'peek',
    ...facets,
    ...facets.map((facet) => `-${facet}`),
  ]);
  for (const name of Object.keys(raw)) if (!known.has(name)) broken.add(name);
  const one = (name: string, fallback: string, valid: (value: string) => boolean): string => {
    const value = list(raw[name])[0];
    if (value === undefined) return fallback;
    if (valid(value)) return value;
    broken.add(name);
    return fallback;
  };
  const search: QueueSearch = {
    q: one('q', '', (q) => q.length <= QUERY_CHARS_MAX),
    range: { from: one('from', defaultRange.from, isBound), to: one('to', defaultRange.to, isBound) },
    filters: decodeFilters(raw),
    sort: one('sort', defaultSearch.sort, (sort) => (sorts as readonly string[]).includes(sort)) as Sort,
    grouped: one('group', '0', (group) => group === '0' || group === '1') === '1',
    peek: one('peek', '', (id) => /^[\w-]{0,64}$/.test(id)),
  };
  return { search, broken: [...broken] };
}

/** The shortest address that reads back as `search`. */
export function encodeSearch(search: QueueSearch): RawSearch {
  const raw: Record<string, string | readonly string[]> = {};
  if (search.q !== '') raw['q'] = search.q;
  if (search.range.from !== defaultRange.from) raw['from'] = search.range.from;
  if (search.range.to !== defaultRange.to) raw['to'] = search.range.to;
  for (const facet of facets) {
    const { only, without } = selectionOf(search.filters, facet);
    if (facet === 'state' && isOpenAlerts(only, without)) continue;
    if (only.length > 0) raw[facet] = only;
    if (without.length > 0) raw[`-${facet}`] = without;
    if (facet === 'state' && only.length === 0 && without.length === 0) raw['state'] = anyState;
  }
  if (search.sort !== defaultSearch.sort) raw['sort'] = search.sort;
  if (search.grouped) raw['group'] = '1';
  if (search.peek !== '') raw['peek'] = search.peek;
  return raw;
}

export function selectionOf(filters: Filters, facet: Facet): Selection {
  return filters[facet] ?? { only: [], without: [] };
}

/** Sets one facet; an empty selection removes it. */
export function withSelection(filters: Filters, facet: Facet, selection: Selection): Filters {
  const next: Partial<Record<Facet, Selection>> = { ...filters };
  if (selection.only.length === 0 && selection.without.length === 0) delete next[facet];
  else next[facet] = selection;
  return next;
}

/** A click on a facet's value: shows only this value, or takes it away again when it is already the only one. */
export function toggleOnly(filters: Filters, facet: Facet, value: string): Filters {
  const { only } = selectionOf(filters, facet);
  const taken = only.length === 1 && only[0] === value;
  return withSelection(filters, facet, { only: taken ? [] : [value], without: [] });
}

/** An alt-click on a facet's value: leaves it out, or lets it back in. */
export function toggleWithout(filters: Filters, facet: Facet, value: string): Filters {
  const { only, without } = selectionOf(filters, facet);
  return withSelection(filters, facet, {
    only: only.filter((item) => item !== value),
    without: without.includes(value) ? without.filter((item) => item !== value) : [...without, value],
  });
}

function decodeFilters(raw: RawSearch): Filters {
  let filters: Filters = raw['state'] === undefined && raw['-state'] === undefined ? openAlerts : {};
  for (const facet of facets) {
    const only = list(raw[facet]).filter((value) => facet !== 'state' || value !== anyState);
    const without = list(raw[`-${facet}`]);
    if (only.length + without.length > 0) filters = withSelection(filters, facet, { only, without });
  }
  return filters;
}

function isOpenAlerts(only: readonly string[], without: readonly string[]): boolean {
  return only.length === 0 && without.length === 1 && without[0] === 'closed';
}

function list(value: string | readonly string[] | undefined): readonly string[] {
  const values = value === undefined ? [] : typeof value === 'string' ? [value] : value;
  return values.slice(0, VALUES_MAX);
}
