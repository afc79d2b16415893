import { dirname } from 'node:path';
import { messageOf } from '../../platform/errors/index.ts';
import type { FileInputConfig } from '../../platform/config/schema.ts';
import type { CursorChange, Emit, InputDeps, Line } from '../input.ts';
import { isSameContent, recognise, type Copy } from './copies.ts';
import type { Extract } from './extract.ts';
import { follow, idOf, release, type Followed, type Found, type Ghost } from './followed.ts';
import {
  advance,
  decodeCursor,
  encodeCursor,
  isGzip,
  isRotationOf,
  rotationBase,
  type FileCursor,
} from './identity.ts';
import { listDirectory, scanFiles } from './scan.ts';

/** So many contents that are gone are remembered, in order to know their copies. */
const GHOSTS_MAX = 10_000;
/** In so many scans the directory of a file that vanished is searched for it and for copies of it. */
const SEARCHES = 3;

export interface RosterOptions {
  readonly id: string;
  readonly config: FileInputConfig;
  readonly deps: InputDeps;
  readonly emit: Emit;
  readonly extract: Extract;
  /** How long the position in a file that is gone is remembered. */
  readonly keepMs: number;
}

/**
 * Which files there are: the ones being followed, and the contents that were read and are gone. Knows a file again
 * after rotation, truncation, compression and restart, so that nothing is read twice and nothing is left out.
 */
export class Roster {
  readonly #options: RosterOptions;
  readonly #files = new Map<string, Followed>();
  readonly #ghosts = new Map<number, Ghost>();
  /** Files left alone, with their stamp and the key of the file that they copy. */
  readonly #waiting = new Map<string, { readonly stamp: string; readonly for: number | undefined }>();
  #troubles = new Map<string, string>();
  #nextKey = 1;
  #scans = 0;

  /** Takes over the cursors that are durable. */
  constructor(options: RosterOptions) {
    this.#options = options;
    for (const [key, value] of options.deps.cursors()) this.#load(Number(key), value);
  }

