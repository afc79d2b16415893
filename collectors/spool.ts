import { setTimeout as delay } from 'node:timers/promises';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Clock } from '../platform/clock.ts';
import { CanhError, messageOf } from '../platform/errors/index.ts';
import type { Logger } from '../platform/log.ts';
import type { Hints, SpooledRecord } from '../platform/record.ts';
import { openDatabase, primaryCode, transaction } from '../platform/sqlite.ts';
import type { ComponentHealth } from '../platform/stage.ts';
import type { Batch, CursorChange } from './input.ts';
import { toPieces } from './lines.ts';
import { decodeRow, encodeRows, type Row } from './spool-row.ts';

/** Above this many bytes waiting, inputs wait. */
const SPOOL_BYTES_MAX = 4 * 1024 ** 3;
/** Batches of several inputs are made durable together up to this size: one fsync for all of them. */
const TRANSACTION_BYTES_MAX = 8 * 1024 * 1024;
const RETRY_MS = 1000;
/** SQLite's BUSY, IOERR, FULL and CANTOPEN: what may pass when somebody frees or repairs the disk. */
const PASSING_CODES: readonly number[] = [5, 10, 13, 14];

export interface SpoolOptions {
  readonly path: string;
  readonly collector: string;
  /** Random, new at every start. */
  readonly epoch: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly bytesMax?: number;
  /** Largest size of the file in SQLite pages; where left out the disk is the limit. */
  readonly pagesMax?: number;
  readonly retryMs?: number;
}

export interface SpoolLimit {
  readonly records: number;
  readonly bytes: number;
}

/** The oldest records of the spool; `forget(upTo)` when they are safe elsewhere. */
export interface SpooledBatch {
  readonly upTo: number;
  readonly records: readonly SpooledRecord[];
}

/** What an append made durable. */
export interface Appended {
  readonly records: number;
  readonly bytes: number;
  /** Cuts in lines over `LINE_TOTAL_BYTES_MAX`. */
  readonly cuts: number;
}

type Statements = Readonly<
  Record<'insert' | 'select' | 'remove' | 'sum' | 'keep' | 'drop' | 'state', StatementSync>
>;

interface Waiting {
  readonly input: string;
  readonly rows: readonly Row[];
  readonly cursors: readonly CursorChange[];
  readonly bytes: number;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * The collector's durable buffer: one SQLite file that holds the records not yet shipped and, in the same transaction,
 * how far each input has read. Numbers records without a gap within the epoch.
 */
export class Spool {
  readonly #options: SpoolOptions;
  readonly #db: DatabaseSync;
  readonly #statements: Statements;
  readonly #queue: Waiting[] = [];
  readonly #closing = new AbortController();
  readonly #bytesMax: number;
  #previous: { readonly epoch: string; readonly seq: number } | null;
  #seq = 0;
  #bytes: number;
  #flushing: Promise<void> | undefined;
  #trouble: ComponentHealth | undefined;
  #onAppended: () => void = () => undefined;
  #room = Promise.withResolvers<void>();

  /** Opens or creates the file at `options.path` and takes over what is in it. Throws `disk_full`, `data_unwritable`. */
  constructor(options: SpoolOptions) {
    this.#options = options;
    this.#bytesMax = options.bytesMax ?? SPOOL_BYTES_MAX;
    this.#db = openSpoolFile(options);
    this.#statements = prepare(this.#db);
    this.#previous = readState(this.#db);
    this.#bytes = this.#bytesUpTo(Number.MAX_SAFE_INTEGER);
  }

  /** Bytes waiting to be shipped. */
  get bytes(): number {
    return this.#bytes;
  }

  health(): ComponentHealth {
    return this.#trouble ?? { name: 'collector.spool', state: 'ok' };
  }

