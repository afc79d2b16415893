import type { JsonObject } from '../event.ts';
import type { Query } from './ast.ts';
import { compileRange } from './compare.ts';
import { documentText, hasValue, valuesAt, type Scalar } from './document.ts';
import { fieldPaths } from './fields.ts';
import { fold, tokens } from './tokens.ts';

type TextQuery = Extract<Query, { kind: 'text' }>;
type Test = (document: OpenDocument) => boolean;

interface OpenText {
  readonly text: string;
  readonly folded: string;
  tokens: readonly string[] | undefined;
}

/** A document with its texts, folded and split when the first free text asks for them. */
class OpenDocument {
  readonly body: JsonObject;
  #texts: readonly OpenText[] | undefined;

  constructor(body: JsonObject) {
    this.body = body;
  }

  /** Whether a text passes `test` by its tokens; those that do not hold `part` are not split for it. */
  hasText(part: string, test: (list: readonly string[]) => boolean): boolean {
    this.#texts ??= documentText(this.body).texts.map((text) => ({
      text,
      folded: fold(text),
      tokens: undefined,
    }));
    for (const each of this.#texts) {
      if (each.folded.includes(part) && test((each.tokens ??= tokens(each.text)))) return true;
    }
    return false;
  }
}

/** Whether `document` is a hit of `query`: the definition that every index must equal. */
export function matchesQuery(query: Query, document: JsonObject): boolean {
  return compileQuery(query)(document);
}

/** `matchesQuery` for many documents. */
export function compileQuery(query: Query): (document: JsonObject) => boolean {
  const test = compile(query);
  return (document) => test(new OpenDocument(document));
}

function compile(query: Query): Test {
  switch (query.kind) {
    case 'all':
      return () => true;
    case 'and': {
      const tests = query.children.map(compile);
      return (document) => tests.every((test) => test(document));
    }
    case 'or': {
      const tests = query.children.map(compile);
      return (document) => tests.some((test) => test(document));
    }
    case 'not': {
      const test = compile(query.child);
      return (document) => !test(document);
    }
    case 'text':
      return query.phrase ? compilePhrase(query) : compileWords(query);
    case 'exists':
      return compileExists(query.field);
    case 'field': {
      const wanted = fold(query.value);
      return compileValue(
        query.field,
        query.prefix
          ? (value) => fold(String(value)).startsWith(wanted)
          : (value) => fold(String(value)) === wanted,
      );
    }
    case 'range':
      if (query.lower === undefined && query.upper === undefined) return compileExists(query.field);
      return compileValue(query.field, compileRange(query));
  }
}

function compileExists(field: string): Test {
  const paths = fieldPaths(field);
  return ({ body }) => paths.some((path) => hasValue(body, path));
}

function compileValue(field: string, test: (value: Scalar) => boolean): Test {
  const paths = fieldPaths(field);
  return ({ body }) => paths.some((path) => valuesAt(body, path).some(test));
}

function compileWords(query: TextQuery): Test {
  const whole = [...tokens(query.text)];
  const begun = query.prefix ? whole.pop() : undefined;
  return (document) => {
    const isThere = whole.every((token) => document.hasText(token, (list) => list.includes(token)));
    if (!isThere || begun === undefined) return isThere;
    return document.hasText(begun, (list) => list.some((token) => token.startsWith(begun)));
  };
}

function compilePhrase(query: TextQuery): Test {
  const phrase = tokens(query.text);
  const last = phrase.length - 1;
  const longest = phrase.reduce((best, token) => (token.length > best.length ? token : best), '');
  const isAt = (list: readonly string[], start: number): boolean =>
    phrase.every((token, i) => {
      const found = list[start + i];
      return query.prefix && i === last ? found?.startsWith(token) === true : found === token;
    });
  const isIn = (list: readonly string[]): boolean => {
    for (let start = 0; start + last < list.length; start += 1) if (isAt(list, start)) return true;
    return false;
  };
  return (document) => phrase.length === 0 || document.hasText(longest, isIn);
}
