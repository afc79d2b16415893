import { hash } from 'node:crypto';
import { CanhError } from '../errors/index.ts';
import type { JsonObject } from '../event.ts';
import { valuesAt } from '../query/document.ts';
import { fieldPaths } from '../query/fields.ts';
import { fold } from '../query/tokens.ts';
import { ID_CHARS_MAX } from './check.ts';
import type { SearchRequest, Sort } from './port.ts';

/** Text is sorted by so many characters. */
export const SORT_CHARS_MAX = 256;
const CURSOR_CHARS_MAX = 4 * (ID_CHARS_MAX + SORT_CHARS_MAX) + 128;
const HASH_CHARS = 16;

export const newestFirst: Sort = { field: 'time', order: 'desc' };

/** What a document is sorted by; null where it has no value, which comes last in both directions. */
export type SortKey = number | string | null;

/** A place in a sorted list. */
export interface Position {
  readonly key: SortKey;
  readonly id: string;
}

/** Key of a document: of several values the smallest going up, the largest going down. */
export function sortKey(body: JsonObject, { field, order }: Sort): SortKey {
  let best: SortKey = null;
  for (const path of fieldPaths(field)) {
    for (const value of valuesAt(body, path)) {
      const key = typeof value === 'number' ? value : fold(String(value)).slice(0, SORT_CHARS_MAX);
      if (best === null || compareKeys(key, best) * (order === 'asc' ? 1 : -1) < 0) best = key;
    }
  }
  return best;
}

/** Numbers before text; text by its folded characters. */
function compareKeys(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'number') return -1;
  if (typeof b === 'number') return 1;
  return compareText(a, b);
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Order of two places in a list sorted in `order`; ties by id, in the same direction. */
export function comparePositions(a: Position, b: Position, order: Sort['order']): number {
  const sign = order === 'asc' ? 1 : -1;
  if (a.key === null || b.key === null) {
    if (a.key !== b.key) return a.key === null ? 1 : -1;
  } else {
    const compared = compareKeys(a.key, b.key);
    if (compared !== 0) return sign * compared;
  }
  return sign * compareText(a.id, b.id);
}

/** Opaque text of the place after which the next page begins; it serves this query and sort only. */
export function encodeCursor(collection: string, request: SearchRequest, last: Position): string {
  return Buffer.from(JSON.stringify([listHash(collection, request), last.key, last.id])).toString(
    'base64url',
  );
}

/** Back from `encodeCursor`. Throws `cursor_invalid`. */
export function decodeCursor(collection: string, request: SearchRequest): Position | undefined {
  if (request.cursor === undefined) return undefined;
  const parts = parseList(request.cursor);
  const [list, key, id] = parts;
  const isKey = key === null || typeof key === 'string' || (typeof key === 'number' && Number.isFinite(key));
  if (parts.length !== 3 || list !== listHash(collection, request) || !isKey || typeof id !== 'string') {
    throw new CanhError('cursor_invalid');
  }
  return { key, id };
}

function parseList(cursor: string): readonly unknown[] {
  if (cursor.length > CURSOR_CHARS_MAX) throw new CanhError('cursor_invalid');
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch (cause) {
    throw new CanhError('cursor_invalid', undefined, { cause });
  }
}

function listHash(collection: string, { query, sort = newestFirst }: SearchRequest): string {
  const list = JSON.stringify([collection, query, sort.field, sort.order]);
  return hash('sha256', list, 'base64url').slice(0, HASH_CHARS);
}
