import { CanhError } from '../../errors/index.ts';
import { prepareDocument } from '../check.ts';
import type {
  Collection,
  CreateResult,
  Index,
  IndexStore,
  NewDocument,
  ReplaceResult,
  StoredDocument,
  Tenant,
} from '../port.ts';
import { periodEnd } from '../period.ts';
import { aggregate } from './aggregate.ts';
import { IndexFiles } from './files.ts';
import { get } from './get.ts';
import { search } from './search.ts';
import type { ReplacedDocument, WrittenDocument } from './table.ts';

const OPEN_FILES_MAX = 64;
/** Documents that full text finds in a file before it is cheaper to go through the file by time. */
const CANDIDATES_MAX = 20_000;

export interface SqliteIndexOptions {
  /** Made where it does not exist. */
  readonly directory: string;
  readonly openFilesMax?: number;
  /** Bytes of one file; beyond it the disk counts as full. */
  readonly fileBytesMax?: number;
  readonly candidatesMax?: number;
}

/**
 * The embedded index: SQLite files by day and month in one directory, which several threads and processes may have open
 * at once. Everything created is durable and found at once. Methods throw `disk_full` with nothing half written.
 */
export function openSqliteIndex(options: SqliteIndexOptions): IndexStore {
  const { directory, openFilesMax = OPEN_FILES_MAX, candidatesMax = CANDIDATES_MAX, fileBytesMax } = options;
  const files = new IndexFiles(directory, {
    openFilesMax,
    candidatesMax,
    ...(fileBytesMax === undefined ? {} : { fileBytesMax }),
  });
  return {
    bind: (tenant) => bindIndex(files, tenant),
    refresh: async () => {},
    expire: async (collection, before) => {
      const old = files
        .list(collection)
        .filter((name) => (periodEnd(collection, name) ?? Infinity) <= before);
      for (const name of old) files.remove(name);
      return old;
    },
    close: async () => {
      files.close();
    },
  };
}

function bindIndex(files: IndexFiles, tenant: Tenant): Index {
  return {
    create: async (collection, documents) => create(files, collection, tenant, documents),
    get: async (collection, ids) => get(files, collection, tenant, ids),
    replace: async (collection, document) => replace(files, collection, tenant, document),
    replaceEach: async (collection, documents) => replaceEach(files, collection, tenant, documents),
    search: async (collection, request) => await search(files, collection, tenant, request),
    aggregate: async (collection, request) => await aggregate(files, collection, tenant, request),
  };
}

function create(
  files: IndexFiles,
  collection: Collection,
  tenant: Tenant,
  documents: readonly NewDocument[],
): readonly CreateResult[] {
  const results: CreateResult[] = [];
  const batches = new Map<string, { readonly at: number; readonly document: WrittenDocument }[]>();
  for (const [at, document] of documents.entries()) {
    const prepared = prepareDocument(collection, tenant, document);
    const name = files.nameOf(collection, document.id);
    if (typeof prepared === 'string' || name === undefined) {
      const reason = typeof prepared === 'string' ? prepared : 'The id names no period.';
      results[at] = { kind: 'rejected', reason };
      continue;
    }
    const batch = batches.get(name) ?? [];
    if (batch.length === 0) batches.set(name, batch);
    batch.push({ at, document: { ...document, prepared } });
  }
  for (const [name, batch] of batches) {
    const written = files.make(name, collection).create(batch.map(({ document }) => document));
    for (const [i, { at }] of batch.entries()) {
      results[at] = written[i] === true ? { kind: 'created' } : { kind: 'exists' };
    }
  }
  return results;
}

function replace(
  files: IndexFiles,
  collection: Collection,
  tenant: Tenant,
  document: StoredDocument,
): 'replaced' | 'conflict' {
  const [result] = replaceEach(files, collection, tenant, [document]);
  if (result?.kind === 'rejected') throw new CanhError('index_rejected', result.reason);
  return result?.kind === 'replaced' ? 'replaced' : 'conflict';
}

function replaceEach(
  files: IndexFiles,
  collection: Collection,
  tenant: Tenant,
  documents: readonly StoredDocument[],
): readonly ReplaceResult[] {
  const results: ReplaceResult[] = documents.map(() => ({ kind: 'conflict' }));
  const batches = new Map<string, { readonly at: number; readonly document: ReplacedDocument }[]>();
  for (const [at, document] of documents.entries()) {
    if (tenant.kind === 'agency' && document.agency !== tenant.agency) continue;
    const prepared = prepareDocument(collection, tenant, document);
    if (typeof prepared === 'string') {
      results[at] = { kind: 'rejected', reason: prepared };
      continue;
    }
    const name = files.nameOf(collection, document.id);
    const version = Number(document.version);
    if (name === undefined || !Number.isSafeInteger(version)) continue;
    const batch = batches.get(name) ?? [];
    if (batch.length === 0) batches.set(name, batch);
    batch.push({ at, document: { ...document, prepared, replaces: version } });
  }
  for (const [name, batch] of batches) {
    const replaced = files.find(name, collection)?.replace(batch.map(({ document }) => document));
    for (const [i, { at, document }] of batch.entries()) {
      if (replaced?.[i] === true) results[at] = { kind: 'replaced', version: String(document.replaces + 1) };
    }
  }
  return results;
}
