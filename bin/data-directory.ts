import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CanhError, messageOf } from '../platform/errors/index.ts';

const LOCK_WAIT_MS = 5000;

/** Where everything lies under the data directory. */
export interface DataDirectory {
  readonly root: string;
  readonly bus: string;
  readonly index: string;
  readonly collector: string;
  readonly api: string;
  /** Imported rule sets, loaded beside the configured ones. */
  readonly rules: string;
  /** What rule files were read as; may be deleted. */
  readonly ruleCache: string;
}

export function dataDirectory(path: string): DataDirectory {
  const root = resolve(path);
  return {
    root,
    bus: join(root, 'bus', 'bus.db'),
    index: join(root, 'index'),
    collector: join(root, 'collector'),
    api: join(root, 'api'),
    rules: join(root, 'rules'),
    ruleCache: join(root, 'cache', 'rules'),
  };
}

/**
 * Makes the directory, and holds it for this process alone until `release`; the system releases it when the process
 * dies. Throws `data_unwritable` or `data_locked`.
 */
export function lockData(directory: DataDirectory): { release(): void } {
  const path = join(directory.root, 'lock.db');
  let lock: DatabaseSync;
  try {
    mkdirSync(directory.root, { recursive: true, mode: 0o700 });
    lock = new DatabaseSync(path, { timeout: LOCK_WAIT_MS });
  } catch (cause) {
    throw new CanhError('data_unwritable', `${directory.root}: ${messageOf(cause)}`, {
      cause,
      place: { file: directory.root },
    });
  }
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    throw new CanhError('data_locked', undefined, { cause, place: { file: directory.root } });
  }
  return {
    release: () => {
      lock.close();
    },
  };
}
