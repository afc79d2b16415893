import { open } from 'node:fs/promises';
import type { BigIntStats } from 'node:fs';
import { CanhError } from '../../platform/errors/index.ts';
import { LINE_TOTAL_BYTES_MAX } from '../lines.ts';
import { GZIP_CONTENT_BYTES_MAX, gzipContent, isUnfinishedGzip, readAt } from './content.ts';
import type { Extract, Flush } from './extract.ts';
import { idle, idOf, replaced, type Followed, type Reading, type Unpacking } from './followed.ts';
import { FINGERPRINT_BYTES } from './identity.ts';

/** So much is read in one go; more only where a line is longer. */
const READ_BYTES = 1024 * 1024;

export interface ReadContext {
  readonly extract: Extract;
  readonly now: number;
  /** Quiet time after which lines that more could join are a record; undefined where lines do not join. */
  readonly joinWaitMs: number | undefined;
  /** Quiet time after which the unfinished last line of a rotated file is a line. */
  readonly partialWaitMs: number;
  readonly gzipBytesMax?: number;
}

/** Size and time of modification; differs whenever the content may. */
export function stampOf(stat: BigIntStats): string {
  return `${String(stat.size)}:${String(stat.mtimeNs)}`;
}

/**
 * Reads what is new in a plain file, about `READ_BYTES` at most. The bytes before the offset are read along in the same
 * call and compared, so a file that was truncated and has grown beyond the offset again does not pass for itself.
 */
export async function readPlain(file: Followed, context: ReadContext): Promise<Reading> {
  if (file.handle === undefined) {
    if (unchanged(file, context)) return idle;
    file.handle = await openSame(file);
    if (file.handle === undefined) return idle;
  }
  noteStat(file, await file.handle.stat({ bigint: true }), context.now);
  if (unchanged(file, context)) return idle;
  const stamp = readStampOf(file, context);
  const { offset, tail } = file.cursor;
  if (file.size < offset) return replaced;
  for (let window = READ_BYTES; ; window *= 4) {
    const want = Math.min(window, LINE_TOTAL_BYTES_MAX);
    const bytes = await readAt(file.handle, offset - tail.length, tail.length + want);
    if (!bytes.subarray(0, tail.length).equals(tail)) return replaced;
    const fresh = bytes.subarray(tail.length);
    const atEnd = fresh.length < want;
    const { lines, consumed, cut } = context.extract(fresh, atEnd ? flushOf(file, context) : 'nothing');
    if (consumed === 0 && !atEnd && want < LINE_TOTAL_BYTES_MAX) continue;
    if (atEnd) file.readStamp = stamp;
    const unfinished = atEnd ? Buffer.from(fresh.subarray(consumed)) : Buffer.alloc(0);
    return { kind: 'read', lines, consumed: fresh.subarray(0, consumed), unfinished, cut };
  }
}

/** The file under its path if it still is the same one. */
async function openSame(file: Followed): Promise<Followed['handle']> {
  const handle = await open(file.cursor.path, 'r');
  const stat = await handle.stat({ bigint: true });
  if (idOf(file.cursor) === idOf({ device: String(stat.dev), inode: String(stat.ino) })) return handle;
  await handle.close();
  return undefined;
}

/** Takes over what a look at the file says. */
function noteStat(file: Followed, stat: BigIntStats, now: number): void {
  const stamp = stampOf(stat);
  if (stamp !== file.stamp) file.changedAt = now;
  file.stamp = stamp;
  file.size = Number(stat.size);
}

function unchanged(file: Followed, context: ReadContext): boolean {
  if (file.readStamp === readStampOf(file, context)) return true;
  return file.unfinished.length === 0 && (file.readStamp?.startsWith(`${file.stamp} `) ?? false);
}

function readStampOf(file: Followed, context: ReadContext): string {
  return `${file.stamp} ${flushOf(file, context)}`;
}

function flushOf(file: Followed, { now, joinWaitMs, partialWaitMs }: ReadContext): Flush {
  const quietMs = now - file.changedAt;
  if ((file.renamed || file.leaving) && quietMs >= partialWaitMs) return 'everything';
  return joinWaitMs !== undefined && quietMs >= joinWaitMs ? 'lines' : 'nothing';
}

/**
 * Reads on in the content of a gzip file. A file that just ends too early is still being written or will never be
 * whole: its complete lines are taken, and it is tried again when it has changed.
 */
export async function readGzip(file: Followed, context: ReadContext): Promise<Reading> {
  if (file.readStamp === file.stamp || file.cursor.finished === file.stamp) return idle;
  try {
    file.unpacking ??= await skipTo(file);
    if (file.unpacking === undefined) return replaced;
    return await unpackSome(file, file.unpacking, context);
  } catch (error) {
    file.unpacking = undefined;
    file.readStamp = file.stamp;
    if (isUnfinishedGzip(error)) return idle;
    throw error;
  }
}

async function unpackSome(
  file: Followed,
  unpacking: Unpacking,
  { extract, gzipBytesMax }: ReadContext,
): Promise<Reading> {
  const { content, end } = await nextContent(unpacking);
  if (unpacking.position > (gzipBytesMax ?? GZIP_CONTENT_BYTES_MAX)) {
    await unpacking.chunks.return(undefined);
    throw new CanhError(
      'input_unreadable',
      'The gzip file holds more than is unpacked; the rest is left out.',
    );
  }
  const { lines, consumed, cut } = extract(content, end === 'sound' ? 'everything' : 'nothing');
  unpacking.pending = content.subarray(consumed);
  if (end !== 'none') {
    file.unpacking = undefined;
    file.readStamp = file.stamp;
  }
  const read = { kind: 'read', lines, consumed: content.subarray(0, consumed), cut } as const;
  const unfinished = Buffer.alloc(0);
  return end === 'sound' ? { ...read, unfinished, finished: file.stamp } : { ...read, unfinished };
}

/** What was pending and about `READ_BYTES` more, and whether the content ended, soundly or too early. */
async function nextContent(
  unpacking: Unpacking,
): Promise<{ readonly content: Buffer; readonly end: 'none' | 'sound' | 'early' }> {
  const parts = [unpacking.pending];
  let bytes = 0;
  let end: 'none' | 'sound' | 'early' = 'none';
  while (bytes < READ_BYTES && end === 'none') {
    try {
      const next = await unpacking.chunks.next();
      if (next.done === true) end = 'sound';
      else {
        parts.push(next.value);
        bytes += next.value.length;
      }
    } catch (error) {
      if (!isUnfinishedGzip(error)) throw error;
      end = 'early';
    }
  }
  unpacking.position += bytes;
  return { content: Buffer.concat(parts), end };
}

/** Unpacks up to the offset; undefined where the content before it is not what was read. */
async function skipTo(file: Followed): Promise<Followed['unpacking']> {
  const { offset, tail } = file.cursor;
  const chunks = gzipContent(file.cursor.path);
  let position = 0;
  let last: Buffer = Buffer.alloc(0);
  while (position < offset) {
    const next = await chunks.next();
    if (next.done === true) return undefined;
    const joined = Buffer.concat([last, next.value]);
    position += next.value.length;
    if (position < offset) {
      last = Buffer.from(joined.subarray(-FINGERPRINT_BYTES));
      continue;
    }
    const end = joined.length - (position - offset);
    const same = joined.subarray(Math.max(0, end - tail.length), end).equals(tail);
    if (same) return { chunks, position, pending: Buffer.from(joined.subarray(end)) };
    await chunks.return(undefined);
    return undefined;
  }
  return { chunks, position, pending: Buffer.alloc(0) };
}
