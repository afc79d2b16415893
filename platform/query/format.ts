import type { Query } from './ast.ts';
import { tokens } from './tokens.ts';
import { BARE_WORD, fieldNameAt, matchAt, toKeyword } from './words.ts';

/** Values that need no quotes wherever they stand. */
const PLAIN_VALUE = /^[\p{L}\p{N}_@][\p{L}\p{N}_.@/\\:,;+=-]*$/u;
const PLAIN_BOUND = /^[\p{L}\p{N}_@-][\p{L}\p{N}_.@:+-]*$/u;

/**
 * Text that `parseQuery` reads back as the same query, for every query that it can make; a query from elsewhere comes
 * back as one with the same hits.
 */
export function formatQuery(query: Query): string {
  switch (query.kind) {
    case 'all':
      return '*';
    case 'and':
      if (query.children.length === 0) return '*';
      return query.children.map((child) => inBrackets(child, query.children.length > 1)).join(' ');
    case 'or':
      if (query.children.length === 0) return 'not *';
      return query.children
        .map((child) => inBrackets(child, query.children.length > 1 && child.kind === 'or'))
        .join(' or ');
    case 'not':
      return `not ${inBrackets(query.child, true)}`;
    case 'text':
      return formatText(query);
    case 'exists':
      return `${query.field}:*`;
    case 'field':
      return `${query.field}:${formatValue(query.value)}${query.prefix ? '*' : ''}`;
    case 'range':
      return formatRange(query);
  }
}

function inBrackets(query: Query, wanted: boolean): string {
  const text = formatQuery(query);
  return wanted && (query.kind === 'and' || query.kind === 'or') ? `(${text})` : text;
}

function formatText({ text, phrase, prefix }: Extract<Query, { kind: 'text' }>): string {
  const star = prefix ? '*' : '';
  const words = tokens(text);
  if (isBare(text, star) && phrase === words.length > 1) return text + star;
  if (phrase) return quote(text) + star;
  if (words.length === 0) return '*';
  const terms = words.map((word) => (isBare(word, '') ? word : quote(word))).join(' ') + star;
  return words.length === 1 ? terms : `(${terms})`;
}

/** Whether the parser would take `text` as one word of free text; with a star behind it, even "not" is one. */
function isBare(text: string, star: string): boolean {
  const word = matchAt(BARE_WORD, text, 0)?.[0];
  return (
    word === text &&
    !text.includes('*') &&
    toKeyword(text + star) === undefined &&
    fieldNameAt(text, 0) === undefined
  );
}

function formatValue(value: string): string {
  return PLAIN_VALUE.test(value) && toKeyword(value) === undefined ? value : quote(value);
}

function formatRange({ field, lower, upper }: Extract<Query, { kind: 'range' }>): string {
  if (lower === undefined && upper === undefined) return `${field}:*`;
  if (upper === undefined && lower !== undefined) {
    return `${field}:>${lower.inclusive ? '=' : ''}${formatValue(lower.value)}`;
  }
  if (lower === undefined && upper !== undefined) {
    return `${field}:<${upper.inclusive ? '=' : ''}${formatValue(upper.value)}`;
  }
  const opening = lower?.inclusive === false ? '{' : '[';
  const closing = upper?.inclusive === false ? '}' : ']';
  return `${field}:${opening}${formatBound(lower?.value)} TO ${formatBound(upper?.value)}${closing}`;
}

function formatBound(value: string | undefined): string {
  if (value === undefined) return '*';
  return PLAIN_BOUND.test(value) && value.toUpperCase() !== 'TO' ? value : quote(value);
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
