import { hash } from 'node:crypto';
import type { z } from 'zod';
import { CanhError } from '../platform/errors/index.ts';
import { SIZE_MAX, type SearchRequest, type SearchResult, type Sort } from '../platform/index/port.ts';
import { parseQuery } from '../platform/query/index.ts';
import type { Query } from '../platform/query/ast.ts';
import type { listParameters, overviewParameters } from './contract/index.ts';
import { RequestError } from './http/problem.ts';
import { readTime } from './time.ts';

/** How far back a list goes when nobody says: as long as events stay searchable by default. */
const FROM_DEFAULT = 'now-30d';
const SIZE_DEFAULT = 100;

export interface Range {
  readonly query: Query;
  readonly from: number;
  /** Left out: no upper bound, so that what a clock ahead of time wrote is found too. */
  readonly to?: number;
}

/** Query and time range of a request. Throws `query_syntax`, `RequestError`. */
export function readRange(parameters: z.output<typeof overviewParameters>, now: number): Range {
  const query = parseQuery(parameters.q ?? '');
  const from = readTime('from', parameters.from ?? FROM_DEFAULT, now);
  if (parameters.to === undefined) return { query, from };
  const to = readTime('to', parameters.to, now);
  if (to < from) throw new RequestError('query.to', 'The range ends before it begins.');
  return { query, from, to };
}

/**
 * Search of a list request. A relative range is fixed by the first page: the cursor carries it, so that later pages
 * belong to the same list. `sorts` maps the names that may be sorted by to fields. Throws `query_syntax`,
 * `cursor_invalid`, `RequestError`.
 */
export function readList(
  parameters: z.output<typeof listParameters>,
  now: number,
  sorts: Readonly<Record<string, string>>,
): SearchRequest {
  const sort = readSort(parameters.sort ?? 'time:desc', sorts);
  const range = readRange(parameters, now);
  const size = Math.min(parameters.size ?? SIZE_DEFAULT, SIZE_MAX);
  const request = { ...range, sort, size, countTotal: true };
  if (parameters.cursor === undefined) return request;
  const { from, to, inner } = readCursor(parameters.cursor, fingerprint(parameters));
  return {
    query: range.query,
    from,
    ...(to === undefined ? {} : { to }),
    sort,
    size,
    countTotal: true,
    cursor: inner,
  };
}

/** Cursor of the page after `result`; null when that was the last. */
export function nextCursor(
  parameters: z.output<typeof listParameters>,
  request: SearchRequest,
  result: SearchResult,
): string | null {
  if (result.next === undefined) return null;
  const parts = [fingerprint(parameters), request.from ?? null, request.to ?? null, result.next];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

interface Cursor {
  readonly from: number;
  readonly to: number | undefined;
  readonly inner: string;
}

function readCursor(text: string, expected: string): Cursor {
  const [print, from, to, inner] = decoded(text);
  const complete =
    typeof from === 'number' && (to === null || typeof to === 'number') && typeof inner === 'string';
  if (print !== expected || !complete) throw new CanhError('cursor_invalid');
  return { from, to: to ?? undefined, inner };
}

function decoded(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

/** What must stay the same from page to page. */
function fingerprint({ q, from, to, sort }: z.output<typeof listParameters>): string {
  return hash('sha256', JSON.stringify([q ?? '', from ?? '', to ?? '', sort ?? '']), 'base64url').slice(
    0,
    16,
  );
}

function readSort(text: string, sorts: Readonly<Record<string, string>>): Sort {
  const [name = '', order = 'desc', ...rest] = text.split(':');
  const field = Object.hasOwn(sorts, name) ? sorts[name] : undefined;
  if (field === undefined || (order !== 'asc' && order !== 'desc') || rest.length > 0) {
    const names = Object.keys(sorts).join(', ');
    throw new RequestError('query.sort', `Sort by one of ${names}, followed by :asc or :desc.`);
  }
  return { field, order };
}
