import { basename, dirname, join, sep } from 'node:path';
import { CanhError } from '../../platform/errors/index.ts';

/** So many bytes at the beginning of what was read, and as many at its end, tell one content from another. */
export const FINGERPRINT_BYTES = 256;

/**
 * How far a file has been read, and what it looked like. Head and tail are the first and the last bytes that were read:
 * a file with the same inode whose bytes before `offset` differ was truncated, or is another file that got the inode;
 * another file that has the same bytes is a copy, such as copytruncate and gzip make.
 */
export interface Identity {
  readonly device: string;
  readonly inode: string;
  /** Bytes read; of a gzip file, of its content. */
  readonly offset: number;
  readonly head: Buffer;
  readonly tail: Buffer;
}

/** What is durable about a file: a cursor of the input. */
export interface FileCursor extends Identity {
  /** Where it was last seen. */
  readonly path: string;
  /** Where it was first seen: the name that its records carry, also after a rotation. */
  readonly origin: string;
  /** When it was found to be gone, in milliseconds. */
  readonly goneSince?: number;
  /** Of a gzip file that was read to its end: its stamp then. */
  readonly finished?: string;
}

/** Identity after `consumed` more bytes, which begin at the offset. */
export function advance<T extends Identity>(identity: T, consumed: Buffer): T {
  const missing = FINGERPRINT_BYTES - identity.head.length;
  const head = missing > 0 ? Buffer.concat([identity.head, consumed.subarray(0, missing)]) : identity.head;
  const tail =
    consumed.length >= FINGERPRINT_BYTES
      ? Buffer.from(consumed.subarray(-FINGERPRINT_BYTES))
      : Buffer.concat([identity.tail, consumed]).subarray(-FINGERPRINT_BYTES);
  return { ...identity, offset: identity.offset + consumed.length, head, tail };
}

export function encodeCursor(cursor: FileCursor): string {
  const { device, inode, offset, head, tail, path, origin, goneSince, finished } = cursor;
  return JSON.stringify({
    device,
    inode,
    offset,
    head: head.toString('base64'),
    tail: tail.toString('base64'),
    path,
    origin,
    ...(goneSince === undefined ? {} : { gone_since: goneSince }),
    ...(finished === undefined ? {} : { finished }),
  });
}

/** Back from `encodeCursor`. Throws `cursor_invalid`. */
export function decodeCursor(text: string): FileCursor {
  const value = JSON.parse(text) as Readonly<Record<string, unknown>>;
  const { device, inode, offset, head, tail, path, origin } = value;
  if (
    typeof device !== 'string' ||
    typeof inode !== 'string' ||
    typeof offset !== 'number' ||
    typeof head !== 'string' ||
    typeof tail !== 'string' ||
    typeof path !== 'string' ||
    typeof origin !== 'string'
  ) {
    throw new CanhError('cursor_invalid', 'A file cursor in the spool is damaged; its file is read again.');
  }
  return {
    device,
    inode,
    offset,
    head: Buffer.from(head, 'base64'),
    tail: Buffer.from(tail, 'base64'),
    path,
    origin,
    ...(typeof value['gone_since'] === 'number' ? { goneSince: value['gone_since'] } : {}),
    ...(typeof value['finished'] === 'string' ? { finished: value['finished'] } : {}),
  };
}

export function isGzip(path: string): boolean {
  return path.endsWith('.gz');
}

/**
 * Whether `path` is a name that rotation gives to a copy of `original`: in the same directory or below it, and the same
 * name with something added or with other numbers (`app.log.1`, `app.log.2.gz`, `app-20260101.log` of `app.log`).
 */
export function isRotationOf(path: string, original: string): boolean {
  const directory = dirname(path);
  const home = dirname(original);
  if (directory !== home && !directory.startsWith(home + (home === sep ? '' : sep))) return false;
  const name = basename(path);
  const base = unnumbered(basename(original));
  if (path === original || name === base) return false;
  return unnumbered(name) === base || (name.startsWith(base) && isSeparator(name[base.length]));
}

/** The path of the file that `path` is a numbered rotation of; undefined where its name has no number. */
export function rotationBase(path: string): string | undefined {
  const name = basename(path);
  const base = unnumbered(name);
  return base === name ? undefined : join(dirname(path), base);
}

/** A file name without `.gz` and without numbers that follow a separator: what a file and its rotations share. */
export function unnumbered(name: string): string {
  const plain = isGzip(name) ? name.slice(0, -3) : name;
  let out = '';
  for (let at = 0; at < plain.length;) {
    let end = at + 1;
    if (isSeparator(plain[at]) && at > 0) while (isDigit(plain[end])) end += 1;
    if (end === at + 1) out += plain[at] ?? '';
    at = end;
  }
  return out;
}

function isDigit(char: string | undefined): boolean {
  return char !== undefined && char >= '0' && char <= '9';
}

function isSeparator(char: string | undefined): boolean {
  return char === '.' || char === '-' || char === '_';
}
