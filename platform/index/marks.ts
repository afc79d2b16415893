import type { JsonObject, JsonValue } from '../event.ts';
import { DEPTH_MAX } from '../query/document.ts';
import { fold } from '../query/tokens.ts';

/**
 * Marks stand among the tokens of a document and say what free text does not: whose it is, and which field has which
 * value. Each begins with a sign that is neither letter nor digit, so that no text has them.
 */
const FIELD_SIGN = '¤';
const AGENCY_SIGN = '§';
/** On documents where text or marks are left out, so that only the document itself can tell. */
export const INCOMPLETE_MARK = '…';

/** Folded characters of a value that gets a mark. */
const VALUE_CHARS_MAX = 256;
/** Longer values are not even folded to see: they count as left out unless folding cannot make them short enough. */
const RAW_CHARS_MAX = 2048;
/** Values of one document that get marks. */
const MARKS_MAX = 2048;

const HASH_START = 0x811c9dc5;
const HASH_PRIME = 0x01000193;
const VALUE_FOLLOWS = 0x10000;

export interface FieldMarks {
  readonly marks: readonly string[];
  /** There are short values without a mark. */
  readonly incomplete: boolean;
}

/** The mark of an agency's documents; the hexadecimal form, because an id may hold signs that separate tokens. */
export function agencyMark(agency: string): string {
  return AGENCY_SIGN + Buffer.from(agency).toString('hex');
}

/** The mark of documents that have `value` at `path`; undefined where the value is too long for one. */
export function fieldMark(path: string, value: string): string | undefined {
  const folded = fold(value);
  if (folded.length > VALUE_CHARS_MAX) return undefined;
  return markOf(hashText(HASH_START, path), folded);
}

/**
 * The marks of all strings, numbers and truth values of a document. Two values may share a mark: it finds candidates
 * only.
 */
export function fieldMarks(body: JsonObject): FieldMarks {
  const marks: string[] = [];
  let incomplete = false;
  const add = (hash: number, text: string): void => {
    if (text.length > RAW_CHARS_MAX) {
      // Folding shortens by marks alone, which stand in no ASCII text.
      incomplete ||= fold(text.slice(0, RAW_CHARS_MAX)).length <= VALUE_CHARS_MAX;
      return;
    }
    const folded = fold(text);
    if (folded.length > VALUE_CHARS_MAX) return;
    if (marks.length < MARKS_MAX) marks.push(markOf(hash, folded));
    else incomplete = true;
  };
  const walk = (node: JsonValue, hash: number, depth: number): void => {
    if (node === null || depth > DEPTH_MAX) return;
    if (typeof node !== 'object') {
      add(hash, String(node));
    } else if (isList(node)) {
      for (const item of node) walk(item, hash, depth + 1);
    } else {
      const prefix = depth === 0 ? hash : hashText(hash, '.');
      for (const key of Object.keys(node)) walk(node[key] ?? null, hashText(prefix, key), depth + 1);
    }
  };
  walk(body, HASH_START, 0);
  return { marks, incomplete };
}

function markOf(path: number, folded: string): string {
  const start = Math.imul(path ^ VALUE_FOLLOWS, HASH_PRIME);
  return FIELD_SIGN + (hashText(start, folded) >>> 0).toString(36);
}

/** FNV-1a over the characters, going on from `hash`. */
function hashText(hash: number, text: string): number {
  let result = hash;
  for (let i = 0; i < text.length; i += 1) result = Math.imul(result ^ text.charCodeAt(i), HASH_PRIME);
  return result;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
