import type { Query } from '../../query/ast.ts';
import { fieldPaths } from '../../query/fields.ts';
import { fold, tokens } from '../../query/tokens.ts';
import { agencyMark, fieldMark, INCOMPLETE_MARK } from '../marks.ts';
import type { Tenant } from '../port.ts';

/** Tokens of one term that are looked up; the rest is left to the exact test. */
const TOKENS_MAX = 16;

/** What FTS5 can say about a query. */
export interface Prefilter {
  /** Finds every hit; undefined where it cannot narrow the search. */
  readonly match: string | undefined;
  /** Finds nothing but hits. */
  readonly exact: boolean;
}

const everything: Prefilter = { match: undefined, exact: true };
const unknown: Prefilter = { match: undefined, exact: false };

/** FTS5 expression of the documents among which the hits of `query` are that `tenant` may see. */
export function prefilter(query: Query, tenant: Tenant): Prefilter {
  const found = narrow(query);
  if (tenant.kind === 'soc') return found;
  const own = toTerm(agencyMark(tenant.agency));
  return { match: found.match === undefined ? own : `${own} AND (${found.match})`, exact: found.exact };
}

function narrow(query: Query): Prefilter {
  switch (query.kind) {
    case 'all':
      return everything;
    case 'and': {
      const parts = query.children.map(narrow);
      const matches = parts.flatMap(({ match }) => (match === undefined ? [] : [match]));
      return { match: join(matches, 'AND'), exact: parts.every(({ exact }) => exact) };
    }
    case 'or': {
      const parts = query.children.map(narrow);
      const matches = parts.flatMap(({ match }) => (match === undefined ? [] : [match]));
      if (parts.length === 0 || matches.length < parts.length) return unknown;
      return { match: join(matches, 'OR'), exact: parts.every(({ exact }) => exact) };
    }
    case 'text': {
      const match = ofText(query.text, query.prefix);
      const words = tokens(query.text).length;
      return { match, exact: words <= 1 || (!query.phrase && words <= TOKENS_MAX) };
    }
    case 'field':
      return { match: ofField(query), exact: false };
    case 'not':
    case 'exists':
    case 'range':
      return unknown;
  }
}

/** Truth values are values of a field, but no text. */
function mayBeBoolean(value: string, prefix: boolean): boolean {
  const wanted = tokens(value).join('');
  return ['true', 'false'].some((word) => (prefix ? word.startsWith(wanted) : word === wanted));
}

function ofField({ field, value, prefix }: Extract<Query, { kind: 'field' }>): string | undefined {
  const marks = prefix ? [undefined] : fieldPaths(field).map((path) => fieldMark(path, value));
  if (marks.every((mark) => mark !== undefined)) {
    return join([...marks, INCOMPLETE_MARK].map(toTerm), 'OR');
  }
  if (mayBeBoolean(value, prefix)) return undefined;
  // The last token goes on where the value ends within a word.
  const match = ofText(value, prefix && /[\p{L}\p{N}]$/u.test(fold(value)));
  return match === undefined ? undefined : join([match, toTerm(INCOMPLETE_MARK)], 'OR');
}

function toTerm(word: string): string {
  return `"${word}"`;
}

function ofText(text: string, prefix: boolean): string | undefined {
  const words = tokens(text);
  const terms = words.slice(0, TOKENS_MAX).map((word, i) => {
    const begun = prefix && i === words.length - 1;
    return begun ? `${toTerm(word)}*` : toTerm(word);
  });
  return join([...new Set(terms)], 'AND');
}

function join(terms: readonly string[], operator: 'AND' | 'OR'): string | undefined {
  if (terms.length === 0) return undefined;
  return terms.length === 1 ? terms[0] : `(${terms.join(` ${operator} `)})`;
}