  /**
   * Makes lines and cursors durable in one transaction; resolves then. Waits while the spool or the disk is full, drops
   * nothing. Rejects only when the spool is closed or broken, with nothing of the batch kept.
   */
  async append(input: string, batch: Batch, hints: Hints): Promise<Appended> {
    if (this.#closing.signal.aborted) throw closedError();
    const { pieces, cuts } = toPieces(batch.lines);
    const rows = encodeRows(pieces, {
      received: this.#options.clock.now(),
      input,
      ...(batch.path === undefined ? {} : { path: batch.path }),
      hints: batch.hints ?? hints,
    });
    const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
    await new Promise<void>((resolve, reject) => {
      this.#queue.push({ input, rows, cursors: batch.cursors ?? [], bytes, resolve, reject });
      this.#flushing ??= this.#flush();
    });
    return { records: pieces.length, bytes, cuts };
  }

  /** The oldest records up to `limit`, at least one stored batch; undefined when the spool is empty. */
  read(limit: SpoolLimit): SpooledBatch | undefined {
    const records: SpooledRecord[] = [];
    let upTo: number | undefined;
    let bytes = 0;
    for (const row of this.#statements.select.iterate()) {
      bytes += Number(row['bytes']);
      const more = records.length + Number(row['records']);
      if (upTo !== undefined && (more > limit.records || bytes > limit.bytes)) break;
      for (const record of decodeRow(row, this.#options.collector)) records.push(record);
      upTo = Number(row['id']);
    }
    return upTo === undefined ? undefined : { upTo, records };
  }

  /** Forgets everything up to `upTo` of a batch that was read. Throws `disk_full`. */
  forget(upTo: number): void {
    const freed = transaction(this.#db, () => {
      const bytes = this.#bytesUpTo(upTo);
      this.#statements.remove.run(upTo);
      return bytes;
    });
    this.#bytes -= freed;
    if (this.#bytes < this.#bytesMax) {
      this.#room.resolve();
      this.#room = Promise.withResolvers();
    }
  }

  /** The durable cursors of an input. */
  cursors(input: string): ReadonlyMap<string, string> {
    const rows = this.#db.prepare('SELECT key, value FROM cursor WHERE input = ?').all(input);
    return new Map(rows.map((row) => [String(row['key']), String(row['value'])]));
  }

  /** One durable cursor of an input. */
  cursor(input: string, key: string): string | undefined {
    return this.cursors(input).get(key);
  }

  /** Calls `listener` after every append; there is one listener. */
  onAppended(listener: () => void): void {
    this.#onAppended = listener;
  }

  /** Waits for the transaction under way; batches that still wait for room are rejected and will be read again. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#room.resolve();
    await this.#flushing;
    if (this.#db.isOpen) this.#db.close();
  }

  #bytesUpTo(id: number): number {
    return Number(this.#statements.sum.get(id)?.['bytes'] ?? 0);
  }

  async #flush(): Promise<void> {
    // A turn of the event loop lets batches of other inputs join the transaction.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      if (!(await this.#waitForRoom())) break;
      const group = this.#takeGroup();
      await this.#writeGroup(group);
    }
    for (const waiting of this.#queue.splice(0)) waiting.reject(closedError());
    this.#flushing = undefined;
  }

  async #waitForRoom(): Promise<boolean> {
    while (this.#bytes >= this.#bytesMax && !this.#closing.signal.aborted) {
      this.#alarm('The spool is full; inputs wait until records can be shipped.', 'disk_full');
      await this.#room.promise;
    }
    return !this.#closing.signal.aborted;
  }

  #takeGroup(): readonly Waiting[] {
    let count = 0;
    let bytes = 0;
    for (const waiting of this.#queue) {
      bytes += waiting.bytes;
      if (count > 0 && bytes > TRANSACTION_BYTES_MAX) break;
      count += 1;
    }
    return this.#queue.splice(0, count);
  }

  async #writeGroup(group: readonly Waiting[]): Promise<void> {
    for (;;) {
      try {
        this.#write(group);
        if (this.#trouble !== undefined) this.#options.log.info('The spool takes records again.');
        this.#trouble = undefined;
        for (const waiting of group) waiting.resolve();
        return;
      } catch (error) {
        if (this.#closing.signal.aborted || !isPassing(error)) {
          const broken = this.#closing.signal.aborted ? closedError() : error;
          this.#trouble = { name: 'collector.spool', state: 'failed', detail: messageOf(error) };
          for (const waiting of group) waiting.reject(broken);
          return;
        }
        this.#alarm(messageOf(error), error instanceof CanhError ? error.code : 'data_unwritable');
        await delay(this.#options.retryMs ?? RETRY_MS, undefined, { signal: this.#closing.signal }).catch(
          () => undefined,
        );
      }
    }
  }

  #write(group: readonly Waiting[]): void {
    const { insert, keep, drop, state } = this.#statements;
    let seq = this.#seq;
    let bytes = 0;
    transaction(this.#db, () => {
      for (const { input, rows, cursors } of group) {
        for (const row of rows) {
          const previous = seq === 0 ? JSON.stringify(this.#previous) : null;
          insert.run(this.#options.epoch, seq + 1, row.records, row.bytes, previous, row.head, row.pieces);
          seq += row.records;
          bytes += row.bytes;
        }
        for (const { key, value } of cursors) {
          if (value === null) drop.run(input, key);
          else keep.run(input, key, value);
        }
      }
      if (seq > this.#seq) state.run(this.#options.epoch, seq);
    });
    if (seq === this.#seq) return;
    this.#seq = seq;
    this.#bytes += bytes;
    this.#onAppended();
  }

  #alarm(detail: string, code: string): void {
    if (this.#trouble?.detail === detail) return;
    this.#trouble = { name: 'collector.spool', state: 'degraded', detail };
    this.#options.log.error(detail, { code, path: this.#options.path });
  }
}

function openSpoolFile(options: SpoolOptions): DatabaseSync {
  const db = openDatabase(options.path, { synchronous: 'FULL' });
  try {
    if (options.pagesMax !== undefined) db.exec(`PRAGMA max_page_count = ${Math.floor(options.pagesMax)}`);
    transaction(db, () => {
      db.exec(`CREATE TABLE IF NOT EXISTS batch (id INTEGER PRIMARY KEY AUTOINCREMENT, epoch TEXT NOT NULL,
        seq INTEGER NOT NULL, records INTEGER NOT NULL, bytes INTEGER NOT NULL, previous TEXT, head TEXT NOT NULL,
        pieces TEXT NOT NULL)`);
      db.exec(`CREATE TABLE IF NOT EXISTS cursor (input TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
        PRIMARY KEY (input, key)) WITHOUT ROWID`);
      db.exec(`CREATE TABLE IF NOT EXISTS state (one INTEGER PRIMARY KEY CHECK (one = 1), epoch TEXT NOT NULL,
        seq INTEGER NOT NULL)`);
    });
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}

function prepare(db: DatabaseSync): Statements {
  return {
    insert: db.prepare(
      'INSERT INTO batch (epoch, seq, records, bytes, previous, head, pieces) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    select: db.prepare('SELECT * FROM batch ORDER BY id'),
    remove: db.prepare('DELETE FROM batch WHERE id <= ?'),
    sum: db.prepare('SELECT sum(bytes) AS bytes FROM batch WHERE id <= ?'),
    keep: db.prepare('INSERT INTO cursor VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value'),
    drop: db.prepare('DELETE FROM cursor WHERE input = ? AND key = ?'),
    state: db.prepare(
      'INSERT INTO state VALUES (1, ?, ?) ON CONFLICT DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq',
    ),
  };
}

/** The last epoch that has records, and its last number; null in a new spool. */
function readState(db: DatabaseSync): { readonly epoch: string; readonly seq: number } | null {
  const row = db.prepare('SELECT epoch, seq FROM state').get();
  return row === undefined ? null : { epoch: String(row['epoch']), seq: Number(row['seq']) };
}

function isPassing(error: unknown): boolean {
  if (error instanceof CanhError) return error.code === 'disk_full';
  const code = primaryCode(error);
  return code !== undefined && PASSING_CODES.includes(code);
}

function closedError(): CanhError {
  return new CanhError(
    'data_unwritable',
    'The spool was closed before the lines were written; they are read again.',
  );
}
