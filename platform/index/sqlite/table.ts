import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { invariant } from '../../errors/index.ts';
import type { JsonObject } from '../../event.ts';
import { transaction } from '../../sqlite.ts';
import { hasBriefs, toBrief } from '../brief.ts';
import type { PreparedDocument } from '../check.ts';
import {
  collections,
  type Collection,
  type NewDocument,
  type Sort,
  type StoredDocument,
  type Tenant,
} from '../port.ts';
import { agencyMark } from '../marks.ts';
import { searchField } from '../text.ts';

/** Segments of the full-text index that are merged at once; more makes writing cheaper and finding dearer. */
const MERGE_SEGMENTS = 8;
/** Times beyond these are not written with four digits of the year, and so do not compare as dates. */
const PLAIN_TIME_MIN = Date.parse('0000-01-01T00:00:00.000Z');
const PLAIN_TIME_MAX = Date.parse('9999-12-31T23:59:59.999Z');

/** A document's place in the order by time, without its body. */
export interface Entry {
  /** Row number: the key of the full-text index. */
  readonly n: number;
  readonly time: number;
  readonly id: string;
}

/** Times in milliseconds: from inclusive, to exclusive; and the place after which to begin. */
export interface TimeRange {
  readonly order: Sort['order'];
  readonly from: number;
  readonly to: number;
  readonly after?: { readonly time: number; readonly id: string };
}

export interface WrittenDocument extends NewDocument {
  readonly prepared: PreparedDocument;
}

export interface ReplacedDocument extends WrittenDocument {
  /** Version that must still be there. */
  readonly replaces: number;
}

/** One collection in one file: documents, their order by time and, where they are searchable, their tokens. */
export class Table {
  readonly #db: DatabaseSync;
  readonly #name: Collection;
  readonly searchable: boolean;
  readonly #statements = new Map<string, StatementSync>();

  private constructor(db: DatabaseSync, collection: Collection) {
    this.#db = db;
    this.#name = collection;
    this.searchable = collections[collection].searchable;
  }

  static open(db: DatabaseSync, collection: Collection): Table {
    const table = new Table(db, collection);
    const there = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?");
    const last = hasBriefs(collection) ? `${collection}_brief` : collection;
    if (there.get(last) === undefined) {
      transaction(db, () => {
        // Another process may have made it while this one waited for the lock.
        if (there.get(last) === undefined) table.#createSchema();
      });
    }
    return table;
  }

  #createSchema(): void {
    const name = this.#name;
    this.#db.exec(`
      CREATE TABLE IF NOT EXISTS ${name} (
        n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, agency TEXT NOT NULL, time INTEGER NOT NULL,
        version INTEGER NOT NULL, body TEXT NOT NULL
      ) STRICT;
      CREATE INDEX IF NOT EXISTS ${name}_time ON ${name} (time, id);
      CREATE TABLE IF NOT EXISTS ${name}_facts (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    `);
    if (hasBriefs(name)) {
      this.#db.exec(`
        CREATE TABLE ${name}_brief (n INTEGER PRIMARY KEY, agency TEXT NOT NULL, body TEXT NOT NULL) STRICT
      `);
      // A file that was written without briefs gets them here.
      for (const row of this.#db.prepare(`SELECT n, agency, body FROM ${name}`).iterate()) {
        this.#writeBrief(integer(row['n']), String(row['agency']), toBody(row));
      }
    }
    if (!this.searchable) return;
    this.#db.exec(`
      CREATE VIRTUAL TABLE IF NOT EXISTS ${name}_search
        USING fts5(tokens, tokenize = 'ascii', content = '', contentless_delete = 1, detail = none);
      INSERT INTO ${name}_search (${name}_search, rank) VALUES ('automerge', ${MERGE_SEGMENTS});
    `);
  }

  /** Writes what is not there yet, in one transaction; for each document whether it was written. */
  create(documents: readonly WrittenDocument[]): readonly boolean[] {
    const insert = this.#prepare(
      `INSERT INTO ${this.#name} (id, agency, time, version, body) VALUES (?, ?, ?, 1, ?) ON CONFLICT (id) DO NOTHING`,
    );
    return transaction(this.#db, () =>
      documents.map((document) => {
        const { id, agency, time, prepared } = document;
        const { changes, lastInsertRowid } = insert.run(id, agency, time, prepared.json);
        if (Number(changes) === 0) return false;
        this.#index(Number(lastInsertRowid), document);
        return true;
      }),
    );
  }

