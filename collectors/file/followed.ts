import type { FileHandle } from 'node:fs/promises';
import type { Line } from '../input.ts';
import type { FileCursor } from './identity.ts';

/** A file as a scan found it. */
export interface Found {
  readonly path: string;
  readonly device: string;
  readonly inode: string;
  readonly size: number;
  /** Changes whenever the file does: size and time of modification. */
  readonly stamp: string;
}

/** The content of a gzip file being read. */
export interface Unpacking {
  readonly chunks: AsyncGenerator<Buffer>;
  /** Bytes that were unpacked, consumed or not. */
  position: number;
  /** Content after the offset that is not consumed yet. */
  pending: Buffer;
}

/** A file on disk that is being followed. */
export interface Followed {
  /** Key of its cursor; grows, so that of two cursors of one inode the greater is the newer. */
  readonly key: number;
  /** What is durable, plus its present path. */
  cursor: FileCursor;
  handle: FileHandle | undefined;
  unpacking: Unpacking | undefined;
  /** Size and stamp as last seen, and when the stamp last changed. */
  size: number;
  stamp: string;
  changedAt: number;
  /** The stamp, with what was flushed, up to which everything was read. */
  readStamp: string | undefined;
  /** Bytes after the offset that no line end follows yet; they are a line if the file is truncated now. */
  unfinished: Buffer;
  /** Number of the scan that found it as new; 0 where its content was known before. */
  since: number;
  /** It has had another name, so its last line will hardly be continued. */
  renamed: boolean;
  /** The patterns do not find it any more. */
  leaving: boolean;
  /** What is wrong with it, and the scan in which that was seen. */
  trouble: { readonly detail: string; readonly scan: number } | undefined;
}

/** A content that was read and is no longer where it was: a copy of it must not be read again. */
export interface Ghost {
  readonly key: number;
  cursor: FileCursor;
  /** `replaced`: truncated or overwritten in place, so copies may be shorter. */
  readonly cause: 'gone' | 'replaced' | 'stopped';
  /** See `Followed.unfinished`. */
  unfinished: Buffer;
  /** In so many more scans its directory is searched for it. */
  searches: number;
}

/** What one reading of a file gave. */
export type Reading =
  | { readonly kind: 'idle' }
  | { readonly kind: 'replaced' }
  | {
      readonly kind: 'read';
      readonly lines: readonly Line[];
      readonly consumed: Buffer;
      readonly unfinished: Buffer;
      readonly cut: boolean;
      /** Of a gzip file that was read to its end: its stamp. */
      readonly finished?: string;
    };

export const idle: Reading = { kind: 'idle' };
export const replaced: Reading = { kind: 'replaced' };

export function idOf({ device, inode }: { readonly device: string; readonly inode: string }): string {
  return `${device}:${inode}`;
}

/** Starts following a file from `cursor`. */
export function follow(
  found: Found,
  cursor: FileCursor,
  extra: Pick<Followed, 'key' | 'since' | 'changedAt'>,
): Followed {
  return {
    ...extra,
    cursor,
    handle: undefined,
    unpacking: undefined,
    size: found.size,
    stamp: found.stamp,
    readStamp: undefined,
    unfinished: Buffer.alloc(0),
    renamed: false,
    leaving: false,
    trouble: undefined,
  };
}

/** Lets go of descriptor and decompressor; the file stays known. */
export async function release(file: Followed): Promise<void> {
  const { handle, unpacking } = file;
  file.handle = undefined;
  file.unpacking = undefined;
  await unpacking?.chunks.return(undefined);
  await handle?.close();
}
