import type { RE2JS } from 're2js';
import type { ReplacementPart } from './pipeline.ts';

/** Letters that a backslash turns into another character. */
const letters: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/**
 * Reads a replacement as Python's `re.sub` does: `\1` and `\g<name>` are groups, `\\` is a backslash, `\n` and the like
 * are control characters, a backslash before anything that is no letter stays.
 *
 * @throws RangeError with what cannot be read, or which group does not exist.
 */
export function readReplacement(text: string, regex: RE2JS): readonly ReplacementPart[] {
  const parts: ReplacementPart[] = [];
  // Without nested quantifiers: each alternative begins with another character behind the backslash.
  for (const piece of text.split(/(\\(?:g<[^>]*>|[1-9]\d?|[^]))/))
    parts.push(piece.startsWith('\\') ? readEscape(piece, regex) : piece);
  return parts.filter((part) => part !== '');
}

function readEscape(piece: string, regex: RE2JS): ReplacementPart {
  const rest = piece.slice(1);
  const name = rest.startsWith('g<') ? rest.slice(2, -1) : rest;
  if (/^\d+$/.test(name) && name !== '0') return groupNumber(Number(name), regex);
  if (rest.startsWith('g<')) {
    if (name === '0') return 0;
    const groups = regex.namedGroups();
    const number = Object.hasOwn(groups, name) ? groups[name] : undefined;
    if (number === undefined) throw new RangeError(`there is no group ${name}`);
    return number;
  }
  if (rest === '\\') return '\\';
  if (rest === '0') return '\0';
  const letter = Object.hasOwn(letters, rest) ? letters[rest] : undefined;
  if (letter !== undefined) return letter;
  if (rest === '' || /^[a-zA-Z]$/.test(rest)) throw new RangeError(`${piece} means nothing`);
  return piece;
}

function groupNumber(number: number, regex: RE2JS): number {
  if (number > regex.groupCount()) throw new RangeError(`there is no group ${number}`);
  return number;
}

/** The text with every match of the regular expression replaced. */
export function replaceAll(regex: RE2JS, text: string, replacement: readonly ReplacementPart[]): string {
  const matcher = regex.matcher(text);
  let result = '';
  let from = 0;
  while (matcher.find()) {
    const filled = replacement.map((part) => (typeof part === 'string' ? part : (matcher.group(part) ?? '')));
    result += text.slice(from, matcher.start()) + filled.join('');
    from = matcher.end();
  }
  return result + text.slice(from);
}
