/** A part of a value: `start` inclusive, `end` exclusive, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const VALUE_CHARS_MAX = 8192;
const PATTERN_CHARS_MAX = 1024;

/** Modifiers whose pattern is no text of the value: the whole value is what matched. */
const whole = new Set([
  're',
  'cidr',
  'gt',
  'gte',
  'lt',
  'lte',
  'fieldref',
  'base64',
  'base64offset',
  'wide',
  'utf16',
  'utf16le',
  'utf16be',
]);
const dashes = '-/–—―';

/**
 * Which parts of an event's value made a detection item true. `patterns` are the rule's values as written, with Sigma's
 * wildcards and escapes; literal runs are marked and what a wildcard stood for is not. Where the pattern is not found
 * as text, the whole value is the match. Linear in the value for each run of a pattern.
 */
export function matchingSpans(
  value: string,
  patterns: readonly string[],
  modifiers: readonly string[],
): readonly Span[] {
  if (value === '' || modifiers.includes('exists')) return [];
  const all = [{ start: 0, end: value.length }];
  if (value.length > VALUE_CHARS_MAX || modifiers.some((modifier) => whole.has(modifier))) return all;
  const rule: Comparison = {
    cased: modifiers.includes('cased'),
    windash: modifiers.includes('windash'),
    openStart: modifiers.includes('contains') || modifiers.includes('endswith'),
    openEnd: modifiers.includes('contains') || modifiers.includes('startswith'),
  };
  const spans: Span[] = [];
  for (const pattern of patterns) {
    if (pattern.length <= PATTERN_CHARS_MAX) spans.push(...spansOfPattern(value, pattern, rule));
  }
  return spans.length === 0 ? all : mergeSpans(spans);
}

/** Sorted, and overlapping or touching ones joined. */
export function mergeSpans(spans: readonly Span[]): readonly Span[] {
  const merged: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last === undefined || span.start > last.end) merged.push(span);
    else merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
  }
  return merged;
}

interface Comparison {
  readonly cased: boolean;
  readonly windash: boolean;
  readonly openStart: boolean;
  readonly openEnd: boolean;
}
/** Characters to find next to each other; null stands for any one character. */
type Run = readonly (string | null)[];

function spansOfPattern(value: string, pattern: string, rule: Comparison): readonly Span[] {
  const runs = parsePattern(pattern);
  const spans: Span[] = [];
  let position = 0;
  for (const [index, run] of runs.entries()) {
    if (run.length === 0) continue;
    const anchoredStart = index === 0 && !rule.openStart;
    const anchoredEnd = index === runs.length - 1 && !rule.openEnd;
    let at: number;
    if (anchoredEnd) at = value.length - run.length;
    else if (anchoredStart) at = 0;
    else at = findRun(value, run, position, rule);
    if (at < position || (anchoredStart && at !== 0) || !runAt(value, run, at, rule)) return [];
    pushLiterals(spans, run, at);
    position = at + run.length;
  }
  return spans;
}

/** Sigma's wildcards: `*` parts runs, `?` is any character; a backslash takes them, and itself, literally. */
function parsePattern(pattern: string): readonly Run[] {
  const runs: (string | null)[][] = [[]];
  for (let i = 0; i < pattern.length; i += 1) {
    const character = pattern.charAt(i);
    const next = pattern.charAt(i + 1);
    if (character === '\\' && (next === '*' || next === '?' || next === '\\')) {
      runs.at(-1)?.push(next);
      i += 1;
    } else if (character === '*') runs.push([]);
    else runs.at(-1)?.push(character === '?' ? null : character);
  }
  return runs;
}

function findRun(value: string, run: Run, from: number, rule: Comparison): number {
  for (let at = from; at + run.length <= value.length; at += 1) if (runAt(value, run, at, rule)) return at;
  return -1;
}

function runAt(value: string, run: Run, at: number, rule: Comparison): boolean {
  if (at < 0 || at + run.length > value.length) return false;
  return run.every((wanted, i) => wanted === null || sameCharacter(wanted, value.charAt(at + i), rule));
}

function sameCharacter(a: string, b: string, rule: Comparison): boolean {
  if (a === b || (rule.windash && dashes.includes(a) && dashes.includes(b))) return true;
  return !rule.cased && a.toLowerCase() === b.toLowerCase();
}

function pushLiterals(spans: Span[], run: Run, at: number): void {
  let start = 0;
  for (let i = 0; i <= run.length; i += 1) {
    if (i < run.length && run[i] !== null) continue;
    if (i > start) spans.push({ start: at + start, end: at + i });
    start = i + 1;
  }
}
