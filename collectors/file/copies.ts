import { fingerprintBefore, readAt, sample, type Sampled } from './content.ts';
import type { Followed, Found, Ghost } from './followed.ts';
import { FINGERPRINT_BYTES, isGzip, isRotationOf, type FileCursor, type Identity } from './identity.ts';

/** What a file that nobody knew turns out to be. */
export type Verdict =
  /** Nothing that was read before. */
  | { readonly kind: 'new' }
  | Copy
  /**
   * A copy, or the beginning of one, of a file that is still being followed: leave it alone while that lasts. Without
   * `for`, too little of it is there to tell.
   */
  | { readonly kind: 'wait'; readonly for: number | undefined };

/** A copy of a content that is gone elsewhere: read on from `identity`. */
export interface Copy {
  readonly kind: 'copy';
  readonly of: Ghost;
  readonly identity: Pick<Identity, 'offset' | 'head' | 'tail'>;
  /** Whether it has everything that was read of the original. */
  readonly whole: boolean;
}

const isNew: Verdict = { kind: 'new' };

/** What was known before `found` appeared. */
export interface Known {
  readonly ghosts: Iterable<Ghost>;
  readonly followed: Iterable<Followed>;
}

/**
 * Whether a file that appeared under the name of a rotation is a copy of something read before, as copytruncate, `cp`
 * and gzip leave behind. Content decides: the first bytes, and the bytes before the offset up to which the original was
 * read. Of several originals the one read furthest counts.
 */
export async function recognise(found: Found, known: Known): Promise<Verdict> {
  const related = (cursor: FileCursor): boolean =>
    cursor.offset > 0 && (isRotationOf(found.path, cursor.path) || isRotationOf(found.path, cursor.origin));
  const originals: Original[] = [
    ...[...known.ghosts].map((ghost) => ({ cursor: ghost.cursor, ghost, live: undefined })),
    ...[...known.followed].map((live) => ({ cursor: live.cursor, ghost: undefined, live })),
  ];
  const candidates = originals.filter(({ cursor, live }) => related(cursor) || isPacked(found, live));
  if (candidates.length === 0) return isNew;
  candidates.sort((a, b) => b.cursor.offset - a.cursor.offset);
  const sampled = await sample(
    found.path,
    candidates.map(({ cursor }) => cursor.offset),
  );
  // So little of a gzip file is there that it says nothing yet.
  if (sampled.length === 0 && !sampled.complete) return { kind: 'wait', for: undefined };
  for (const { cursor, ghost, live } of candidates) {
    const head = cursor.offset > 0 ? cursor.head : await headOf(live);
    if (!sameHead(sampled.head, head)) continue;
    const verdict =
      ghost === undefined ? await compareWithLive(found, sampled, live) : compareWithGhost(sampled, ghost);
    if (verdict !== undefined) return verdict;
  }
  return isNew;
}

type Original =
  | { readonly cursor: FileCursor; readonly ghost: Ghost; readonly live: undefined }
  | { readonly cursor: FileCursor; readonly ghost: undefined; readonly live: Followed };

/** Whether `found` may be the packed form of a file of which nothing was taken yet, which is still there or open. */
function isPacked(found: Found, live: Followed | undefined): boolean {
  return live !== undefined && isGzip(found.path) && isRotationOf(found.path, live.cursor.path);
}

async function headOf(live: Followed | undefined): Promise<Buffer> {
  if (live?.handle !== undefined) return await readAt(live.handle, 0, FINGERPRINT_BYTES);
  const sampled = live === undefined ? undefined : await sample(live.cursor.path, []).catch(() => undefined);
  return sampled?.head ?? Buffer.alloc(0);
}

function sameHead(a: Buffer, b: Buffer): boolean {
  const length = Math.min(a.length, b.length);
  return length > 0 && a.subarray(0, length).equals(b.subarray(0, length));
}

function compareWithGhost(sampled: Sampled, ghost: Ghost): Verdict | undefined {
  const { offset, head, tail } = ghost.cursor;
  const at = sampled.before.get(offset);
  if (at !== undefined) {
    return at.equals(tail)
      ? { kind: 'copy', of: ghost, identity: { offset, head, tail }, whole: true }
      : undefined;
  }
  // Lines written between the copying and the truncation were read from the original only, so its copy is shorter.
  const shorter = ghost.cause !== 'gone' && sampled.complete && sampled.length > 0;
  const end = sampled.before.get(sampled.length);
  if (!shorter || end === undefined) return undefined;
  return {
    kind: 'copy',
    of: ghost,
    identity: { offset: sampled.length, head: sampled.head, tail: end },
    whole: false,
  };
}

async function compareWithLive(found: Found, sampled: Sampled, live: Followed): Promise<Verdict | undefined> {
  const wait: Verdict = { kind: 'wait', for: live.key };
  const { offset, tail } = live.cursor;
  // An original that has just been truncated is not noticed yet; the next scan knows more.
  if (!(await bytesBefore(live, offset))?.equals(tail)) return wait;
  const at = sampled.before.get(offset);
  if (at !== undefined) {
    if (!at.equals(tail)) return undefined;
    // A copy of a file that still exists cannot be longer than the file.
    return isGzip(found.path) || sampled.length <= live.size ? wait : undefined;
  }
  if (sampled.length === 0) return undefined;
  const end = sampled.before.get(sampled.length);
  const same = end !== undefined && (await bytesBefore(live, sampled.length))?.equals(end);
  return same === true ? wait : undefined;
}

async function bytesBefore(live: Followed, position: number): Promise<Buffer | undefined> {
  if (live.handle !== undefined) return await fingerprintBefore(live.handle, position);
  const sampled = await sample(live.cursor.path, [position]).catch(() => undefined);
  return sampled?.before.get(position);
}

/** Whether `found` still begins with what was read of it; a file that cannot be read is taken at its word. */
export async function isSameContent(found: Found, cursor: FileCursor): Promise<boolean> {
  const { offset, head, tail, path, finished } = cursor;
  if (isGzip(found.path) !== isGzip(path)) return false;
  if (finished === found.stamp) return true;
  if (offset === 0) return false;
  const sampled = await sample(found.path, [offset]).catch(() => undefined);
  if (sampled === undefined) return true;
  return sameHead(sampled.head, head) && (sampled.before.get(offset)?.equals(tail) ?? false);
}
