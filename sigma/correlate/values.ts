import { fold } from '../language/fold.ts';
import { numberOf, textOf } from '../match/compare.ts';

/** Characters of a group's or counted value that tell it apart; hostile values must not fill the state. */
export const valueCharactersMax = 1024;

/** Joins the parts of a group key; a value that holds the first of its two characters is escaped. */
const separator = '\u0000\u0001';

/** The folded text of a value, undefined where it counts as missing: absent, null, an array without elements. */
export function foldedText(value: unknown): string | undefined {
  if (typeof value === 'string') return foldedString(value);
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return undefined;
  const text = safeText(value);
  return text === undefined ? undefined : foldedString(text);
}

function foldedString(text: string): string {
  return fold(text.length > valueCharactersMax ? text.slice(0, valueCharactersMax) : text);
}

/** JSON refuses circular values and big integers inside objects; such a value is missing. */
function safeText(value: unknown): string | undefined {
  try {
    return textOf(value);
  } catch {
    return undefined;
  }
}

/** A text of its own: one cut out of a line would keep the whole line in memory. */
export function ownText(text: string): string {
  if (text.length < 13) return text;
  const encoding = /^[\0-\xff]*$/.test(text) ? 'latin1' : 'utf16le';
  return Buffer.from(text, encoding).toString(encoding);
}

/** The number that a value stands for, as `gt` in rules reads it; undefined where it is none or not finite. */
export function finiteNumber(value: unknown): number | undefined {
  const number = numberOf(value);
  return number !== undefined && Number.isFinite(number) ? number : undefined;
}

/** Texts as one, so that different lists never give the same. */
export function joinParts(parts: readonly string[]): string {
  let joined = '';
  for (const [index, part] of parts.entries())
    joined += (index === 0 ? '' : separator) + (part.includes('\u0000') ? escapePart(part) : part);
  return joined;
}

function escapePart(part: string): string {
  return part.replaceAll('\u0000', '\u0000\u0002');
}
