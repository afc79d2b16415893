import type { ProblemCode, ProblemDetail } from './problems.ts';
import type { Condition } from './rule.ts';
import { nearest } from './suggest.ts';

/** Longest condition in characters. */
export const conditionCharsMax = 16_384;
/** Deepest nesting of brackets and `not`. */
export const conditionDepthMax = 64;
/** Most identifiers in a condition, those that quantifiers stand for included. */
export const conditionNodesMax = 10_000;
/** Most names of search identifiers that the patterns of a condition are compared with. */
const comparisonsMax = 1_000_000;

/** Takes a problem at a character of the condition's text. */
type ReportAt = (code: ProblemCode, index: number, detail?: ProblemDetail) => void;

interface Token {
  readonly text: string;
  readonly index: number;
}

class ConditionProblem extends Error {
  readonly code: ProblemCode;
  readonly index: number;
  readonly detail: ProblemDetail;
  constructor(code: ProblemCode, index: number, detail: ProblemDetail) {
    super(detail.detail ?? code);
    this.code = code;
    this.index = index;
    this.detail = detail;
  }
}

interface ConditionOptions {
  /** Told of every identifier, with its place in the text. */
  readonly onIdentifier?: (name: string, index: number) => void;
  /** Words that do not exist are identifiers too: whether they do is found out later. */
  readonly open?: boolean;
  /** Finds what a misspelt word means. */
  readonly nearest?: (word: string, candidates: readonly string[]) => string | undefined;
}

/**
 * Parses a condition over the search identifiers that exist. `or` binds weaker than `and`, that weaker than `not`;
 * quantifiers (`1 of`, `any of`, `all of`, then a pattern or `them`) are resolved here. Undefined where it cannot be
 * read; the reason is reported.
 */
export function parseCondition(
  text: string,
  names: readonly string[],
  report: ReportAt,
  options: ConditionOptions = {},
): Condition | undefined {
  try {
    if (text.length > conditionCharsMax)
      throw new ConditionProblem('condition_too_large', 0, {
        detail: `at most ${conditionCharsMax} characters`,
      });
    return new ConditionParser(text, names, options).parse();
  } catch (error) {
    if (!(error instanceof ConditionProblem)) throw error;
    report(error.code, error.index, error.detail);
    return undefined;
  }
}

/** The identifiers that a condition names, each once. */
export function identifiersOf(condition: Condition): ReadonlySet<string> {
  switch (condition.kind) {
    case 'identifier':
      return new Set([condition.name]);
    case 'not':
      return identifiersOf(condition.child);
    case 'and':
    case 'or':
      return new Set(condition.children.flatMap((child) => [...identifiersOf(child)]));
  }
}

/** Words end at white space, brackets and pipes, so `notepad` is one word and `not(a)` four. */
function tokens(text: string): readonly Token[] {
  return Array.from(text.matchAll(/[()|]|[^\s()|]+/g), (match) => ({ text: match[0], index: match.index }));
}

const operators: readonly string[] = ['and', 'or', 'not'];
const quantifiers: readonly string[] = ['1', 'any', 'all'];

class ConditionParser {
  readonly #tokens: readonly Token[];
  readonly #names: readonly string[];
  readonly #known: ReadonlySet<string>;
  readonly #end: number;
  readonly #options: ConditionOptions;
  #at = 0;
  #nodes = 0;
  #comparisons = 0;

  constructor(text: string, names: readonly string[], options: ConditionOptions) {
    this.#tokens = tokens(text);
    this.#names = names;
    this.#known = new Set(names);
    this.#end = text.length;
    this.#options = options;
  }

  parse(): Condition {
    const condition = this.#or(0);
    const rest = this.#peek();
    if (rest !== undefined)
      throw this.#syntax(`"${rest.text}" is not expected here`, rest, operatorIn(rest.text));
    return condition;
  }

