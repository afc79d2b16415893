import type { JsonObject, JsonValue } from '../event.ts';
import type { Query } from '../query/ast.ts';

/**
 * Who asks. The SOC sees every agency; an agency sees its own documents only. It comes from the credential, never from
 * a request.
 */
export type Tenant = { readonly kind: 'soc' } | { readonly kind: 'agency'; readonly agency: string };

export const socTenant: Tenant = { kind: 'soc' };

/** What is counted and sorted by all the time in alerts, whose explanations are long. */
const alertBrief = [
  'canh.agency',
  'canh.level',
  'canh.state',
  'canh.verdict',
  'canh.assignee',
  'canh.fold_key',
  'rule.id',
  'rule.name',
  'event.severity',
  'host.name',
  'user.name',
  'source.ip',
  'threat.tactic.id',
  'threat.tactic.name',
  'threat.technique.id',
  'threat.technique.name',
];

interface CollectionSpec {
  readonly period: 'day' | 'month' | 'none';
  readonly searchable: boolean;
  /** Fields whose values an index may keep apart, so that counting by them need not read whole bodies. */
  readonly brief: readonly string[];
}

/** Collections with a day or a month in their name take it from the id's acceptance time (`platform/ids.ts`). */
export const collections = {
  events: { period: 'day', searchable: true, brief: [] },
  alerts: { period: 'month', searchable: true, brief: alertBrief },
  deadletters: { period: 'month', searchable: true, brief: [] },
  transitions: { period: 'none', searchable: true, brief: [] },
  users: { period: 'none', searchable: false, brief: [] },
  sources: { period: 'none', searchable: true, brief: [] },
  manifests: { period: 'none', searchable: false, brief: [] },
  correlations: { period: 'none', searchable: false, brief: [] },
} as const satisfies Record<string, CollectionSpec>;
export type Collection = keyof typeof collections;

/** A document to create. `agency` and `time` repeat what is inside, so that every implementation can bind and sort. */
export interface NewDocument {
  readonly id: string;
  /** Empty for the SOC's own. */
  readonly agency: string;
  /** Milliseconds; what searches by time mean. */
  readonly time: number;
  readonly body: JsonObject;
}

export interface StoredDocument extends NewDocument {
  /** Opaque; for `replace`. */
  readonly version: string;
}

export type CreateResult =
  | { readonly kind: 'created' }
  | { readonly kind: 'exists' }
  | { readonly kind: 'rejected'; readonly reason: string };

export type ReplaceResult =
  | { readonly kind: 'replaced'; readonly version: string }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'rejected'; readonly reason: string };

/** Sort field: a dotted path of the body, or `time`. Ties break by id, in the same direction. */
export interface Sort {
  readonly field: string;
  readonly order: 'asc' | 'desc';
}

export interface SearchRequest {
  readonly query: Query;
  /** Bounds of `time`: from inclusive, to exclusive. */
  readonly from?: number;
  readonly to?: number;
  /** Default: newest first. */
  readonly sort?: Sort;
  /** 1 to 1000. */
  readonly size: number;
  /** `next` of the page before. */
  readonly cursor?: string;
  /** Count all hits, up to `TOTAL_MAX`. */
  readonly countTotal?: boolean;
}

export const SIZE_MAX = 1000;
export const TOTAL_MAX = 10_000;

export interface SearchResult {
  readonly documents: readonly StoredDocument[];
  /** Absent when this was the last page. */
  readonly next?: string;
  readonly total?: { readonly value: number; readonly relation: 'eq' | 'gte' };
}

export type Aggregation =
  | { readonly kind: 'terms'; readonly field: string; readonly size: number }
  | { readonly kind: 'date_histogram'; readonly intervalMs: number }
  | { readonly kind: 'sum'; readonly field: string }
  | { readonly kind: 'cardinality'; readonly field: string };

export type AggregationResult =
  /** Largest count first, ties by key; `other` counts documents in buckets not shown. */
  | {
      readonly kind: 'terms';
      readonly buckets: readonly { readonly key: JsonValue; readonly count: number }[];
      readonly other: number;
    }
  /** Only buckets that hold something; `start` in milliseconds. */
  | {
      readonly kind: 'date_histogram';
      readonly buckets: readonly { readonly start: number; readonly count: number }[];
    }
  | { readonly kind: 'sum'; readonly value: number }
  | { readonly kind: 'cardinality'; readonly value: number; readonly approximate: boolean };

export interface AggregateRequest {
  readonly query: Query;
  readonly from?: number;
  readonly to?: number;
  readonly aggregations: Readonly<Record<string, Aggregation>>;
}

/** The index as one tenant sees it. Every implementation passes `test/contract/index.ts`. */
export interface Index {
  /** Creates what is not there yet, item by item; durable when it resolves. */
  create(collection: Collection, documents: readonly NewDocument[]): Promise<readonly CreateResult[]>;
  /** At once, also what a search does not find yet. In the order of `ids`. */
  get(collection: Collection, ids: readonly string[]): Promise<readonly (StoredDocument | undefined)[]>;
  /** Replaces the body if it is still at `version`. */
  replace(collection: Collection, document: StoredDocument): Promise<'replaced' | 'conflict'>;
  /** The same, item by item; durable when it resolves. An id may stand in it once. */
  replaceEach(
    collection: Collection,
    documents: readonly StoredDocument[],
  ): Promise<readonly ReplaceResult[]>;
  search(collection: Collection, request: SearchRequest): Promise<SearchResult>;
  aggregate(
    collection: Collection,
    request: AggregateRequest,
  ): Promise<Readonly<Record<string, AggregationResult>>>;
}

/** The whole index; only handed out bound to a tenant. */
export interface IndexStore {
  bind(tenant: Tenant): Index;
  /** Resolves when everything created so far is found by searches. */
  refresh(): Promise<void>;
  /** Drops days (months) that ended before `before` (milliseconds); returns their names. */
  expire(collection: 'events' | 'alerts' | 'deadletters', before: number): Promise<readonly string[]>;
  close(): Promise<void>;
}
