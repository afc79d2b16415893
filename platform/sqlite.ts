import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { CanhError, systemCode } from './errors/index.ts';

/** How long a writer waits for another process that is writing the same file. */
const BUSY_TIMEOUT_MS = 10_000;

const SQLITE_FULL = 13;

/** How a database is opened; without options it is writable and every commit is on the disk when it returns. */
export interface DatabaseOptions {
  readonly readOnly?: boolean;
  readonly synchronous?: 'FULL' | 'NORMAL';
  /** False: the file must be there. Default true. */
  readonly create?: boolean;
  /** Bytes of a page, for a new file: larger pages hold rows of a kilobyte with less waste. */
  readonly pageBytes?: number;
}

/**
 * Opens (or, unless `readOnly`, creates) a database in write-ahead mode. Throws `disk_full`; other failures are
 * SQLite's own errors, since only the caller knows what the file is.
 */
export function openDatabase(path: string, options: DatabaseOptions = {}): DatabaseSync {
  const readOnly = options.readOnly ?? false;
  const location = options.create === false && !readOnly ? existing(path) : path;
  const db = new DatabaseSync(location, {
    readOnly,
    enableForeignKeyConstraints: false,
    timeout: BUSY_TIMEOUT_MS,
  });
  try {
    if (options.pageBytes !== undefined) db.exec(`PRAGMA page_size = ${options.pageBytes}`);
    if (!readOnly) db.exec('PRAGMA journal_mode = WAL');
    db.exec(`PRAGMA synchronous = ${options.synchronous ?? 'FULL'}`);
    db.exec('PRAGMA temp_store = MEMORY');
  } catch (error) {
    db.close();
    throw asDiskFull(error);
  }
  return db;
}

function existing(path: string): URL {
  const url = pathToFileURL(path);
  url.searchParams.set('mode', 'rw');
  return url;
}

/**
 * Runs `work` in one transaction that holds the write lock from its start, so that it never fails half way for want of
 * it. Rolled back when `work` throws; nothing is tried again. Throws `disk_full` with nothing written.
 */
export function transaction<T>(db: DatabaseSync, work: () => T): T {
  try {
    db.exec('BEGIN IMMEDIATE');
  } catch (error) {
    throw asDiskFull(error);
  }
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite rolls some failures back by itself; then there is nothing left to roll back.
    if (db.isTransaction) db.exec('ROLLBACK');
    throw asDiskFull(error);
  }
}

/** The error itself, or `disk_full` where that is what SQLite or the system meant. */
function asDiskFull(error: unknown): unknown {
  const full = primaryCode(error) === SQLITE_FULL || systemCode(error) === 'ENOSPC';
  return full ? new CanhError('disk_full', undefined, { cause: error }) : error;
}

/** SQLite's primary result code of a failed call; undefined for other errors. */
export function primaryCode(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}