  #or(depth: number): Condition {
    return this.#chain('or', () => this.#and(depth));
  }

  #and(depth: number): Condition {
    return this.#chain('and', () => this.#not(depth));
  }

  #chain(kind: 'and' | 'or', operand: () => Condition): Condition {
    const children = [operand()];
    while (this.#peek()?.text === kind) {
      this.#at++;
      children.push(operand());
    }
    return joined(kind, children);
  }

  #not(depth: number): Condition {
    const token = this.#peek();
    if (depth > conditionDepthMax)
      throw new ConditionProblem('condition_too_large', token?.index ?? this.#end, {
        detail: `at most ${conditionDepthMax} levels`,
      });
    if (token?.text !== 'not') return this.#operand(depth);
    this.#at++;
    return { kind: 'not', child: this.#not(depth + 1) };
  }

  #operand(depth: number): Condition {
    const token = this.#next('a search identifier');
    if (token.text === '(') {
      const inner = this.#or(depth + 1);
      const close = this.#next('")"');
      if (close.text !== ')') throw this.#syntax(`")" is expected instead of "${close.text}"`, close);
      return inner;
    }
    if (this.#peek()?.text === 'of') return this.#quantified(token);
    if (operators.includes(token.text) || /^[()|]$/.test(token.text))
      throw this.#syntax(`a search identifier is expected instead of "${token.text}"`, token);
    return this.#identifier(token);
  }

  #identifier({ text, index }: Token): Condition {
    if (this.#known.has(text)) return this.#named(text, index);
    const operator = operatorIn(text);
    if (operator !== undefined)
      throw this.#syntax('operators are written in lower case', { text, index }, operator);
    if (this.#options.open === true) return this.#named(text, index);
    throw new ConditionProblem('identifier_unknown', index, {
      detail: text.slice(0, 80),
      suggestion: (this.#options.nearest ?? nearest)(text, this.#names),
    });
  }

  #named(name: string, index: number): Condition {
    // A few quantifiers over many identifiers would make a tree far larger than the rule.
    if (++this.#nodes > conditionNodesMax)
      throw new ConditionProblem('condition_too_large', index, {
        detail: `at most ${conditionNodesMax} identifiers`,
      });
    this.#options.onIdentifier?.(name, index);
    return { kind: 'identifier', name };
  }

  #quantified(quantifier: Token): Condition {
    if (!quantifiers.includes(quantifier.text))
      throw this.#syntax('only "1 of", "any of" and "all of" exist', quantifier);
    this.#at++;
    const pattern = this.#next('a pattern or "them"');
    if (/^[()|]$/.test(pattern.text)) throw this.#syntax('a pattern or "them" is expected', pattern);
    this.#comparisons += this.#names.length;
    if (this.#comparisons > comparisonsMax)
      throw new ConditionProblem('condition_too_large', pattern.index, {
        detail: 'too many patterns for so many search identifiers',
      });
    const names = selected(pattern.text, this.#names);
    if (names.length === 0)
      throw new ConditionProblem('pattern_unmatched', pattern.index, { detail: pattern.text.slice(0, 80) });
    const children = names.map((name) => this.#named(name, pattern.index));
    return joined(quantifier.text === 'all' ? 'and' : 'or', children);
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #next(expected: string): Token {
    const token = this.#tokens[this.#at++];
    if (token === undefined)
      throw this.#syntax(`${expected} is expected at the end`, { text: '', index: this.#end });
    return token;
  }

  #syntax(detail: string, { index }: Token, suggestion?: string): ConditionProblem {
    return new ConditionProblem('condition_syntax', index, { detail: detail.slice(0, 120), suggestion });
  }
}

/** The operator that a word is but for its capitals. */
function operatorIn(word: string): string | undefined {
  return operators.find((operator) => operator === word.toLowerCase());
}

function joined(kind: 'and' | 'or', children: readonly Condition[]): Condition {
  const [only] = children;
  return children.length === 1 && only !== undefined ? only : { kind, children };
}

/** Identifiers that start with an underscore are only meant by patterns that do so too. */
function selected(pattern: string, names: readonly string[]): readonly string[] {
  const parts = pattern.split('*');
  return names.filter((name) => {
    if (name.startsWith('_') && !pattern.startsWith('_')) return false;
    return pattern === 'them' || fits(name, parts);
  });
}

/** Whether a name is made of the parts in order, with anything between them. */
function fits(name: string, parts: readonly string[]): boolean {
  const [first = '', ...others] = parts;
  const last = others.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of others) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}
