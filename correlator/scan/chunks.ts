import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CanhError, messageOf } from '../../platform/errors/index.ts';
import { createSplitter, modeOf, type FileDocument, type Mode } from './splitter.ts';

/** A file is handed on in pieces of about so many bytes. */
const CHUNK_BYTES = 1024 * 1024;
/** Where so many pieces' bytes hold no place to cut, documents are told apart by reading them. */
const UNCUT_CHUNKS_MAX = 8;

/** A piece of a file that begins and ends between two documents or lines. */
export type Chunk = BytesChunk | DocumentsChunk;
interface BytesChunk {
  readonly kind: 'bytes';
  readonly mode: Mode;
  readonly bytes: Uint8Array;
  /** Nothing of the file follows. */
  readonly last: boolean;
}
/** Where a file cannot be cut without reading it: what was read. */
interface DocumentsChunk {
  readonly kind: 'documents';
  readonly documents: readonly FileDocument[];
  readonly last: false;
}

export interface Source {
  /** Names it in messages. */
  readonly path: string;
  /** Read instead of the file `path`: standard input, of which everything is handed on as soon as it is there. */
  readonly stream?: Readable;
}

export interface ReadOptions {
  /** Told of bytes as they are read, before they are unpacked. */
  readonly onBytes?: (bytes: number) => void;
  /** About so many bytes a piece; `CHUNK_BYTES` where left out. */
  readonly chunkBytes?: number;
}

/** zlib takes no smaller buffer. */
const GUNZIP_BYTES_MIN = 64;

/**
 * A file in pieces; gzip is seen by its first bytes. JSON documents, one after another or in one array, may be spread
 * over lines; where the file does not begin with `{` or `[`, it holds lines. Throws `file_unreadable`.
 */
export async function* readChunks(source: Source, options: ReadOptions = {}): AsyncGenerator<Chunk> {
  const { onBytes = () => undefined, chunkBytes = CHUNK_BYTES } = options;
  const cutter = createCutter({ live: source.stream !== undefined, chunkBytes });
  try {
    for await (const bytes of await openSource(source, { onBytes, chunkBytes })) yield* cutter.push(bytes);
    yield* cutter.end();
  } catch (cause) {
    if (cause instanceof CanhError) throw cause;
    throw new CanhError('file_unreadable', messageOf(cause), { cause, place: { file: source.path } });
  }
}

async function openSource(
  source: Source,
  { onBytes, chunkBytes }: Required<ReadOptions>,
): Promise<AsyncIterable<Buffer>> {
  const stream: AsyncIterable<Buffer> =
    source.stream ?? createReadStream(source.path, { highWaterMark: chunkBytes });
  const chunks = counted(stream, onBytes);
  const first = await chunks.next();
  const all = async function* (): AsyncGenerator<Buffer> {
    if (first.done === true) return;
    yield first.value;
    yield* chunks;
  };
  const gzip = first.done !== true && first.value[0] === 0x1f && first.value[1] === 0x8b;
  if (!gzip) return all();
  // A broken stream fails the pipeline, which destroys what is read from with the reason.
  return pipeline(all, createGunzip({ chunkSize: Math.max(chunkBytes, GUNZIP_BYTES_MIN) }), () => undefined);
}

async function* counted(
  source: AsyncIterable<Buffer>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    onBytes(chunk.length);
    yield chunk;
  }
}

interface Cutter {
  push(bytes: Buffer): Iterable<Chunk>;
  end(): Iterable<Chunk>;
}

/** Cuts bytes, however they come, into pieces of about `chunkBytes`, or as they come where they are `live`. */
function createCutter({ live, chunkBytes }: { readonly live: boolean; readonly chunkBytes: number }): Cutter {
  let held: Buffer = Buffer.alloc(0);
  let coming: Buffer[] = [];
  let bytesComing = 0;
  let mode: Mode | undefined;
  let reader: ReturnType<typeof createReader> | undefined;

  const gather = (): Buffer => {
    held = coming.length === 0 ? held : Buffer.concat([held, ...coming]);
    coming = [];
    bytesComing = 0;
    return held;
  };
  const cut = function* (): Generator<Chunk> {
    const all = gather();
    mode ??= modeOf(all.toString('utf8'), false);
    if (mode === undefined) return;
    // Only reading an array tells where its items end, and whether the last object of what came is whole.
    const isRead = mode === 'array' || (live && mode === 'json');
    const at = isRead ? 0 : placeToCut(all, mode);
    if (at > 0) {
      held = all.subarray(at);
      yield { kind: 'bytes', mode, bytes: all.subarray(0, at), last: false };
    } else if (isRead || all.length >= UNCUT_CHUNKS_MAX * chunkBytes) {
      reader = createReader(mode);
      held = Buffer.alloc(0);
      yield* reader.push(all);
    }
  };

  return {
    push: function* (bytes) {
      if (reader !== undefined) {
        yield* reader.push(bytes);
        return;
      }
      coming.push(bytes);
      bytesComing += bytes.length;
      if (live || bytesComing >= chunkBytes) yield* cut();
    },
    end: function* () {
      if (reader !== undefined) yield* reader.end();
      const bytes = gather();
      yield {
        kind: 'bytes',
        mode: mode ?? modeOf(bytes.toString('utf8'), true) ?? 'lines',
        bytes,
        last: true,
      };
    },
  };
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/**
 * The last place at which a piece may end: behind a line; between two objects, as `}` at the end of a line and `{` at
 * the beginning of the next cannot meet within one. Not positive where there is none.
 */
function placeToCut(bytes: Buffer, mode: Mode): number {
  let at = bytes.lastIndexOf(LINE_FEED);
  if (mode === 'lines') return at + 1;
  for (; at > 0; at = bytes.lastIndexOf(LINE_FEED, at - 1)) {
    const end = bytes[at - 1] === CARRIAGE_RETURN ? at - 2 : at - 1;
    if (bytes[at + 1] === OPEN && bytes[end] === CLOSE) return at + 1;
  }
  return 0;
}

/** Reads documents out of bytes as they come. */
function createReader(mode: Mode) {
  const decoder = new TextDecoder('utf-8');
  const splitter = createSplitter(mode);
  const chunkOf = function* (documents: readonly FileDocument[]): Generator<Chunk> {
    if (documents.length > 0) yield { kind: 'documents', documents, last: false };
  };
  return {
    push: (bytes: Buffer) => chunkOf(splitter.push(decoder.decode(bytes, { stream: true }))),
    end: function* () {
      yield* chunkOf(splitter.push(decoder.decode()));
      yield* chunkOf(splitter.end());
    },
  };
}
