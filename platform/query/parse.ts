import { CanhError } from '../errors/index.ts';
import { matchAll, type Query } from './ast.ts';
import { dateInterval } from './compare.ts';
import { fieldPaths } from './fields.ts';
import { tokens } from './tokens.ts';
import { BARE_WORD, fieldNameAt, matchAt, toKeyword, type Keyword } from './words.ts';

export const QUERY_CHARS_MAX = 4096;
/** Brackets and `not` within each other. */
export const QUERY_DEPTH_MAX = 32;
export const QUERY_TERMS_MAX = 256;

const SPACE = /\s*/uy;
const COMPARISON = /(>=|<=|>|<)\s*/uy;
const RANGE_WORD = /[^\s"[\]{}]+/uy;

type Bound = NonNullable<Extract<Query, { kind: 'range' }>['lower']>;
interface Value {
  readonly text: string;
  readonly prefix: boolean;
  readonly quoted: boolean;
}

/**
 * Parses what a person typed. Terms next to each other must all match; `and` binds tighter than `or`.
 *
 * - `word`, `word*`, `"a phrase"`, `"a phr"*`: anywhere in the document; `10.0.0.1` is a phrase, too
 * - `field:value`, `field:val*`, `field:"a value"`, `field:(a or b)`: the value of a field
 * - `field:*`: the field is there
 * - `field:[a TO b]` (`{` and `}` without the bound itself, `*` for none), `field:>=5`, `field:<x`
 * - `not`, `and`, `or`, round brackets
 *
 * Within quotes a quote is doubled; there is no other escape. Throws `query_syntax` with the column.
 */
export function parseQuery(text: string): Query {
  if (text.length > QUERY_CHARS_MAX) {
    throw syntaxError(QUERY_CHARS_MAX + 1, `The query is longer than ${QUERY_CHARS_MAX} characters.`);
  }
  return new Parser(text).parse();
}

function syntaxError(column: number, sentence: string): CanhError {
  return new CanhError('query_syntax', `Column ${column}: ${sentence}`, { place: { column } });
}

class Parser {
  readonly #text: string;
  #position = 0;
  #terms = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): Query {
    this.#skip(SPACE);
    if (this.#isAtEnd()) return matchAll;
    const query = this.#parseOr(undefined, 0);
    if (!this.#isAtEnd()) throw this.#error('There is a closing bracket without an opening one.');
    return query;
  }

  #parseOr(field: string | undefined, depth: number): Query {
    if (depth > QUERY_DEPTH_MAX) {
      throw this.#error(`The query has more than ${QUERY_DEPTH_MAX} brackets within each other.`);
    }
    const children = [this.#parseAnd(field, depth)];
    while (this.#takeKeyword('or')) children.push(this.#parseAnd(field, depth));
    return join('or', children);
  }

  #parseAnd(field: string | undefined, depth: number): Query {
    const children = [this.#parseUnary(field, depth)];
    for (;;) {
      const joined = this.#takeKeyword('and');
      if (!joined && (this.#isAtEnd() || this.#peek() === ')' || this.#keyword() === 'or')) break;
      children.push(this.#parseUnary(field, depth));
    }
    return join('and', children);
  }

  #parseUnary(field: string | undefined, depth: number): Query {
    if (this.#takeKeyword('not')) {
      if (depth >= QUERY_DEPTH_MAX) {
        throw this.#error(`The query has more than ${QUERY_DEPTH_MAX} times "not" within each other.`);
      }
      return { kind: 'not', child: this.#parseUnary(field, depth + 1) };
    }
    const keyword = this.#keyword();
    if (keyword !== undefined) {
      throw this.#error(`Something is missing before "${keyword}"; put the word in quotes to search for it.`);
    }
    if (this.#isAtEnd() || this.#peek() === ')') throw this.#error('Something is missing here.');
    const query = this.#peek() === '(' ? this.#parseGroup(field, depth) : this.#parseTerm(field, depth);
    this.#skip(SPACE);
    return query;
  }

  #parseGroup(field: string | undefined, depth: number): Query {
    const opening = this.#position;
    this.#position += 1;
    this.#skip(SPACE);
    const query = this.#parseOr(field, depth + 1);
    if (this.#peek() !== ')') throw syntaxError(opening + 1, 'This bracket is not closed.');
    this.#position += 1;
    return query;
  }

  #parseTerm(field: string | undefined, depth: number): Query {
    const name = field === undefined ? fieldNameAt(this.#text, this.#position) : undefined;
    if (name !== undefined) {
      this.#position += name.length + 1;
      if (this.#peek() === '(') return this.#parseGroup(name, depth);
    }
    this.#terms += 1;
    if (this.#terms > QUERY_TERMS_MAX) throw this.#error(`The query has more than ${QUERY_TERMS_MAX} terms.`);
    const valued = field ?? name;
    if (valued !== undefined) return this.#parseValueOf(valued);
    const { text, prefix, quoted } = this.#takeValue();
    if (!quoted && text === '' && prefix) return matchAll;
    // An address or a path typed bare is one term: its tokens belong next to each other.
    return { kind: 'text', text, phrase: quoted || tokens(text).length > 1, prefix };
  }

  #parseValueOf(field: string): Query {
    const next = this.#peek();
    if (next === '[' || next === '{') return this.#parseRange(field);
    const sign = this.#take(COMPARISON)?.[1];
    const value = this.#takeValue();
    if (sign !== undefined) {
      if (value.prefix) throw this.#error('"*" cannot follow a bound.');
      const bound: Bound = { value: value.text, inclusive: sign.endsWith('=') };
      return sign.startsWith('>')
        ? { kind: 'range', field, lower: bound }
        : { kind: 'range', field, upper: bound };
    }
    if (!value.quoted && value.text === '' && value.prefix) return { kind: 'exists', field };
    return toFieldQuery(field, value);
  }

  #parseRange(field: string): Query {
    const opening = this.#position;
    const lowerInclusive = this.#peek() === '[';
    this.#position += 1;
    const lower = this.#takeBound(lowerInclusive);
    if (this.#take(RANGE_WORD)?.[0].toUpperCase() !== 'TO') {
      throw this.#error('A range is written [lower TO upper]; "TO" is missing here.');
    }
    const upper = this.#takeBound(true);
    const closing = this.#peek();
    if (closing !== ']' && closing !== '}') throw syntaxError(opening + 1, 'This range is not closed.');
    this.#position += 1;
    if (lower === undefined && upper === undefined) return { kind: 'exists', field };
    return {
      kind: 'range',
      field,
      ...(lower === undefined ? {} : { lower }),
      ...(upper === undefined ? {} : { upper: { ...upper, inclusive: closing === ']' } }),
    };
  }

  #takeBound(inclusive: boolean): Bound | undefined {
    this.#skip(SPACE);
    const quoted = this.#peek() === '"';
    const value = quoted ? this.#takeQuoted() : this.#take(RANGE_WORD)?.[0];
    if (value === undefined) throw this.#error('A bound of the range is missing; write * for none.');
    this.#skip(SPACE);
    return !quoted && value === '*' ? undefined : { value, inclusive };
  }

  #takeValue(): Value {
    if (this.#peek() === '"') {
      const text = this.#takeQuoted();
      const prefix = this.#peek() === '*';
      if (prefix) this.#position += 1;
      return { text, prefix, quoted: true };
    }
    const start = this.#position;
    const word = this.#take(BARE_WORD)?.[0];
    if (word === undefined) throw this.#error('A value is missing here.');
    const star = word.indexOf('*');
    if (star >= 0 && star < word.length - 1) {
      const sentence = '"*" can stand only at the end of a word; quotes search for the sign itself.';
      throw syntaxError(start + star + 1, sentence);
    }
    return { text: star < 0 ? word : word.slice(0, -1), prefix: star >= 0, quoted: false };
  }

  #takeQuoted(): string {
    const opening = this.#position;
    let text = '';
    for (let from = opening + 1; ;) {
      const quote = this.#text.indexOf('"', from);
      if (quote < 0) throw syntaxError(opening + 1, 'This quote is not closed.');
      text += this.#text.slice(from, quote);
      this.#position = quote + 1;
      if (this.#peek() !== '"') return text;
      text += '"';
      from = quote + 2;
    }
  }

  #keyword(): Keyword | undefined {
    const word = matchAt(BARE_WORD, this.#text, this.#position)?.[0];
    return word === undefined ? undefined : toKeyword(word);
  }

  #takeKeyword(keyword: Keyword): boolean {
    if (this.#keyword() !== keyword) return false;
    this.#position += keyword.length;
    this.#skip(SPACE);
    return true;
  }

  #take(expression: RegExp): RegExpExecArray | undefined {
    const match = matchAt(expression, this.#text, this.#position);
    if (match !== undefined) this.#position += match[0].length;
    return match;
  }

  #skip(expression: RegExp): void {
    this.#take(expression);
  }

  #peek(): string {
    return this.#text.charAt(this.#position);
  }

  #isAtEnd(): boolean {
    return this.#position >= this.#text.length;
  }

  #error(sentence: string): CanhError {
    return syntaxError(this.#position + 1, sentence);
  }
}

function join(kind: 'and' | 'or', children: readonly Query[]): Query {
  const [only] = children;
  return children.length === 1 && only !== undefined ? only : { kind, children };
}

/** A date as the value of `@timestamp` means the whole day (minute, …), which equality of text would not. */
function toFieldQuery(field: string, { text, prefix }: Value): Query {
  if (!prefix && fieldPaths(field).join() === '@timestamp' && dateInterval(text) !== undefined) {
    const bound = { value: text, inclusive: true };
    return { kind: 'range', field, lower: bound, upper: bound };
  }
  return { kind: 'field', field, value: text, prefix };
}