  /** Files to read, in the order in which they were found. */
  get files(): readonly Followed[] {
    return [...this.#files.values()];
  }

  /** Number of files to read. */
  get size(): number {
    return this.#files.size;
  }

  /** Number of scans so far. */
  get scans(): number {
    return this.#scans;
  }

  /** What could not be looked at in the last scan, by path. */
  get troubles(): ReadonlyMap<string, string> {
    return this.#troubles;
  }

  /** Looks at the directories and brings the roster up to date. */
  async scan(now: number): Promise<void> {
    const { paths, exclude } = this.#options.config;
    const { files, troubles } = await scanFiles(paths, exclude);
    this.#scans += 1;
    for (const [id, file] of this.#files) {
      const found = files.get(id);
      if (found === undefined) await this.#miss(file);
      else if (await isOther(file, found)) await this.bury(file, SEARCHES);
      else this.#see(file, found, now);
    }
    for (const id of this.#waiting.keys()) if (!files.has(id)) this.#waiting.delete(id);
    const newcomers = [...files.values()].filter((found) => !this.#files.has(idOf(found)));
    const unknown: Found[] = [];
    for (const found of newcomers) if (!(await this.#revive(found, now))) unknown.push(found);
    // Plain files first, because a gzip file may be what one of them became.
    unknown.sort((a, b) => Number(isGzip(a.path)) - Number(isGzip(b.path)));
    for (const found of unknown) await this.#meet(found, now, troubles);
    this.#noteRotations([...files.values()]);
    await this.#searchSiblings(now);
    await this.#settleGhosts(now);
    this.#noteTroubles(troubles);
  }

  /**
   * The content of `file` is not what was read: it was truncated, or overwritten in place. It is read from the beginning
   * as a new content; the old one is remembered until its copy is found.
   */
  replace(file: Followed, sizeBefore: number): Followed {
    const { id, deps } = this.#options;
    const { key, cursor, unfinished, handle } = file;
    const unread = Math.max(0, sizeBefore - cursor.offset - unfinished.length);
    deps.metrics.replaced.inc({ input: id });
    deps.metrics.truncatedBytes.inc({ input: id }, unread);
    const message =
      'A file was truncated or overwritten; what was not read yet is lost unless a copy is found.';
    deps.log.warn(message, { input: id, path: cursor.path, offset: cursor.offset, unread_bytes: unread });
    this.#ghosts.set(key, { key, cursor, cause: 'replaced', unfinished, searches: SEARCHES });
    const { path, device, inode } = cursor;
    const found = { path, device, inode, size: file.size, stamp: file.stamp };
    const fresh = this.#follow(found, newCursor(found), file.changedAt);
    fresh.handle = handle;
    return fresh;
  }

  #noteReplaced({ path, offset }: FileCursor, unread: number): void {
    const { id, deps } = this.#options;
    deps.metrics.replaced.inc({ input: id });
    deps.metrics.truncatedBytes.inc({ input: id }, unread);
    const message =
      'A file was truncated or overwritten; what was not read yet is lost unless a copy is found.';
    deps.log.warn(message, { input: id, path, offset, unread_bytes: unread });
  }

  /** Stops following a file that is gone. `searches` is 0 where it was read to its end. */
  async bury(file: Followed, searches = 0): Promise<void> {
    const { key, cursor, unfinished } = file;
    this.#files.delete(idOf(cursor));
    this.#options.deps.metrics.fileLag.remove({ input: this.#options.id, path: cursor.path });
    await release(file);
    if (cursor.offset > 0) this.#ghosts.set(key, { key, cursor, cause: 'gone', unfinished, searches });
  }

  #load(key: number, value: string): void {
    try {
      const cursor = decodeCursor(value);
      const known = cursor.goneSince !== undefined;
      const cause = known ? 'gone' : 'stopped';
      const searches = known ? 0 : SEARCHES;
      this.#ghosts.set(key, { key, cursor, cause, unfinished: Buffer.alloc(0), searches });
    } catch (error) {
      this.#options.deps.log.error(messageOf(error), { code: 'cursor_invalid', input: this.#options.id });
    }
    this.#nextKey = Math.max(this.#nextKey, key + 1);
  }

  #see(file: Followed, found: Found, now: number): void {
    if (file.cursor.path !== found.path) {
      this.#options.deps.metrics.fileLag.remove({ input: this.#options.id, path: file.cursor.path });
      file.cursor = { ...file.cursor, path: found.path };
      file.renamed = true;
    }
    file.leaving = false;
    if (found.stamp !== file.stamp) file.changedAt = now;
    const sizeBefore = file.size;
    file.stamp = found.stamp;
    file.size = found.size;
    // Noticed before the newcomers are met, so that the copy that copytruncate made is known for one.
    if (found.size < file.cursor.offset && !isGzip(found.path)) this.replace(file, sizeBefore);
  }

  /** A file numbered after another one is finished, so its last line will hardly be continued. */
  #noteRotations(found: readonly Found[]): void {
    const known = [...this.#files.values(), ...this.#ghosts.values()];
    const paths = new Set(known.flatMap(({ cursor }) => [cursor.path, cursor.origin]));
    for (const { path } of found) paths.add(path);
    for (const file of this.#files.values()) {
      const base = rotationBase(file.cursor.path);
      if (base !== undefined && paths.has(base)) file.renamed = true;
    }
  }

  /** A file that the patterns do not find any more: read on while it is open, else looked for where it was. */
  async #miss(file: Followed): Promise<void> {
    if (file.handle === undefined && file.unpacking === undefined) await this.bury(file, SEARCHES);
    else file.leaving = true;
  }

  #follow(found: Found, cursor: FileCursor, now: number, key?: number): Followed {
    const since = key === undefined ? this.#scans : 0;
    const file = follow(found, cursor, { key: key ?? this.#nextKey, since, changedAt: now });
    if (key === undefined) this.#nextKey += 1;
    this.#files.set(idOf(found), file);
    return file;
  }

  /** Follows a file again whose inode was followed before, if it has the content it had. */
  async #revive(found: Found, now: number, sibling = false): Promise<Followed | undefined> {
    const ghost = this.#ghostOf(found);
    if (ghost === undefined) return undefined;
    if (!(await isSameContent(found, ghost.cursor))) {
      if (sibling || ghost.cause === 'gone') return undefined;
      // Truncated, overwritten, or its inode reused while nobody looked; the old content stays known for its copies.
      this.#noteReplaced(ghost.cursor, 0);
      this.#ghosts.set(ghost.key, { ...ghost, cause: 'replaced' });
      return undefined;
    }
    this.#ghosts.delete(ghost.key);
    const { goneSince: _, ...cursor } = ghost.cursor;
    const { device, inode, path } = found;
    const file = this.#follow(found, { ...cursor, device, inode, path }, now, ghost.key);
    file.renamed = path !== cursor.path;
    file.leaving = sibling;
    return file;
  }

  /** The remembered content of this inode, the newest where there are several. */
  #ghostOf({ device, inode, path, stamp }: Found): Ghost | undefined {
    let newest: Ghost | undefined;
    for (const ghost of this.#ghosts.values()) {
      const { cursor } = ghost;
      if (cursor.offset === 0 && cursor.finished !== stamp) continue;
      // Device numbers may change when the machine starts again; then the path has to be the same.
      const same = cursor.inode === inode && (cursor.device === device || cursor.path === path);
      if (same && ghost.cause !== 'replaced' && (newest === undefined || ghost.key > newest.key))
        newest = ghost;
    }
    return newest;
  }

