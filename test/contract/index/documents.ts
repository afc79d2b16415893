import { timedId } from '../../../platform/ids.ts';
import type { JsonObject } from '../../../platform/event.ts';
import type { Index, IndexStore, NewDocument, SearchRequest } from '../../../platform/index/port.ts';
import { parseQuery } from '../../../platform/query/index.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** Noon of 23 November 2026. */
export const NOON = Date.UTC(2026, 10, 23, 12);

/** What an implementation hands to the table: an empty index, which can be opened a second time. */
export interface OpenedIndex {
  readonly store: IndexStore;
  /** Another handle on the same data, as another process has it. */
  openAgain(): Promise<IndexStore>;
  /** Closes everything and deletes the data. */
  remove(): Promise<void>;
}

/** The index under test; opened before every case. */
export interface Subject {
  current: OpenedIndex;
}

export interface DocumentOptions {
  readonly agency?: string;
  readonly accepted?: number;
  readonly time?: number;
}

/** A document with an id made of `name`; its `@timestamp` is its time. */
export function documentOf(name: string, body: JsonObject = {}, options: DocumentOptions = {}): NewDocument {
  const { agency = 'a1', accepted = NOON, time = accepted } = options;
  return {
    id: timedId(accepted, [name]),
    agency,
    time,
    body: { '@timestamp': new Date(time).toISOString(), name, ...body },
  };
}

/** Creates documents and waits until they are found. Fails when one is not created. */
export async function write(
  store: IndexStore,
  documents: readonly NewDocument[],
  collection: 'events' | 'alerts' | 'transitions' | 'users' = 'events',
): Promise<void> {
  const results = await store.bind({ kind: 'soc' }).create(collection, documents);
  const refused = results.find(({ kind }) => kind !== 'created');
  if (refused !== undefined) throw new Error(`not created: ${JSON.stringify(refused)}`);
  await store.refresh();
}

/** The `name` that `documentOf` gave a document. */
export function nameOf({ body }: NewDocument): string {
  const { name } = body;
  if (typeof name !== 'string') throw new Error('the document has no name');
  return name;
}

/** The `name`s that a query finds among the events, in the order found. */
export async function namesOf(
  index: Index,
  query: string,
  options: Partial<SearchRequest> = {},
): Promise<readonly string[]> {
  const { documents } = await index.search('events', { query: parseQuery(query), size: 1000, ...options });
  return documents.map(nameOf);
}
