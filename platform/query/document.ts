import type { JsonObject, JsonValue } from '../event.ts';
import { TEXT_CHARS_MAX } from './tokens.ts';

/** Levels of a document that are looked at; an index refuses deeper ones. */
export const DEPTH_MAX = 100;
/** Longer values are taken last, so that one long line does not keep the short fields from being found. */
const SHORT_CHARS_MAX = 4096;

export type Scalar = string | number | boolean;

/**
 * Strings, numbers and booleans at `path`, through lists. A dot may stand in a key, too: `{"a.b": 1}` has a value at
 * `a.b`.
 */
export function valuesAt(document: JsonObject, path: string): readonly Scalar[] {
  const found: Scalar[] = [];
  visit(document, path, (value) => {
    if (typeof value !== 'object') found.push(value);
  });
  return found;
}

/** Whether there is anything but null at `path`; an empty list is nothing. */
export function hasValue(document: JsonObject, path: string): boolean {
  let found = false;
  visit(document, path, () => {
    found = true;
  });
  return found;
}

function visit(document: JsonObject, path: string, take: (value: Scalar | JsonObject) => void): void {
  const walk = (node: JsonValue, rest: string | undefined, depth: number): void => {
    if (node === null || depth > DEPTH_MAX) return;
    if (isList(node)) {
      for (const item of node) walk(item, rest, depth + 1);
    } else if (rest === undefined) {
      take(node);
    } else if (typeof node === 'object') {
      if (Object.hasOwn(node, rest)) walk(node[rest] ?? null, undefined, depth + 1);
      for (let dot = rest.indexOf('.'); dot >= 0; dot = rest.indexOf('.', dot + 1)) {
        const key = rest.slice(0, dot);
        if (Object.hasOwn(node, key)) walk(node[key] ?? null, rest.slice(dot + 1), depth + 1);
      }
    }
  };
  walk(document, path, 0);
}

/** What free text searches of a document. */
export interface DocumentText {
  readonly texts: readonly string[];
  /** There was more than `TEXT_CHARS_MAX` characters. */
  readonly truncated: boolean;
  /** Levels of nesting, as far as `DEPTH_MAX + 1`. */
  readonly depth: number;
}

/** All strings and numbers of a document, short ones first, at most `TEXT_CHARS_MAX` characters together. */
export function documentText(document: JsonObject): DocumentText {
  const texts: string[] = [];
  const long: string[] = [];
  let rest = TEXT_CHARS_MAX;
  let truncated = false;
  let depth = 0;
  const add = (text: string): void => {
    if (text.length > rest) truncated = true;
    if (rest > 0) texts.push(text.length > rest ? text.slice(0, rest) : text);
    rest = Math.max(0, rest - text.length);
  };
  const walk = (node: JsonValue, level: number): void => {
    if (typeof node === 'string') {
      if (node.length > SHORT_CHARS_MAX) long.push(node);
      else add(node);
    } else if (typeof node === 'number') {
      // JSON has no other numbers: what is written is null.
      if (Number.isFinite(node)) add(String(node));
    } else if (typeof node === 'object' && node !== null) {
      if (level > depth) depth = level;
      if (level > DEPTH_MAX) return;
      if (isList(node)) for (const item of node) walk(item, level + 1);
      else for (const key of Object.keys(node)) walk(node[key] ?? null, level + 1);
    }
  };
  walk(document, 1);
  for (const text of long) add(text);
  return { texts, truncated, depth };
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
