import { setImmediate } from 'node:timers/promises';
import type { JsonObject } from '../../event.ts';
import type { Query } from '../../query/ast.ts';
import { timeBounds } from '../../query/bounds.ts';
import { compileQuery } from '../../query/match.ts';
import { hasBriefs, isQueryInBrief, toBrief } from '../brief.ts';
import type { Collection, Sort, StoredDocument, Tenant } from '../port.ts';
import type { IndexFiles } from './files.ts';
import { prefilter, type Prefilter } from './prefilter.ts';
import type { Entry, Table, TimeRange } from './table.ts';

/** Entries looked at before others get their turn; small at first, because a page is often full soon. */
const CHUNK_MIN = 64;
const CHUNK_MAX = 1024;
/** Further than any time, and integers still. */
const TIME_BOUND = 8.7e15;

export interface Hit extends Entry {
  /** The document's body or its brief, as asked for; may be left out where nobody asked for either. */
  readonly body?: JsonObject;
  /** Left out where nobody asked for it. */
  readonly document?: StoredDocument;
}

/** What is searched for, by whom, and where. */
export interface Scan {
  readonly collection: Collection;
  readonly tenant: Tenant;
  readonly prefilter: Prefilter;
  readonly test: (body: JsonObject) => boolean;
  readonly from: number;
  readonly to: number;
  /** The narrower range in files where `@timestamp` is the time. */
  readonly within: { readonly from: number; readonly to: number };
  /** Whether the test can tell from a brief. */
  readonly testsBrief: boolean;
  /** What hits come with. */
  readonly reads: 'document' | 'brief' | 'nothing';
}

export function toScan(
  collection: Collection,
  tenant: Tenant,
  request: { readonly query: Query; readonly from?: number; readonly to?: number },
): Scan {
  const from = Math.max(request.from ?? -TIME_BOUND, -TIME_BOUND);
  const to = Math.min(request.to ?? TIME_BOUND, TIME_BOUND);
  const bounds = timeBounds(request.query);
  return {
    collection,
    tenant,
    prefilter: prefilter(request.query, tenant),
    test: compileQuery(request.query),
    from,
    to,
    within: { from: Math.max(from, bounds.from), to: Math.min(to, bounds.to) },
    testsBrief: isQueryInBrief(collection, request.query),
    reads: 'document',
  };
}

/** The part of a file in which hits can be; undefined when there is none. */
export function rangeIn(
  table: Table,
  scan: Scan,
): { readonly from: number; readonly to: number } | undefined {
  const span = table.span();
  if (span === undefined) return undefined;
  const wanted = table.hasOwnTimes() ? scan.within : scan;
  const from = Math.max(wanted.from, span.min);
  const to = Math.min(wanted.to, span.max + 1);
  return from < to ? { from, to } : undefined;
}

/**
 * Hits of one file in order of time, in chunks; others get their turn in between. Ends early when the file is deleted
 * meanwhile.
 */
export async function* scanFile(
  files: IndexFiles,
  name: string,
  scan: Scan,
  start: { readonly order: Sort['order']; readonly after?: TimeRange['after'] },
): AsyncGenerator<readonly Hit[], void, undefined> {
  const table = files.find(name, scan.collection);
  const bounds = table === undefined ? undefined : rangeIn(table, scan);
  if (table === undefined || bounds === undefined) return;
  const range: TimeRange = {
    order: start.order,
    ...bounds,
    ...(start.after === undefined ? {} : { after: start.after }),
  };
  const match = table.searchable ? scan.prefilter.match : undefined;
  const { candidatesMax } = files.limits;
  const isRare = match !== undefined && table.countMatches(match, candidatesMax + 1) <= candidatesMax;
  const chunks = isRare ? chunksOf(table.matches(match, range)) : undefined;
  let after = range.after;
  for (let size = CHUNK_MIN; ; size = Math.min(2 * size, CHUNK_MAX)) {
    const current = files.find(name, scan.collection);
    if (current === undefined) return;
    const chunk = chunks === undefined ? current.walk(withAfter(range, after), size) : chunks.next().value;
    if (chunk === undefined || chunk.length === 0) return;
    after = chunk.at(-1);
    const hits = judge(current, scan, chunk, isRare || match === undefined);
    if (hits.length > 0) yield hits;
    await setImmediate();
  }
}

function withAfter(range: TimeRange, after: TimeRange['after']): TimeRange {
  return after === undefined ? range : { ...range, after };
}

function* chunksOf(entries: readonly Entry[]): Generator<readonly Entry[], undefined, undefined> {
  for (let at = 0, size = CHUNK_MIN; at < entries.length; at += size, size = Math.min(2 * size, CHUNK_MAX)) {
    yield entries.slice(at, at + size);
  }
  return undefined;
}

/** The hits among `entries`. `filtered`: they are what the full text finds. */
function judge(table: Table, scan: Scan, entries: readonly Entry[], filtered: boolean): readonly Hit[] {
  const { tenant } = scan;
  const bound = tenant.kind === 'soc' || (table.searchable && filtered);
  const sure = scan.prefilter.exact && filtered;
  if (sure && bound && scan.reads === 'nothing') return entries;
  const rows = entries.map(({ n }) => n);
  const hits: Hit[] = [];
  if (hasBriefs(scan.collection) && scan.reads !== 'document' && (sure || scan.testsBrief)) {
    const briefs = table.fetchBriefs(rows, tenant);
    for (const { n, time, id } of entries) {
      const body = briefs.get(n);
      if (body !== undefined && (sure || scan.test(body))) hits.push({ n, time, id, body });
    }
    return hits;
  }
  const documents = table.fetch(rows, tenant);
  for (const entry of entries) {
    const document = documents.get(entry.n);
    if (document === undefined || !(sure || scan.test(document.body))) continue;
    const body = scan.reads === 'brief' ? toBrief(scan.collection, document.body) : document.body;
    hits.push({ ...entry, body, document });
  }
  return hits;
}
