import { isUtf8 } from 'node:buffer';
import { LINE_BYTES_MAX, type Part } from '../platform/record.ts';
import type { Line } from './input.ts';

/** A line over this many bytes is cut into several lines; nothing of it is lost. */
export const LINE_TOTAL_BYTES_MAX = 16 * 1024 * 1024;

const LF = 0x0a;
const CR = 0x0d;

/** A line or one part of it, as a record carries it. */
export interface Piece {
  readonly line: Line;
  readonly part?: Part;
}

/** Bytes as text where they are valid UTF-8, else a copy of them. */
export function toLine(bytes: Buffer): Line {
  return isUtf8(bytes) ? bytes.toString('utf8') : Uint8Array.from(bytes);
}

/** Without line feed, carriage return before it, or either alone, at the end. */
export function withoutLineEnd(bytes: Buffer): Buffer {
  let end = bytes.length;
  if (end > 0 && bytes[end - 1] === LF) end -= 1;
  if (end > 0 && bytes[end - 1] === CR) end -= 1;
  return end === bytes.length ? bytes : bytes.subarray(0, end);
}

/**
 * The lines of a region of a log. Each ends with LF or CRLF; what follows the last LF is a line too, unless it is empty.
 * One valid region is decoded at once, which is several times as fast as line by line.
 */
export function splitLines(region: Buffer): Line[] {
  if (region.length === 0) return [];
  if (!isUtf8(region)) return splitBytes(region).map((line) => toLine(withoutLineEnd(line)));
  const text = region.toString('utf8');
  const lines = text.split('\n');
  if (region[region.length - 1] === LF) lines.pop();
  if (!text.includes('\r')) return lines;
  return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
}

/** The lines of a region as bytes, with their line ends. */
export function splitBytes(region: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  while (start < region.length) {
    const at = region.indexOf(LF, start);
    const end = at < 0 ? region.length : at + 1;
    lines.push(region.subarray(start, end));
    start = end;
  }
  return lines;
}

/** The longest beginning of at most `max` bytes that does not end inside a UTF-8 character. */
export function cutPosition(bytes: Buffer, max: number): number {
  if (bytes.length <= max) return bytes.length;
  let end = max;
  while (end > max - 3 && end > 1 && isContinuation(bytes[end])) end -= 1;
  return isContinuation(bytes[end]) ? max : end;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/**
 * Lines as the pieces that records carry: a line itself; its parts where it is over `LINE_BYTES_MAX`; and the parts of
 * several lines where it is over `LINE_TOTAL_BYTES_MAX`. `cuts` counts the latter.
 */
export function toPieces(lines: readonly Line[]): {
  readonly pieces: readonly Piece[];
  readonly cuts: number;
} {
  const pieces: Piece[] = [];
  let cuts = 0;
  for (const line of lines) {
    // No character takes more than three bytes, so most lines need not be measured.
    if (line.length <= LINE_BYTES_MAX / 3) pieces.push({ line });
    else cuts += pushLong(pieces, line);
  }
  return { pieces, cuts };
}

function pushLong(pieces: Piece[], line: Line): number {
  const text = typeof line === 'string';
  const bytes = text ? Buffer.from(line) : Buffer.from(line.buffer, line.byteOffset, line.length);
  const lines = chop(bytes, LINE_TOTAL_BYTES_MAX);
  for (const each of lines) {
    const parts = chop(each, LINE_BYTES_MAX);
    for (const [index, part] of parts.entries()) {
      const piece = text ? part.toString('utf8') : Uint8Array.from(part);
      if (parts.length === 1) pieces.push({ line: piece });
      else pieces.push({ line: piece, part: { index, last: index === parts.length - 1 } });
    }
  }
  return lines.length - 1;
}

function chop(bytes: Buffer, max: number): Buffer[] {
  const pieces: Buffer[] = [];
  let rest = bytes;
  while (rest.length > 0) {
    const end = cutPosition(rest, max);
    pieces.push(rest.subarray(0, end));
    rest = rest.subarray(end);
  }
  return pieces;
}
