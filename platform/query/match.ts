import type { JsonObject } from '../event.ts';
import type { Query } from './ast.ts';
import { compileRange } from './compare.ts';
import { documentText, hasValue, valuesAt, type Scalar } from './document.ts';
import { fieldPaths } from './fields.ts';
import { fold, tokens } from './tokens.ts';

type TextQuery = Extract<Query, { kind: 'text' }>;
type Test = (document: OpenDocument) => boolean;

/** A document with its tokens, made when the first free text asks for them. */
class OpenDocument {
  readonly body: JsonObject;
  #lists: readonly (readonly string[])[] | undefined;
  #set: Set<string> | undefined;

  constructor(body: JsonObject) {
    this.body = body;
  }

  /** Tokens of each value. */
  lists(): readonly (readonly string[])[] {
    this.#lists ??= documentText(this.body).texts.map(tokens);
    return this.#lists;
  }

  set(): ReadonlySet<string> {
    this.#set ??= new Set(this.lists().flat());
    return this.#set;
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
    case 'exists': {
      const paths = fieldPaths(query.field);
      return ({ body }) => paths.some((path) => hasValue(body, path));
    }
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
      return compileValue(query.field, compileRange(query));
  }
}

function compileValue(field: string, test: (value: Scalar) => boolean): Test {
  const paths = fieldPaths(field);
  return ({ body }) => paths.some((path) => valuesAt(body, path).some(test));
}

function compileWords(query: TextQuery): Test {
  const whole = [...tokens(query.text)];
  const begun = query.prefix ? whole.pop() : undefined;
  return (document) => {
    const set = document.set();
    if (!whole.every((token) => set.has(token))) return false;
    return begun === undefined || [...set].some((token) => token.startsWith(begun));
  };
}

function compilePhrase(query: TextQuery): Test {
  const phrase = tokens(query.text);
  const last = phrase.length - 1;
  const isAt = (list: readonly string[], start: number): boolean =>
    phrase.every((token, i) => {
      const found = list[start + i];
      return query.prefix && i === last ? found?.startsWith(token) === true : found === token;
    });
  return (document) => {
    if (phrase.length === 0) return true;
    for (const list of document.lists()) {
      for (let start = 0; start + last < list.length; start += 1) if (isAt(list, start)) return true;
    }
    return false;
  };
}
