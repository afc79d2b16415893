import { isUtf8 } from 'node:buffer';
import { decodeEntry, encodeEntry, isTick, type LogRecord } from '../platform/record.ts';
import { CanhError } from '../platform/errors/index.ts';
import type { JsonObject, JsonValue } from '../platform/event.ts';
import type { Line } from './contract.ts';
import { parseEnvelope } from './syslog/envelope.ts';

/** What may be wrong with a line before any parser sees it. */
const flaws = ['invalid_utf8', 'line_incomplete'] as const;
type Flaw = (typeof flaws)[number];

/** A whole line, out of one record or of all its parts. */
export interface CompleteLine {
  /** The first record; its `line` is the text of the whole line. */
  readonly record: LogRecord & { readonly line: string };
  /** Records that the line travelled in. */
  readonly records: number;
  readonly flaws: readonly Flaw[];
}

/** Puts the parts of a line together. Bytes are joined before they are decoded: a part may end within a character. */
export function completeLine(parts: readonly LogRecord[], broken: boolean): CompleteLine {
  const [first] = parts;
  if (first === undefined) throw new CanhError('internal', 'A line needs at least one record.');
  const { text, valid } = decode(parts.map((part) => part.line));
  const found: Flaw[] = [];
  if (!valid) found.push('invalid_utf8');
  if (broken) found.push('line_incomplete');
  if (text === first.line && first.part === undefined) {
    return { record: { ...first, line: text }, records: 1, flaws: found };
  }
  const { part: _part, ...rest } = first;
  return { record: { ...rest, line: text }, records: parts.length, flaws: found };
}

function decode(chunks: readonly (string | Uint8Array)[]): {
  readonly text: string;
  readonly valid: boolean;
} {
  if (chunks.every((chunk) => typeof chunk === 'string')) {
    const text = chunks.length === 1 ? (chunks[0] ?? '') : chunks.join('');
    return text.isWellFormed() ? { text, valid: true } : { text: text.toWellFormed(), valid: false };
  }
  const bytes = Buffer.concat(
    chunks.map((chunk) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk)),
  );
  return { text: bytes.toString('utf8'), valid: isUtf8(bytes) };
}

/** The line as parsers see it, its syslog header taken off. */
export function toLine({ record }: CompleteLine): Line {
  return lineOf(record.line, record);
}

/** The same for text that comes from elsewhere than a record. */
export function lineOf(
  original: string,
  from: Pick<Line, 'hints' | 'accepted'> & { readonly path?: string | undefined },
): Line {
  const { hints, accepted, path } = from;
  const found = parseEnvelope(original, { accepted, zone: hints.zone, format: hints.format });
  return {
    message: found?.message ?? original,
    original,
    ...(found === undefined ? {} : { envelope: found.envelope }),
    hints,
    ...(path === undefined ? {} : { path }),
    accepted,
  };
}

export function lineToSnapshot(line: CompleteLine): JsonObject {
  return { wire: encodeEntry(line.record), records: line.records, flaws: line.flaws };
}

/** Back from `lineToSnapshot`. Throws `record_undecodable`. */
export function lineFromSnapshot(value: JsonValue): CompleteLine {
  const { wire, records, flaws: named } = asObject(value);
  const record = recordFromSnapshot(wire);
  if (typeof record.line !== 'string') throw new CanhError('record_undecodable');
  const found = Array.isArray(named) ? named : [];
  return {
    record: { ...record, line: record.line },
    records: typeof records === 'number' ? records : 1,
    flaws: flaws.filter((flaw) => found.includes(flaw)),
  };
}

/** A record back from its wire form in a snapshot. Throws `record_undecodable`. */
export function recordFromSnapshot(wire: JsonValue | undefined): LogRecord {
  const entry = decodeEntry(typeof wire === 'string' ? wire : '');
  if (isTick(entry)) throw new CanhError('record_undecodable');
  return entry;
}

/** A snapshot's value as an object; empty for anything else. */
export function asObject(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** A snapshot's value as an array; empty for anything else. */
export function asArray(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}
