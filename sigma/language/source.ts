import { EVENT_ID, parseEvents, YAMLException, type Event } from 'js-yaml';
import { Lines } from './lines.ts';
import { Problems, type ProblemCode } from './problems.ts';
import type { PlainObject, PlainValue } from './rule.ts';
import { depthMax, readNode } from './source-reader.ts';

export { depthMax, nodesMax } from './source-reader.ts';

/** Longest text that is read at once, in characters. */
export const textCharsMax = 1024 * 1024;
/** Most documents of one text. */
export const documentsMax = 10_000;

/** One value of a YAML document with its place: `offset` counts characters of the text from 0. */
export type SourceNode = SourceScalar | SourceList | SourceMap;
export interface SourceScalar {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** As written, without quotes. */
  readonly text: string;
  readonly offset: number;
  /** Whether the n-th character of the value stands n characters behind `offset`. */
  readonly verbatim: boolean;
}
export interface SourceList {
  readonly kind: 'list';
  readonly items: readonly SourceNode[];
  readonly offset: number;
}
export interface SourceMap {
  readonly kind: 'map';
  readonly entries: readonly SourceEntry[];
  readonly offset: number;
}
export interface SourceEntry {
  readonly key: string;
  readonly offset: number;
  readonly value: SourceNode;
}

/** One document; without a root where it is empty or its problems forbid reading it. */
export interface SourceDocument {
  readonly root: SourceNode | undefined;
  readonly problems: Problems;
}

/**
 * Reads the documents of a YAML 1.2 text (core schema). Never throws: what cannot be read is a problem of its document.
 */
export function readDocuments(text: string, file: string): readonly SourceDocument[] {
  const lines = new Lines(text);
  const refused = ({ code, offset, detail }: Failure): SourceDocument => {
    const problems = new Problems(file, lines);
    problems.add(code, offset, { detail });
    return { root: undefined, problems };
  };
  const aliased = { values: 0 };
  const documentsOf = (piece: Omit<Part, 'aliased'>): readonly SourceDocument[] => {
    const part = { ...piece, aliased };
    const read = readEvents(part);
    if ('code' in read) return [refused(read)];
    return read.map((events) => {
      const problems = new Problems(file, lines);
      return { root: readNode(events, part, problems), problems };
    });
  };

  if (text.length > textCharsMax)
    return [refused({ code: 'source_too_large', offset: 0, detail: `at most ${textCharsMax} characters` })];
  const documents = documentsOf({ text, base: 0 });
  if (documents.length !== 1 || documents[0]?.problems.refused !== true) return documents;
  // A document that is broken must not take the others with it.
  const parts = separated(text);
  if (parts.length > documentsMax)
    return [refused({ code: 'source_too_large', offset: 0, detail: `at most ${documentsMax} documents` })];
  return parts.length < 2 ? documents : parts.flatMap(documentsOf);
}

/** A piece of the text, and how many characters stand before it. */
export interface Part {
  readonly text: string;
  readonly base: number;
  /** How many values aliases have stood for so far, in the whole text. */
  readonly aliased: { values: number };
}

interface Failure {
  readonly code: ProblemCode;
  readonly offset: number;
  readonly detail: string;
}

/** The events of each document, or why there are none. */
function readEvents({ text, base }: Omit<Part, 'aliased'>): readonly (readonly Event[])[] | Failure {
  try {
    const documents: Event[][] = [];
    let current: Event[] = [];
    // How deep a document may be is for its reader to say, with the place.
    for (const event of parseEvents(text, { maxDepth: Infinity })) {
      if (event.type === EVENT_ID.DOCUMENT) documents.push((current = []));
      else current.push(event);
    }
    if (documents.length <= documentsMax) return documents;
    return { code: 'source_too_large', offset: base, detail: `at most ${documentsMax} documents` };
  } catch (error) {
    if (error instanceof YAMLException)
      return { code: 'yaml_syntax', offset: base + (error.mark?.position ?? 0), detail: error.reason };
    // Thousands of open brackets overflow the stack of the YAML parser.
    return { code: 'source_too_large', offset: base, detail: `more than ${depthMax} levels` };
  }
}

/** A text in pieces of one document each: `---` at the beginning of a line can be nothing else. */
function separated(text: string): readonly Omit<Part, 'aliased'>[] {
  const starts = [0, ...Array.from(text.matchAll(/^---(?=\s|$)/gm), (match) => match.index)];
  const parts: Omit<Part, 'aliased'>[] = [];
  let base = 0;
  for (const [index, start] of starts.entries()) {
    const piece = text.slice(base, starts[index + 1]);
    // Directives belong to the document behind them.
    if (start === 0 && /^%/m.test(piece) && isPreamble(piece)) continue;
    parts.push({ text: piece, base });
    base += piece.length;
  }
  return parts;
}

/** Nothing but directives, comments and empty lines. */
function isPreamble(piece: string): boolean {
  return piece.split('\n').every((line) => /^(?:[%#]|\s*$)/.test(line));
}

/** The value under a key of a map. */
export function entryOf(map: SourceMap, key: string): SourceEntry | undefined {
  for (const entry of map.entries) if (entry.key === key) return entry;
  return undefined;
}

/** The value as plain data; `__proto__` is a key like any other. */
export function plainOf(node: SourceNode): PlainValue {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(plainOf);
    case 'map':
      return plainMapOf(node);
  }
}

export function plainMapOf(map: SourceMap): PlainObject {
  const plain: Record<string, PlainValue> = {};
  for (const { key, value } of map.entries)
    if (key !== '__proto__') plain[key] = plainOf(value);
    else
      Object.defineProperty(plain, key, {
        value: plainOf(value),
        enumerable: true,
        writable: true,
        configurable: true,
      });
  return plain;
}

/** A text of the rule, short enough for a message. */
export function clip(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
