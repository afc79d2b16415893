import type { Hints, Part, SpooledRecord } from '../platform/record.ts';
import { invariant } from '../platform/errors/index.ts';
import type { Piece } from './lines.ts';

/** Largest number of records in one row of the spool. */
export const ROW_RECORDS_MAX = 4096;
/** A row is closed when its lines reach this many characters; one piece may make it larger. */
const ROW_CHARS_MAX = 1024 * 1024;

/** What the records of a row have in common. */
export interface Head {
  readonly received: number;
  readonly input: string;
  readonly path?: string;
  readonly hints: Hints;
}

/** One row of the spool: consecutive records of one origin. Thousands of lines a row cost one insert. */
export interface Row {
  readonly records: number;
  readonly bytes: number;
  readonly head: string;
  readonly pieces: string;
}

/** A piece in a row: text as it is, anything else as an object. */
type StoredPiece = string | { readonly line?: string; readonly bytes?: string; readonly part?: Part };

/** The rows that hold `pieces` in order. */
export function encodeRows(pieces: readonly Piece[], head: Head): readonly Row[] {
  const rows: Row[] = [];
  const headText = JSON.stringify(head);
  let stored: StoredPiece[] = [];
  let chars = 0;
  const close = (): void => {
    if (stored.length === 0) return;
    const text = JSON.stringify(stored);
    rows.push({
      records: stored.length,
      bytes: Buffer.byteLength(text) + headText.length,
      head: headText,
      pieces: text,
    });
    stored = [];
    chars = 0;
  };
  for (const piece of pieces) {
    stored.push(toStored(piece));
    chars += piece.line.length;
    if (stored.length >= ROW_RECORDS_MAX || chars >= ROW_CHARS_MAX) close();
  }
  close();
  return rows;
}

/** The records of a row as the spool's table gave it. */
export function decodeRow(
  row: Readonly<Record<string, unknown>>,
  collector: string,
): readonly SpooledRecord[] {
  const { epoch, seq, previous, head, pieces } = row;
  invariant(
    typeof epoch === 'string' && typeof seq === 'number',
    'a row of the spool has its epoch and number',
  );
  invariant(
    typeof head === 'string' && typeof pieces === 'string',
    'a row of the spool has its head and lines',
  );
  const common = JSON.parse(head) as Head;
  const stored = JSON.parse(pieces) as readonly StoredPiece[];
  return stored.map((piece, index) => ({
    collector,
    epoch,
    seq: seq + index,
    ...(index === 0 && typeof previous === 'string'
      ? { previous: JSON.parse(previous) as SpooledRecord['previous'] & object }
      : {}),
    ...common,
    ...fromStored(piece),
  }));
}

function toStored({ line, part }: Piece): StoredPiece {
  if (typeof line === 'string') return part === undefined ? line : { line, part };
  const bytes = Buffer.from(line.buffer, line.byteOffset, line.length).toString('base64');
  return part === undefined ? { bytes } : { bytes, part };
}

function fromStored(piece: StoredPiece): Piece {
  if (typeof piece === 'string') return { line: piece };
  const line = piece.line ?? new Uint8Array(Buffer.from(piece.bytes ?? '', 'base64'));
  return piece.part === undefined ? { line } : { line, part: piece.part };
}
