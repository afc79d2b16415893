import { fold } from './fold.ts';

/** `*`: any number of characters. */
export const many = { wildcard: '*' } as const;
/** `?`: exactly one character. */
const one = { wildcard: '?' } as const;

/** A text with wildcards: literals, `many` and `one`, with no two literals and no two `many` side by side. */
export type Pattern = readonly PatternPart[];
export type PatternPart = string | { readonly wildcard: '*' | '?' };

/**
 * Reads a Sigma string: `*` and `?` are wildcards, a backslash takes the meaning from `*`, `?` and a backslash, and is
 * itself before anything else (specification 2.1, "Escaping"). So `\\srv` is one backslash and `srv`.
 */
export function parsePattern(text: string): Pattern {
  // Most values hold nothing special.
  if (!/[\\*?]/.test(text)) return text === '' ? [] : [text];
  const parts: PatternPart[] = [];
  let literal = '';
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    const next = text.charAt(index + 1);
    if (char === '\\' && (next === '*' || next === '?' || next === '\\')) {
      literal += next;
      index++;
    } else if (char === '*' || char === '?') {
      parts.push(literal, char === '*' ? many : one);
      literal = '';
    } else {
      literal += char;
    }
  }
  return normal([...parts, literal]);
}

/** Joins neighbouring literals and neighbouring `many`, and drops empty literals. */
export function normal(parts: readonly PatternPart[]): Pattern {
  const result: PatternPart[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (typeof part === 'string' && typeof last === 'string') result[result.length - 1] = last + part;
    else if (part !== '' && !(isMany(part) && isMany(last))) result.push(part);
  }
  return result;
}

export function hasWildcard(pattern: Pattern): boolean {
  return pattern.some((part) => typeof part !== 'string');
}

/** The pattern's only text, where it has no wildcard. */
export function literalOf(pattern: Pattern): string {
  return pattern.filter((part) => typeof part === 'string').join('');
}

/** The pattern as a rule would write it; equal patterns have equal texts. */
export function patternText(pattern: Pattern): string {
  return pattern
    .map((part) => (typeof part === 'string' ? part.replaceAll(/[\\*?]/g, '\\$&') : part.wildcard))
    .join('');
}

/** Compiles a pattern to a test on a whole text, which the caller has folded unless the pattern is `cased`. */
export function compilePattern(pattern: Pattern, cased: boolean): (text: string) => boolean {
  const parts = cased ? pattern : pattern.map((part) => (typeof part === 'string' ? fold(part) : part));
  const [first, second, third] = parts;
  if (parts.length === 0) return (text) => text === '';
  if (parts.length === 1 && typeof first === 'string') return (text) => text === first;
  if (parts.length === 1 && isMany(first)) return () => true;
  if (parts.length === 2 && typeof first === 'string' && isMany(second))
    return (text) => text.startsWith(first);
  if (parts.length === 2 && isMany(first) && typeof second === 'string')
    return (text) => text.endsWith(second);
  if (parts.length === 3 && isMany(first) && typeof second === 'string' && isMany(third))
    return (text) => text.includes(second);
  return compileGlob(parts);
}

function isMany(part: PatternPart | undefined): boolean {
  return typeof part === 'object' && part.wildcard === '*';
}

/** `?` is one Unicode character, so texts with surrogate pairs are compared by code point where it occurs. */
function compileGlob(parts: Pattern): (text: string) => boolean {
  const units = parts.flatMap((part): Pattern => (typeof part === 'string' ? part.split('') : [part]));
  if (!parts.some((part) => typeof part === 'object' && part.wildcard === '?'))
    return (text) => globMatches(units, text);
  const points = parts.flatMap((part): Pattern => (typeof part === 'string' ? Array.from(part) : [part]));
  return (text) =>
    /[\ud800-\udbff]/.test(text) ? globMatches(points, Array.from(text)) : globMatches(units, text);
}

/** Greedy with one step back to the latest `*`: at most text × pattern steps. */
function globMatches(pattern: readonly PatternPart[], text: ArrayLike<string>): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let index = 0; index < text.length;) {
    const part = pattern[at];
    if (part === text[index] || (typeof part === 'object' && part.wildcard === '?')) {
      at++;
      index++;
    } else if (isMany(part)) {
      star = at++;
      resume = index;
    } else if (star >= 0) {
      at = star + 1;
      index = ++resume;
    } else {
      return false;
    }
  }
  while (isMany(pattern[at])) at++;
  return at === pattern.length;
}
