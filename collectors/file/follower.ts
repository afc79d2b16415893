import { CanhError, messageOf, systemCode } from '../../platform/errors/index.ts';
import type { FileInputConfig } from '../../platform/config/schema.ts';
import type { Emit, InputDeps } from '../input.ts';
import { createExtract } from './extract.ts';
import { release, type Followed, type Reading } from './followed.ts';
import { advance, encodeCursor, isGzip } from './identity.ts';
import { readGzip, readPlain, type ReadContext } from './read.ts';
import { Roster } from './roster.ts';

/** So many descriptors are kept open by one input; files beyond it are opened when they have grown. */
const FILES_OPEN_MAX = 512;
/** The lag of so many files is published. */
const LAG_FILES_MAX = 1000;

export interface FollowIntervals {
  /** Between looks at the directories. */
  readonly scanMs: number;
  /** Between looks at the files. */
  readonly pollMs: number;
  /** Quiet time after which the unfinished last line of a rotated file is taken. */
  readonly partialWaitMs: number;
  /** Quiet time after which a rotated or deleted file is closed. */
  readonly leaveMs: number;
  /** How long the position in a file that is gone is remembered. */
  readonly keepMs: number;
}

export const defaultIntervals: FollowIntervals = {
  scanMs: 1000,
  pollMs: 250,
  partialWaitMs: 5000,
  leaveMs: 5 * 60_000,
  keepMs: 8 * 24 * 3_600_000,
};

export interface FollowerOptions {
  readonly id: string;
  readonly config: FileInputConfig;
  readonly deps: InputDeps;
  readonly emit: Emit;
  readonly intervals: FollowIntervals;
  readonly filesOpenMax?: number;
  readonly gzipBytesMax?: number;
}

/** Reads the files of one input as they grow. Does nothing by itself; `poll` is one step. */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #roster: Roster;
  readonly #context: Omit<ReadContext, 'now'>;
  #scannedAt: number | undefined;
  #stopped = false;

  /** Takes over the cursors that are durable. Throws `config_invalid`. */
  constructor(options: FollowerOptions) {
    const { config, intervals, gzipBytesMax } = options;
    this.#options = options;
    const extract = createExtract(config.multiline);
    this.#roster = new Roster({ ...options, extract, keepMs: intervals.keepMs });
    this.#context = {
      extract,
      joinWaitMs: config.multiline?.wait_ms,
      partialWaitMs: intervals.partialWaitMs,
      ...(gzipBytesMax === undefined ? {} : { gzipBytesMax }),
    };
  }

  /** Looks for files when that is due, and reads some of each; true when there may be more to read at once. */
  async poll(): Promise<boolean> {
    const now = this.#options.deps.clock.now();
    const since = this.#scannedAt === undefined ? undefined : now - this.#scannedAt;
    // A clock that went back must not put the next scan off.
    if (since === undefined || since < 0 || since >= this.#options.intervals.scanMs) {
      await this.#roster.scan(now);
      this.#scannedAt = now;
    }
    let busy = false;
    for (const file of this.#roster.files) {
      if (this.#stopped) return false;
      const progressed = await this.#step(file, now);
      busy = progressed || busy;
    }
    await this.#closeIdle();
    return busy;
  }

  /** Makes `poll` return after the read under way. */
  interrupt(): void {
    this.#stopped = true;
  }

  /** What cannot be read now, as a sentence. */
  trouble(): string | undefined {
    const troubles = [...this.#roster.troubles].map(([path, detail]) => `${path}: ${detail}`);
    for (const { trouble } of this.#roster.files) if (trouble !== undefined) troubles.push(trouble.detail);
    const [first, ...others] = troubles;
    return others.length === 0 ? first : `${String(first)} (and ${String(others.length)} more)`;
  }

  /** Closes every file; the positions are durable already. */
  async close(): Promise<void> {
    for (const file of this.#roster.files) await release(file);
  }

  async #step(file: Followed, now: number): Promise<boolean> {
    if (file.trouble?.scan === this.#roster.scans) return false;
    const sizeBefore = file.size;
    const reading = await this.#read(file, now);
    switch (reading?.kind) {
      case undefined:
        return false;
      case 'idle':
        this.#noteLag(file);
        await this.#buryIfLeft(file, now);
        return false;
      case 'replaced':
        this.#roster.replace(file, sizeBefore);
        return true;
      case 'read':
        await this.#commit(file, reading);
        this.#noteLag(file);
        return reading.consumed.length > 0;
    }
  }

  async #read(file: Followed, now: number): Promise<Reading | undefined> {
    const context = { ...this.#context, now };
    try {
      const reading = isGzip(file.cursor.path)
        ? await readGzip(file, context)
        : await readPlain(file, context);
      // A gzip file that failed is idle until it changes, and its trouble stays.
      if (reading.kind !== 'idle' || !isGzip(file.cursor.path)) file.trouble = undefined;
      return reading;
    } catch (error) {
      // Gone between scan and opening; the next scan sees it.
      if (systemCode(error) !== 'ENOENT') this.#noteTrouble(file, error);
      return undefined;
    }
  }

  #noteTrouble(file: Followed, error: unknown): void {
    const { id, deps } = this.#options;
    const { path } = file.cursor;
    const detail = `${path}: ${messageOf(error)}`;
    if (file.trouble?.detail !== detail) {
      deps.log.error(messageOf(error), { code: 'input_unreadable', input: id, path });
      if (error instanceof CanhError) deps.metrics.dropped.inc({ input: id, reason: 'gzip_too_large' });
    }
    file.trouble = { detail, scan: this.#roster.scans };
  }

  async #commit(file: Followed, reading: Reading & { readonly kind: 'read' }): Promise<void> {
    const { lines, consumed, finished } = reading;
    const moved = advance(file.cursor, consumed);
    const cursor = finished === undefined ? moved : { ...moved, finished };
    if (consumed.length > 0 || finished !== undefined) {
      const cursors = [{ key: String(file.key), value: encodeCursor(cursor) }];
      await this.#options.emit({ path: cursor.origin, lines, cursors });
      file.cursor = cursor;
    }
    file.unfinished = reading.unfinished;
    if (reading.cut) this.#options.deps.metrics.cut.inc({ input: this.#options.id });
  }

  async #buryIfLeft(file: Followed, now: number): Promise<void> {
    const quiet = now - file.changedAt >= this.#options.intervals.leaveMs;
    if (file.leaving && quiet && file.unfinished.length === 0) await this.#roster.bury(file);
  }

  #noteLag(file: Followed): void {
    const { id, deps } = this.#options;
    if (isGzip(file.cursor.path) || this.#roster.size > LAG_FILES_MAX) return;
    const lag = Math.max(0, file.size - file.cursor.offset);
    deps.metrics.fileLag.set({ input: id, path: file.cursor.path }, lag);
  }

  /** Closes the files that have been quiet longest, down to the number that may be open. */
  async #closeIdle(): Promise<void> {
    const open = this.#roster.files.filter(({ handle }) => handle !== undefined);
    const surplus = open.length - (this.#options.filesOpenMax ?? FILES_OPEN_MAX);
    if (surplus <= 0) return;
    const closable = open.filter(({ leaving, unfinished }) => !leaving && unfinished.length === 0);
    closable.sort((a, b) => a.changedAt - b.changedAt);
    for (const file of closable.slice(0, surplus)) await release(file);
  }
}