  /** A file whose inode is not known: a copy of something that was read, or new. */
  async #meet(found: Found, now: number, troubles: Map<string, string>): Promise<void> {
    if (found.size === 0) return;
    const id = idOf(found);
    const waiting = this.#waiting.get(id);
    if (waiting?.stamp === found.stamp && this.files.some(({ key }) => key === waiting.for)) return;
    this.#waiting.delete(id);
    const known = ({ since, cursor }: Followed): boolean =>
      since < this.#scans || `${cursor.path}.gz` === found.path;
    const followed = this.files.filter(known);
    const recognised = recognise(found, { ghosts: this.#ghosts.values(), followed });
    const verdict = await recognised.catch(
      (error: unknown) => void troubles.set(found.path, messageOf(error)),
    );
    switch (verdict?.kind) {
      case undefined:
        return;
      case 'wait':
        this.#waiting.set(id, { stamp: found.stamp, for: verdict.for });
        return;
      case 'copy':
        await this.#adopt(found, verdict, now);
        return;
      case 'new':
        this.#follow(found, newCursor(found), now);
    }
  }

  /** Reads a copy on from where its original had been read. */
  async #adopt(found: Found, { of, identity, whole }: Copy, now: number): Promise<Followed> {
    const cursor = { ...newCursor(found), ...identity, origin: of.cursor.origin };
    const changes: CursorChange[] = [{ key: String(this.#nextKey), value: encodeCursor(cursor) }];
    if (whole) changes.push({ key: String(of.key), value: null });
    await this.#options.emit({ lines: [], cursors: changes });
    if (whole) this.#ghosts.delete(of.key);
    const file = this.#follow(found, cursor, now);
    file.since = 0;
    file.renamed = true;
    return file;
  }

  /** Looks for files that vanished, and for copies of them, beside where they were, whatever the patterns say. */
  async #searchSiblings(now: number): Promise<void> {
    const sought = [...this.#ghosts.values()].filter(({ searches }) => searches > 0);
    const directories = new Set(sought.map(({ cursor }) => dirname(cursor.path)));
    for (const directory of directories) {
      for (const found of await listDirectory(directory)) {
        const id = idOf(found);
        if (this.#files.has(id) || this.#waiting.has(id) || found.size === 0) continue;
        if ((await this.#revive(found, now, true)) !== undefined) continue;
        const ghosts = sought.filter(
          ({ key, cursor }) => this.#ghosts.has(key) && isRotationOf(found.path, cursor.path),
        );
        const verdict = await recognise(found, { ghosts, followed: [] }).catch(() => undefined);
        if (verdict?.kind === 'copy') (await this.#adopt(found, verdict, now)).leaving = true;
      }
    }
    for (const ghost of sought) ghost.searches -= 1;
  }

  /** Takes what only memory has of contents that are gone, notes since when they are, and forgets the oldest. */
  async #settleGhosts(now: number): Promise<void> {
    const cursors: CursorChange[] = [];
    let surplus = this.#ghosts.size - GHOSTS_MAX;
    for (const ghost of this.#ghosts.values()) {
      if (ghost.searches < SEARCHES && ghost.unfinished.length > 0) await this.#takeUnfinished(ghost);
      if (ghost.searches > 0) continue;
      const { goneSince } = ghost.cursor;
      surplus -= 1;
      if (goneSince !== undefined && (now - goneSince > this.#options.keepMs || surplus >= 0)) {
        this.#ghosts.delete(ghost.key);
        cursors.push({ key: String(ghost.key), value: null });
      } else if (goneSince === undefined || goneSince > now) {
        ghost.cursor = { ...ghost.cursor, goneSince: now };
        cursors.push({ key: String(ghost.key), value: encodeCursor(ghost.cursor) });
      }
    }
    if (cursors.length > 0) await this.#options.emit({ lines: [], cursors });
  }

  async #takeUnfinished(ghost: Ghost): Promise<void> {
    const lines: Line[] = [...this.#options.extract(ghost.unfinished, 'everything').lines];
    const cursor = advance(ghost.cursor, ghost.unfinished);
    const cursors = [{ key: String(ghost.key), value: encodeCursor(cursor) }];
    await this.#options.emit({ path: cursor.origin, lines, cursors });
    ghost.cursor = cursor;
    ghost.unfinished = Buffer.alloc(0);
  }

  #noteTroubles(troubles: Map<string, string>): void {
    for (const [path, detail] of troubles) {
      if (this.#troubles.get(path) === detail) continue;
      this.#options.deps.log.error(detail, { code: 'input_unreadable', input: this.#options.id, path });
    }
    this.#troubles = troubles;
  }
}

/** Whether a file that was not kept open gave its inode to another one meanwhile. */
async function isOther(file: Followed, found: Found): Promise<boolean> {
  if (file.handle !== undefined || file.unpacking !== undefined) return false;
  const { cursor, stamp } = file;
  const doubtful = cursor.path !== found.path || (isGzip(found.path) && stamp !== found.stamp);
  return doubtful && !(await isSameContent(found, cursor));
}

function newCursor({ path, device, inode }: Found): FileCursor {
  const nothing = Buffer.alloc(0);
  return { path, origin: path, device, inode, offset: 0, head: nothing, tail: nothing };
}