  /** Replaces documents of the same agency that are still at their version, in one transaction; for each whether it was. */
  replace(documents: readonly ReplacedDocument[]): readonly boolean[] {
    return transaction(this.#db, () => documents.map((document) => this.#replaceOne(document)));
  }

  #replaceOne(document: ReplacedDocument): boolean {
    const { id, agency, time, prepared, replaces } = document;
    const row = this.#prepare(
      `UPDATE ${this.#name} SET time = ?, body = ?, version = version + 1
       WHERE id = ? AND version = ? AND agency = ? RETURNING n`,
    ).get(time, prepared.json, id, replaces, agency);
    if (row === undefined) return false;
    const n = integer(row['n']);
    if (this.searchable) this.#prepare(`DELETE FROM ${this.#name}_search WHERE rowid = ?`).run(n);
    this.#index(n, document);
    return true;
  }

  #index(n: number, { agency, time, body, prepared }: WrittenDocument): void {
    if (!hasOwnTime(body, time)) {
      this.#prepare(`INSERT OR IGNORE INTO ${this.#name}_facts VALUES ('other_times')`).run();
    }
    if (hasBriefs(this.#name)) this.#writeBrief(n, agency, body);
    if (!this.searchable) return;
    // Made as late as this, because the texts of a whole batch would be what costs most memory.
    const text = `${searchField(body, prepared.text)}\n${agencyMark(agency)}`;
    this.#prepare(`INSERT INTO ${this.#name}_search (rowid, tokens) VALUES (?, ?)`).run(n, text);
  }

  #writeBrief(n: number, agency: string, body: JsonObject): void {
    const brief = JSON.stringify(toBrief(this.#name, body));
    this.#prepare(`REPLACE INTO ${this.#name}_brief (n, agency, body) VALUES (?, ?, ?)`).run(
      n,
      agency,
      brief,
    );
  }

  get(ids: readonly string[]): readonly StoredDocument[] {
    return this.#all(
      `SELECT id, agency, time, version, body FROM ${this.#name} WHERE id IN (SELECT value FROM json_each(?))`,
      JSON.stringify(ids),
    ).map(toDocument);
  }

  /** The documents of some rows that `tenant` may see. */
  fetch(rows: readonly number[], tenant: Tenant): ReadonlyMap<number, StoredDocument> {
    const found = this.#all(
      `SELECT n, id, agency, time, version, body FROM ${this.#name}
       WHERE n IN (SELECT value FROM json_each(?)) AND agency = ifnull(?, agency)`,
      JSON.stringify(rows),
      tenant.kind === 'soc' ? null : tenant.agency,
    );
    return new Map(found.map((row) => [integer(row['n']), toDocument(row)]));
  }

  /** The briefs of some rows that `tenant` may see. */
  fetchBriefs(rows: readonly number[], tenant: Tenant): ReadonlyMap<number, JsonObject> {
    const found = this.#all(
      `SELECT n, body FROM ${this.#name}_brief
       WHERE n IN (SELECT value FROM json_each(?)) AND agency = ifnull(?, agency)`,
      JSON.stringify(rows),
      tenant.kind === 'soc' ? null : tenant.agency,
    );
    return new Map(found.map((row) => [integer(row['n']), toBody(row)]));
  }

  /** Least and greatest time; undefined when there is nothing. */
  span(): { readonly min: number; readonly max: number } | undefined {
    const row = this.#prepare(
      `SELECT (SELECT min(time) FROM ${this.#name}) AS min, (SELECT max(time) FROM ${this.#name}) AS max`,
    ).get();
    if (row === undefined || row['min'] === null) return undefined;
    return { min: integer(row['min']), max: integer(row['max']) };
  }

  /** Whether every document's `@timestamp`, where it has one, is its time. */
  hasOwnTimes(): boolean {
    return this.#prepare(`SELECT 1 FROM ${this.#name}_facts WHERE name = 'other_times'`).get() === undefined;
  }

  /** How many documents a full-text expression finds, counting no further than `max`. */
  countMatches(match: string, max: number): number {
    const row = this.#prepare(
      `SELECT count(*) AS n FROM (SELECT 1 FROM ${this.#name}_search WHERE ${this.#name}_search MATCH ? LIMIT ?)`,
    ).get(match, max);
    return integer(row?.['n']);
  }

  /** Everything that a full-text expression finds within a time range, in order. */
  matches(match: string, range: TimeRange): readonly Entry[] {
    const { where, values, order } = this.#range(range);
    return this.#all(
      `SELECT d.n, d.time, d.id FROM ${this.#name}_search
       CROSS JOIN ${this.#name} AS d ON d.n = ${this.#name}_search.rowid
       WHERE ${this.#name}_search MATCH ? AND ${where} ORDER BY ${order}`,
      match,
      ...values,
    ).map(toEntry);
  }

  /** The next `limit` entries in order of time. */
  walk(range: TimeRange, limit: number): readonly Entry[] {
    const { where, values, order } = this.#range(range);
    return this.#all(
      `SELECT n, time, id FROM ${this.#name} AS d WHERE ${where} ORDER BY ${order} LIMIT ?`,
      ...values,
      limit,
    ).map(toEntry);
  }

  #range({ order, from, to, after }: TimeRange): {
    readonly where: string;
    readonly values: readonly SQLInputValue[];
    readonly order: string;
  } {
    const direction = order === 'asc' ? 'ASC' : 'DESC';
    const sorted = `d.time ${direction}, d.id ${direction}`;
    const isAscending = order === 'asc';
    if (after === undefined || (isAscending ? after.time < from : after.time >= to)) {
      return { where: 'd.time >= ? AND d.time < ?', values: [from, to], order: sorted };
    }
    // With both the place and the bound that it implies, SQLite would seek to the bound and run through up to the place.
    return {
      where: isAscending
        ? 'd.time < ? AND (d.time, d.id) > (?, ?)'
        : 'd.time >= ? AND (d.time, d.id) < (?, ?)',
      values: [isAscending ? to : from, after.time, after.id],
      order: sorted,
    };
  }

  #all(sql: string, ...values: readonly SQLInputValue[]): readonly Record<string, SQLOutputValue>[] {
    return this.#prepare(sql).all(...values);
  }

  /** The texts are few and fixed, so the map stays small. */
  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** Whether a search by `@timestamp` and one by time mean the same for this document. */
function hasOwnTime(body: JsonObject, time: number): boolean {
  if (!Object.hasOwn(body, '@timestamp')) return true;
  const plain = time >= PLAIN_TIME_MIN && time <= PLAIN_TIME_MAX;
  return plain && body['@timestamp'] === new Date(time).toISOString();
}

function toEntry(row: Record<string, SQLOutputValue>): Entry {
  return { n: integer(row['n']), time: integer(row['time']), id: String(row['id']) };
}

function toDocument(row: Record<string, SQLOutputValue>): StoredDocument {
  return {
    id: String(row['id']),
    agency: String(row['agency']),
    time: integer(row['time']),
    version: String(row['version']),
    body: toBody(row),
  };
}

function toBody(row: Record<string, SQLOutputValue>): JsonObject {
  return JSON.parse(String(row['body'])) as JsonObject;
}

function integer(value: SQLOutputValue | undefined): number {
  invariant(typeof value === 'number', 'the column holds a number');
  return value;
}
