import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { JsonObject, JsonValue } from '../../platform/event.ts';
import { SIZE_MAX, socTenant } from '../../platform/index/port.ts';
import { openSqliteIndex } from '../../platform/index/sqlite/index.ts';
import { matchAll } from '../../platform/query/ast.ts';
import { parseQuery } from '../../platform/query/index.ts';

const POLL_MS = 200;
/** Nothing new for so long means that nothing more will come. */
const PROGRESS_MS_MAX = 60_000;

/** All events that a query finds, as `canh events` prints them, while Canh runs. */
export async function eventsOf(directory: string, query: string): Promise<readonly JsonObject[]> {
  if (!existsSync(directory)) return [];
  const store = openSqliteIndex({ directory });
  const index = store.bind(socTenant);
  const found: JsonObject[] = [];
  let cursor: string | undefined;
  do {
    const page = await index.search('events', {
      query: parseQuery(query),
      size: SIZE_MAX,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { id, body } of page.documents) found.push({ id, ...body });
    cursor = page.next;
  } while (cursor !== undefined);
  await store.close();
  return found;
}

/** How many events there are of each value of a field. */
export async function countsOf(directory: string, field: string): Promise<ReadonlyMap<string, number>> {
  if (!existsSync(directory)) return new Map();
  const store = openSqliteIndex({ directory });
  const { counts } = await store.bind(socTenant).aggregate('events', {
    query: matchAll,
    aggregations: { counts: { kind: 'terms', field, size: SIZE_MAX } },
  });
  await store.close();
  const buckets = counts?.kind === 'terms' ? counts.buckets : [];
  return new Map(buckets.flatMap(({ key, count }) => (typeof key === 'string' ? [[key, count]] : [])));
}

/** Resolves with the events of a query when `enough` is content with them; rejects when no more come. */
export async function untilEvents(
  directory: string,
  query: string,
  enough: (events: readonly JsonObject[]) => boolean,
): Promise<readonly JsonObject[]> {
  return await until(() => eventsOf(directory, query), enough, `events of: ${query}`);
}

/** Resolves with what is found when it is enough; rejects when it stays the same for too long. */
export async function until<T extends { readonly length: number } | { readonly size: number }>(
  look: () => Promise<T>,
  enough: (found: T) => boolean,
  what: string,
): Promise<T> {
  let seen = -1;
  let since = Date.now();
  for (;;) {
    const found = await look();
    if (enough(found)) return found;
    const count = 'size' in found ? found.size : found.length;
    if (count !== seen) since = Date.now();
    else if (Date.now() - since > PROGRESS_MS_MAX) throw new Error(`stuck at ${count} ${what}`);
    seen = count;
    await wait(POLL_MS);
  }
}

/** The value at a dotted path; undefined where there is none. */
export function valueAt(body: JsonObject, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = body;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    value = (value as JsonObject)[name];
  }
  return value;
}
