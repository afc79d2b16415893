import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { invariant } from '../../errors/index.ts';
import { openDatabase } from '../../sqlite.ts';
import { periodEnd, periodName } from '../period.ts';
import { collections, type Collection } from '../port.ts';
import { Table } from './table.ts';

const CONTROL = 'control';
const SUFFIX = '.db';
const PAGE_BYTES = 8192;
/** Pages of the write-ahead log before it is written back: 32 MB, so that hot pages are written back once. */
const CHECKPOINT_PAGES = 4096;
const CACHE_KIBIBYTES = 8192;

interface OpenFile {
  readonly db: DatabaseSync;
  readonly inode: bigint;
  readonly tables: Map<Collection, Table>;
}

export interface FileLimits {
  /** Files open at once; the one not used for longest is closed. */
  readonly openFilesMax: number;
  /** Documents that full text finds in a file before it is read by time instead. */
  readonly candidatesMax: number;
  /** Bytes of one file; beyond it the disk counts as full. */
  readonly fileBytesMax?: number;
}

/**
 * The files of one directory: one a day for events, one a month for alerts, one for what has no period. Other processes
 * may add and delete files at any time, so a file is looked for again at every use.
 */
export class IndexFiles {
  readonly #directory: string;
  readonly limits: FileLimits;
  /** Least recently used first. */
  readonly #open = new Map<string, OpenFile>();
  #closed = false;

  constructor(directory: string, limits: FileLimits) {
    mkdirSync(directory, { recursive: true });
    this.#directory = directory;
    this.limits = limits;
  }

  /** Name of the file for a document; undefined where its id names none. */
  nameOf(collection: Collection, id: string): string | undefined {
    return collections[collection].period === 'none' ? CONTROL : periodName(collection, id);
  }

  /** Names of the files that hold a collection, oldest period first. */
  list(collection: Collection): readonly string[] {
    if (collections[collection].period === 'none') return [CONTROL];
    return readdirSync(this.#directory)
      .filter((file) => file.endsWith(SUFFIX))
      .map((file) => file.slice(0, -SUFFIX.length))
      .map((name) => ({ name, end: periodEnd(collection, name) ?? Number.NaN }))
      .filter(({ end }) => !Number.isNaN(end))
      .toSorted((a, b) => a.end - b.end)
      .map(({ name }) => name);
  }

  /** The collection's table in an existing file; undefined when there is no such file (any more). */
  find(name: string, collection: Collection): Table | undefined {
    const file = this.#current(name) ?? this.#openFile(name, collection, false);
    return file?.tables.get(collection);
  }

  /** The same; makes the file where there is none. */
  make(name: string, collection: Collection): Table {
    const file = this.#current(name) ?? this.#openFile(name, collection, true);
    const table = file?.tables.get(collection);
    invariant(table !== undefined, `no table for ${collection} in ${name}`);
    return table;
  }

  /** Deletes a file. Its log goes first: left behind, it would be taken for the log of a later file of that name. */
  remove(name: string): void {
    this.#close(name);
    for (const ending of ['-wal', '-shm', '']) rmSync(this.#path(name) + ending, { force: true });
  }

  close(): void {
    for (const name of this.#open.keys()) this.#close(name);
    this.#closed = true;
  }

  /** The open file, unless it was deleted or replaced meanwhile. */
  #current(name: string): OpenFile | undefined {
    invariant(!this.#closed, 'the index is closed');
    const file = this.#open.get(name);
    if (file === undefined) return undefined;
    this.#open.delete(name);
    this.#open.set(name, file);
    if (this.#inode(name) === file.inode) return file;
    this.#close(name);
    return undefined;
  }

  #openFile(name: string, collection: Collection, create: boolean): OpenFile | undefined {
    if (!create && this.#inode(name) === undefined) return undefined;
    const db = openDatabase(this.#path(name), { pageBytes: PAGE_BYTES, create });
    try {
      db.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
      db.exec(`PRAGMA journal_size_limit = ${CHECKPOINT_PAGES * PAGE_BYTES}`);
      db.exec(`PRAGMA cache_size = -${CACHE_KIBIBYTES}`);
      const { fileBytesMax } = this.limits;
      if (fileBytesMax !== undefined) {
        db.exec(`PRAGMA max_page_count = ${Math.ceil(fileBytesMax / PAGE_BYTES)}`);
      }
      const held = name === CONTROL ? controlCollections : [collection];
      const tables = new Map(held.map((each) => [each, Table.open(db, each)]));
      const inode = this.#inode(name);
      if (inode === undefined) {
        db.close();
        return undefined;
      }
      const file = { db, inode, tables };
      this.#open.set(name, file);
      this.#closeOldest();
      return file;
    } catch (error) {
      if (db.isOpen) db.close();
      throw error;
    }
  }

  #closeOldest(): void {
    const [oldest] = this.#open.keys();
    if (oldest !== undefined && this.#open.size > this.limits.openFilesMax) this.#close(oldest);
  }

  #close(name: string): void {
    this.#open.get(name)?.db.close();
    this.#open.delete(name);
  }

  #inode(name: string): bigint | undefined {
    return statSync(this.#path(name), { bigint: true, throwIfNoEntry: false })?.ino;
  }

  #path(name: string): string {
    return join(this.#directory, name + SUFFIX);
  }
}

const controlCollections = (Object.keys(collections) as Collection[]).filter(
  (collection) => collections[collection].period === 'none',
);
