import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml';
import type { Document } from 'yaml';
import { Problems } from './problems.ts';
import type { PlainValue } from './rule.ts';

/** Longest text that is read at once, in characters. */
export const textCharsMax = 1024 * 1024;
/** Most values in one document, counting what an alias stands for each time. */
export const nodesMax = 100_000;
/** Deepest nesting of one document. */
export const depthMax = 32;

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
interface SourceList {
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
interface SourceDocument {
  readonly root: SourceNode | undefined;
  readonly problems: Problems;
}

/**
 * Reads the documents of a YAML 1.2 text (core schema). Never throws: what cannot be read is a problem of its document.
 */
export function readDocuments(text: string, file: string): readonly SourceDocument[] {
  const lines = new LineCounter();
  const whole = new Problems(file, lines);
  if (text.length > textCharsMax) {
    whole.add('source_too_large', 0, { detail: `at most ${textCharsMax} characters` });
    return [{ root: undefined, problems: whole }];
  }
  try {
    const documents = parseAllDocuments(text, {
      lineCounter: lines,
      version: '1.2',
      // Checked in readMap: the library compares every key with every other one.
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    });
    return Array.isArray(documents)
      ? documents.map((document) => readDocument(document, { text, file, lines }))
      : [];
  } catch (error) {
    // Thousands of open brackets overflow the stack of the YAML parser.
    const detail = error instanceof RangeError ? `more than ${depthMax} levels` : undefined;
    whole.add(
      detail === undefined ? 'yaml_syntax' : 'source_too_large',
      0,
      detail === undefined ? {} : { detail },
    );
    return [{ root: undefined, problems: whole }];
  }
}

interface Text {
  readonly text: string;
  readonly file: string;
  readonly lines: LineCounter;
}

function readDocument(document: Document.Parsed, { text, file, lines }: Text): SourceDocument {
  const problems = new Problems(file, lines);
  for (const error of document.errors) problems.add('yaml_syntax', error.pos[0], { detail: error.message });
  if (problems.refused || document.contents === null) return { root: undefined, problems };
  const root = new Reader(text, problems).read(document.contents, 0, 0);
  if (root.kind === 'scalar' && root.text === '') return { root: undefined, problems };
  return { root: problems.refused ? undefined : root, problems };
}

/** Walks a document once, counting values so that aliases of aliases cannot multiply without end. */
class Reader {
  #nodes = 0;
  /** The latest value of each anchor so far. The library looks through the whole document for every alias. */
  readonly #anchors = new Map<string, unknown>();
  readonly #text: string;
  readonly #problems: Problems;

  constructor(text: string, problems: Problems) {
    this.#text = text;
    this.#problems = problems;
  }

  read(node: unknown, depth: number, near: number): SourceNode {
    const offset = offsetOf(node) ?? near;
    if (++this.#nodes > nodesMax || depth > depthMax) {
      if (this.#nodes <= nodesMax + 1 || depth === depthMax + 1)
        this.#problems.add('source_too_large', offset, {
          detail: `at most ${nodesMax} values, ${depthMax} levels deep`,
        });
      // Counts as full from here on, so that the walk ends soon.
      this.#nodes = Math.max(this.#nodes, nodesMax + 1);
      return nothing(offset);
    }
    if (isAlias(node)) return this.read(this.#anchors.get(node.source), depth + 1, offset);
    if (isMap(node) || isSeq(node) || isScalar(node))
      if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (isMap(node)) return this.#readMap(node.items, depth, offset);
    if (isSeq(node))
      return { kind: 'list', items: node.items.map((n) => this.read(n, depth + 1, offset)), offset };
    return isScalar(node) ? this.#readScalar(node.value, node.source, offset) : nothing(offset);
  }

  #readMap(
    items: readonly { readonly key: unknown; readonly value: unknown }[],
    depth: number,
    near: number,
  ): SourceMap {
    const seen = new Set<string>();
    const entries: SourceEntry[] = [];
    for (const { key, value } of items) {
      const read = this.read(key, depth + 1, near);
      if (this.#nodes > nodesMax) break;
      if (read.kind !== 'scalar') {
        this.#problems.add('yaml_key', read.offset);
        continue;
      }
      if (seen.has(read.text))
        this.#problems.add('yaml_duplicate_key', read.offset, { detail: clip(read.text) });
      seen.add(read.text);
      entries.push({ key: read.text, offset: read.offset, value: this.read(value, depth + 1, read.offset) });
    }
    return { kind: 'map', entries, offset: entries[0]?.offset ?? near };
  }

  #readScalar(value: unknown, source: string | undefined, offset: number): SourceScalar {
    const text = typeof value === 'string' ? value : (source ?? '');
    const quoted = /["']/.test(this.#text.charAt(offset)) ? 1 : 0;
    const verbatim = this.#text.startsWith(text, offset + quoted);
    return {
      kind: 'scalar',
      value: isPlain(value, text) ? value : text,
      text,
      offset: verbatim ? offset + quoted : offset,
      verbatim,
    };
  }
}

/**
 * Whether a value that is no text stays what YAML reads in it. `00000429` is a text: YAML 1.1, which most rules are
 * written for, reads it as one, and as a number the zeros would be lost.
 */
function isPlain(value: unknown, text: string): value is number | boolean | null {
  if (typeof value === 'number') return Number.isFinite(value) && !/^[-+]?0\d/.test(text);
  return typeof value === 'boolean' || value === null;
}

function offsetOf(node: unknown): number | undefined {
  return isAlias(node) || isMap(node) || isSeq(node) || isScalar(node) ? node.range?.[0] : undefined;
}

function nothing(offset: number): SourceScalar {
  return { kind: 'scalar', value: null, text: '', offset, verbatim: false };
}

/** The value under a key of a map. */
export function entryOf(map: SourceMap, key: string): SourceEntry | undefined {
  return map.entries.find((entry) => entry.key === key);
}

/** The value as plain data. `Object.fromEntries` makes `__proto__` an ordinary key. */
export function plainOf(node: SourceNode): PlainValue {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(plainOf);
    case 'map':
      return Object.fromEntries(node.entries.map((entry) => [entry.key, plainOf(entry.value)]));
  }
}

/** A text of the rule, short enough for a message. */
export function clip(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
