import { isFieldInBrief } from '../brief.ts';
import { checkField, checkSize } from '../check.ts';
import {
  comparePositions,
  decodeCursor,
  encodeCursor,
  newestFirst,
  sortKey,
  type Position,
} from '../order.ts';
import {
  TOTAL_MAX,
  type Collection,
  type SearchRequest,
  type SearchResult,
  type Sort,
  type StoredDocument,
  type Tenant,
} from '../port.ts';
import type { IndexFiles } from './files.ts';
import { get } from './get.ts';
import { mergeByTime } from './merge.ts';
import { rangeIn, scanFile, toScan, type Scan } from './scan.ts';

interface Found {
  readonly position: Position;
  /** Undefined where it is gone since it was found. */
  readonly document: StoredDocument | undefined;
}

/** Search over all files of a collection. Throws `request_invalid`, `index_unknown_field`, `cursor_invalid`. */
export async function search(
  files: IndexFiles,
  collection: Collection,
  tenant: Tenant,
  request: SearchRequest,
): Promise<SearchResult> {
  const { size, sort = newestFirst } = request;
  checkSize(size);
  checkField(sort.field);
  const after = decodeCursor(collection, request);
  const scan = toScan(collection, tenant, request);
  // One more than asked for tells whether there is a next page.
  const found =
    sort.field === 'time'
      ? await firstByTime(files, scan, sort.order, { after, size: size + 1 })
      : await firstByField(files, scan, sort, { after, size: size + 1 });
  const page = found.slice(0, size);
  const last = found.length > size ? page.at(-1) : undefined;
  const isWhole = last === undefined && after === undefined;
  const total =
    request.countTotal !== true
      ? undefined
      : isWhole
        ? { value: page.length, relation: 'eq' as const }
        : await countTotal(files, scan);
  return {
    documents: page.flatMap(({ document }) => document ?? []),
    ...(last === undefined ? {} : { next: encodeCursor(collection, request, last.position) }),
    ...(total === undefined ? {} : { total }),
  };
}

interface Page {
  readonly after: Position | undefined;
  readonly size: number;
}

/** The files' hits are in order of time already, so this stops as soon as the page is full. */
async function firstByTime(
  files: IndexFiles,
  scan: Scan,
  order: Sort['order'],
  { after, size }: Page,
): Promise<readonly Found[]> {
  const place = typeof after?.key === 'number' ? { time: after.key, id: after.id } : undefined;
  const found: Found[] = [];
  for await (const { time, id, document } of mergeByTime(files, scan, order, place)) {
    if (document !== undefined) found.push({ position: { key: time, id }, document });
    if (found.length >= size) break;
  }
  return found;
}

/** Every hit has to be seen; only the places of the first ones are kept. */
async function firstByField(
  files: IndexFiles,
  scan: Scan,
  sort: Sort,
  { after, size }: Page,
): Promise<readonly Found[]> {
  const reads = isFieldInBrief(scan.collection, sort.field) ? 'brief' : 'document';
  let kept: Position[] = [];
  const shrink = (): void => {
    kept.sort((a, b) => comparePositions(a, b, sort.order));
    kept = kept.slice(0, size);
  };
  for (const name of files.list(scan.collection)) {
    for await (const hits of scanFile(files, name, { ...scan, reads }, { order: 'desc' })) {
      for (const { id, body } of hits) {
        if (body === undefined) continue;
        const position = { key: sortKey(body, sort), id };
        if (after === undefined || comparePositions(position, after, sort.order) > 0) kept.push(position);
      }
      if (kept.length > 4 * size) shrink();
    }
  }
  shrink();
  const ids = kept.map(({ id }) => id);
  const documents = get(files, scan.collection, scan.tenant, ids);
  return kept.map((position, i) => ({ position, document: documents[i] }));
}

async function countTotal(files: IndexFiles, scan: Scan): Promise<NonNullable<SearchResult['total']>> {
  let value = 0;
  for (const name of files.list(scan.collection)) {
    value += countFound(files, name, scan) ?? (await countHits(files, name, scan));
    if (value > TOTAL_MAX) return { value: TOTAL_MAX, relation: 'gte' };
  }
  return { value, relation: 'eq' };
}

/** What full text finds in a file, where that is just what is searched for; not much further than `TOTAL_MAX`. */
function countFound(files: IndexFiles, name: string, scan: Scan): number | undefined {
  const table = files.find(name, scan.collection);
  const { match, exact } = scan.prefilter;
  if (table === undefined || !table.searchable || !exact || match === undefined) return undefined;
  const span = table.span();
  const range = rangeIn(table, scan);
  if (span === undefined || range === undefined || range.from > span.min || range.to <= span.max) {
    return undefined;
  }
  return table.countMatches(match, TOTAL_MAX + 1);
}

async function countHits(files: IndexFiles, name: string, scan: Scan): Promise<number> {
  let count = 0;
  for await (const hits of scanFile(files, name, { ...scan, reads: 'nothing' }, { order: 'desc' })) {
    count += hits.length;
    if (count > TOTAL_MAX) break;
  }
  return count;
}
