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

/** Digits of a number, letters and digits of a word, from which on they need no mark. */
const NUMBER_CHARS_MIN = 5;
const WORD_CHARS_MIN = 16;

const HASH_START = 0x811c9dc5;
const HASH_PRIME = 0x01000193;
const VALUE_FOLLOWS = 0x10000;

/** All pairs of digits, so that a mark is put together from three: a number's own `toString` takes ten times as long. */
const DIGITS = '0123456789abcdefghijklmnopqrstuv';
const PAIRS = Array.from(DIGITS, (first) => Array.from(DIGITS, (second) => first + second)).flat();

export interface FieldMarks {
  readonly marks: readonly string[];
  /** There are short values without a mark. */
  readonly incomplete: boolean;
}

/** The mark of an agency's documents; the hexadecimal form, because an id may hold signs that separate tokens. */
export function agencyMark(agency: string): string {
  return AGENCY_SIGN + Buffer.from(agency).toString('hex');
}

/** The mark of documents that have `value` at `path`; undefined where the value gets none. */
export function fieldMark(path: string, value: string): string | undefined {
  const hash = hashValue(hashText(HASH_START, path), value);
  return typeof hash === 'number' ? markOf(hash) : undefined;
}

/**
 * The marks of all strings, numbers and truth values of a document. Two values may share a mark: it finds candidates
 * only.
 */
export function fieldMarks(body: JsonObject): FieldMarks {
  const marks: string[] = [];
  let incomplete = false;
  const add = (path: number, text: string): void => {
    const hash = hashValue(path, text);
    if (typeof hash === 'number' && marks.length < MARKS_MAX) marks.push(markOf(hash));
    else if (hash !== 'none') incomplete = true;
  };
  const walk = (node: JsonValue, hash: number, depth: number): void => {
    if (node === null || depth > DEPTH_MAX) return;
    if (typeof node !== 'object') {
      add(hash, typeof node === 'string' ? node : String(node));
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

function markOf(hash: number): string {
  const bits = hash ^ (hash >>> 30);
  return FIELD_SIGN + pairAt(bits >>> 20) + pairAt(bits >>> 10) + pairAt(bits);
}

function pairAt(bits: number): string {
  return PAIRS[bits & 1023] ?? '';
}

/**
 * Hash of a path's hash and the folded value; `none` where the value gets no mark, `unknown` where only folding all of
 * it could tell.
 */
function hashValue(path: number, text: string): number | 'none' | 'unknown' {
  const start = Math.imul(path ^ VALUE_FOLLOWS, HASH_PRIME);
  const hash = hashAscii(start, text);
  if (hash !== undefined) return text.length > VALUE_CHARS_MAX || isTelling(text) ? 'none' : hash;
  if (text.length > RAW_CHARS_MAX) {
    // Folding shortens by marks alone, which stand in no ASCII text.
    return fold(text.slice(0, RAW_CHARS_MAX)).length > VALUE_CHARS_MAX ? 'none' : 'unknown';
  }
  const folded = fold(text);
  return folded.length > VALUE_CHARS_MAX || isTelling(folded) ? 'none' : hashText(start, folded);
}

/** `hashText` of the text in lower case, as far as a value with a mark goes; undefined where it is not ASCII. */
function hashAscii(hash: number, text: string): number | undefined {
  let result = hash;
  for (let i = 0; i < text.length && i <= VALUE_CHARS_MAX; i += 1) {
    const code = text.charCodeAt(i);
    if (code > 127) return undefined;
    result = Math.imul(result ^ (code >= 65 && code <= 90 ? code + 32 : code), HASH_PRIME);
  }
  return result;
}

/**
 * Whether a value's own tokens tell it well enough: long numbers, ids, points of time. They differ in every document,
 * and a mark that stands in one document alone is the dearest to write.
 */
function isTelling(text: string): boolean {
  if (text.length < NUMBER_CHARS_MIN) return false;
  if (text.charAt(4) === '-' && text.charAt(7) === '-' && /^\d{4}-\d\d-\d\dT/i.test(text)) return true;
  let digits = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code >= 48 && code <= 57) digits += 1;
    else if (!((code >= 97 && code <= 122) || (code >= 65 && code <= 90))) return false;
  }
  return digits === text.length || text.length >= WORD_CHARS_MIN;
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
