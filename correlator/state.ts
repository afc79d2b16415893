import { CanhError } from '../platform/errors/index.ts';
import type { JsonObject } from '../platform/event.ts';
import type { NewDocument, StoredDocument } from '../platform/index/port.ts';
import type { StatePart } from '../sigma/index.ts';
import { persist, type WriterOptions } from './persist.ts';

/** Bytes of one document of state; a larger part is several. */
export const PIECE_BYTES_MAX = 4 * 1024 * 1024;
/** Characters written in one call, so that no other writer waits for long. */
const WRITE_CHARS_MAX = 8 * 1024 * 1024;

/** Where a part lies: one of two slots, in so many pieces, written in this generation. */
export type PartPlace = readonly [slot: 0 | 1, pieces: number, generation: number];

/** Names the state that a manifest stands for. */
export interface StateReference {
  /** Grows with every write. */
  readonly generation: number;
  readonly parts: Readonly<Record<string, PartPlace>>;
}

export const noState: StateReference = { generation: 0, parts: {} };

/** The correlations' state of one partition, in the index. */
export interface StateStore {
  /** The parts that a reference names; those that are not there (any more) are told and left out. */
  read(reference: StateReference): Promise<readonly StatePart[]>;
  /**
   * Writes changed parts beside those that `reference` names, which stay as they are until the next write; resolves with
   * the reference to what then holds. Rejects with `index_conflict` when a later owner has written.
   */
  write(reference: StateReference, changed: readonly StatePart[]): Promise<StateReference>;
}

export interface StateStoreOptions extends WriterOptions {
  /** What the ids begin with: topic and partition. */
  readonly name: string;
  /** How often the partition was taken over: who took it later overwrites, who had it before gives up. */
  readonly epoch: number;
}

/**
 * Each part has two slots: the one that the last manifest names is never touched, so a crash between writing state and
 * writing the manifest leaves what the manifest stands for whole. Nothing needs to be deleted.
 */
export function createStateStore(options: StateStoreOptions): StateStore {
  const { index, name, epoch } = options;
  const idOf = (part: string, slot: number, piece: number): string => `${name}/${part}/${slot}/${piece}`;
  /** Versions of documents as this owner wrote them last. */
  const versions = new Map<string, string>();

  const put = async (documents: readonly NewDocument[]): Promise<void> => {
    let pending = documents;
    while (pending.length > 0) {
      const tried = await tryToPut(pending, versions, options);
      const stored = await persist(
        () =>
          index.get(
            'correlations',
            tried.map(({ id }) => id),
          ),
        options,
      );
      for (const [i, { id }] of tried.entries()) {
        const found = stored[i];
        if (found === undefined) versions.delete(id);
        else if (Number(found.body['epoch']) > epoch) {
          throw new CanhError('index_conflict', 'Another correlator has taken over this partition.');
        } else versions.set(id, found.version);
      }
      pending = tried;
    }
  };

  return {
    read: async ({ parts }) => {
      const found: StatePart[] = [];
      for (const [id, [slot, pieces, generation]] of Object.entries(parts)) {
        const ids = Array.from({ length: pieces }, (_, piece) => idOf(id, slot, piece));
        const documents = await persist(() => index.get('correlations', ids), options);
        const bytes = joined(documents, generation);
        if (bytes === undefined)
          options.log.error('State of correlations is missing; what they had counted is lost.', { id });
        else if (bytes.length > 0) found.push({ id, bytes });
      }
      return found;
    },
    write: async (reference, changed) => {
      if (changed.length === 0) return reference;
      const generation = reference.generation + 1;
      const parts: Record<string, PartPlace> = { ...reference.parts };
      let documents: NewDocument[] = [];
      let chars = 0;
      for (const { id, bytes } of changed) {
        const slot = reference.parts[id]?.[0] === 0 ? 1 : 0;
        const pieces = piecesOf(bytes);
        for (const [piece, text] of pieces.entries()) {
          const body: JsonObject = { epoch, generation, bytes: text };
          documents.push({ id: idOf(id, slot, piece), agency: '', time: 0, body });
          chars += text.length;
          if (chars < WRITE_CHARS_MAX) continue;
          await put(documents);
          documents = [];
          chars = 0;
        }
        parts[id] = [slot, pieces.length, generation];
      }
      await put(documents);
      return { generation, parts };
    },
  };
}

/** Writes what it can; resolves with the documents whose version is not (or no longer) the one known. */
async function tryToPut(
  documents: readonly NewDocument[],
  versions: Map<string, string>,
  options: StateStoreOptions,
): Promise<readonly NewDocument[]> {
  const { index } = options;
  const unknown: NewDocument[] = [];
  const known: StoredDocument[] = [];
  for (const document of documents) {
    const version = versions.get(document.id);
    if (version === undefined) unknown.push(document);
    else known.push({ ...document, version });
  }
  const created =
    unknown.length === 0 ? [] : await persist(() => index.create('correlations', unknown), options);
  const replaced =
    known.length === 0 ? [] : await persist(() => index.replaceEach('correlations', known), options);
  const refused = [...created, ...replaced].find(({ kind }) => kind === 'rejected');
  if (refused?.kind === 'rejected') throw new CanhError('index_rejected', refused.reason);
  for (const [i, { id }] of known.entries()) {
    const result = replaced[i];
    if (result?.kind === 'replaced') versions.set(id, result.version);
  }
  return [
    ...unknown.filter((_, i) => created[i]?.kind !== 'created'),
    ...known.filter((_, i) => replaced[i]?.kind !== 'replaced'),
  ];
}

function piecesOf(bytes: Uint8Array): readonly string[] {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length || at === 0; at += PIECE_BYTES_MAX) {
    const piece = bytes.subarray(at, at + PIECE_BYTES_MAX);
    pieces.push(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString('base64'));
  }
  return pieces;
}

function joined(
  documents: readonly (StoredDocument | undefined)[],
  generation: number,
): Uint8Array | undefined {
  const pieces: Buffer[] = [];
  for (const document of documents) {
    const text = document?.body['bytes'];
    if (typeof text !== 'string' || document?.body['generation'] !== generation) return undefined;
    pieces.push(Buffer.from(text, 'base64'));
  }
  return new Uint8Array(Buffer.concat(pieces));
}
