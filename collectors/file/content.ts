import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { systemCode } from '../../platform/errors/index.ts';
import { FINGERPRINT_BYTES, isGzip } from './identity.ts';

/** A gzip file is not unpacked beyond this; what is left of it is reported. */
export const GZIP_CONTENT_BYTES_MAX = 64 * 1024 ** 3;
const GZIP_CHUNK_BYTES = 256 * 1024;

/** Bytes of a file at some positions; of a gzip file, of its content. */
export interface Sampled {
  readonly head: Buffer;
  /** Bytes that were seen; all there are when `complete`. */
  readonly length: number;
  /** Whether the end was reached and, for gzip, was sound. */
  readonly complete: boolean;
  /** The up to `FINGERPRINT_BYTES` bytes before each position that was asked for and reached. */
  readonly before: ReadonlyMap<number, Buffer>;
}

/** Reads `length` bytes at `position`, fewer only at the end of the file. */
export async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** The up to `FINGERPRINT_BYTES` bytes before `position`; shorter where the file ends before it. */
export async function fingerprintBefore(handle: FileHandle, position: number): Promise<Buffer> {
  const start = Math.max(0, position - FINGERPRINT_BYTES);
  return await readAt(handle, start, position - start);
}

/** What tells whether a file is a copy of contents read up to `positions`. Throws what opening and unpacking throw. */
export async function sample(path: string, positions: readonly number[]): Promise<Sampled> {
  return isGzip(path) ? await sampleGzip(path, positions) : await samplePlain(path, positions);
}

async function samplePlain(path: string, positions: readonly number[]): Promise<Sampled> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const before = new Map<number, Buffer>();
    for (const position of [...positions, size]) {
      if (position <= size) before.set(position, await fingerprintBefore(handle, position));
    }
    const head = await readAt(handle, 0, Math.min(size, FINGERPRINT_BYTES));
    return { head, length: size, complete: true, before };
  } finally {
    await handle.close();
  }
}

async function sampleGzip(path: string, positions: readonly number[]): Promise<Sampled> {
  const before = new Map<number, Buffer>();
  const waiting = positions.toSorted((a, b) => a - b);
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  let length = 0;
  let complete = true;
  try {
    for await (const chunk of gzipContent(path)) {
      if (head.length < FINGERPRINT_BYTES) head = Buffer.concat([head, chunk]).subarray(0, FINGERPRINT_BYTES);
      const joined = Buffer.concat([tail, chunk]);
      const start = length - tail.length;
      length += chunk.length;
      while (waiting[0] !== undefined && waiting[0] <= length) {
        const end = waiting[0] - start;
        before.set(waiting[0], Buffer.from(joined.subarray(Math.max(0, end - FINGERPRINT_BYTES), end)));
        waiting.shift();
      }
      tail = Buffer.from(joined.subarray(-FINGERPRINT_BYTES));
      if (waiting.length === 0) {
        complete = false;
        break;
      }
    }
  } catch (error) {
    if (!isUnfinishedGzip(error)) throw error;
    complete = false;
  }
  before.set(length, tail);
  return { head: Buffer.from(head), length, complete, before };
}

/** The content of a gzip file in chunks; ends with zlib's error where the file is damaged or not all there yet. */
export async function* gzipContent(path: string): AsyncGenerator<Buffer> {
  const file = createReadStream(path);
  const gunzip = createGunzip({ chunkSize: GZIP_CHUNK_BYTES });
  file.on('error', (error) => gunzip.destroy(error));
  file.pipe(gunzip);
  try {
    for await (const chunk of gunzip) yield chunk as Buffer;
  } finally {
    file.destroy();
    gunzip.destroy();
  }
}

/** Whether a gzip file just ends too early, as one does while it is being written. */
export function isUnfinishedGzip(error: unknown): boolean {
  return systemCode(error) === 'Z_BUF_ERROR';
}
