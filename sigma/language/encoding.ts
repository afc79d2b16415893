import { Buffer } from 'node:buffer';
import { literalOf, normal, type Pattern, type PatternPart } from './pattern.ts';

export type Utf16 = 'utf16le' | 'utf16be' | 'utf16';

/**
 * UTF-16 of a pattern without wildcards; each byte becomes the character of that number, so that the result can be
 * encoded further or be searched as it is. `utf16` starts with the byte order mark of little-endian text.
 */
export function toUtf16(pattern: Pattern, form: Utf16): Pattern {
  const bytes = Buffer.from(form === 'utf16' ? `\ufeff${literalOf(pattern)}` : literalOf(pattern), 'utf16le');
  if (form === 'utf16be') bytes.swap16();
  return normal([bytes.toString('latin1')]);
}

/** The bytes that a pattern without wildcards stands for: its UTF-8, or what `toUtf16` made. */
export function bytesOf(pattern: Pattern, encoded: boolean): Buffer {
  return Buffer.from(literalOf(pattern), encoded ? 'latin1' : 'utf8');
}

export function toBase64(bytes: Buffer): Pattern {
  return normal([bytes.toString('base64')]);
}

/**
 * What the bytes look like inside base64 at each of the three offsets; characters that also depend on neighbouring
 * bytes are cut off. Lengths are those of the bytes, so that text outside ASCII is cut rightly too.
 */
export function toBase64Offsets(bytes: Buffer): readonly Pattern[] {
  return [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const end = [text.length, -3, -2][(bytes.length + offset) % 3];
    return normal([text.slice([0, 2, 3][offset], end)]);
  });
}

const dashes = ['-', '/', '\u2013', '\u2014', '\u2015'] as const;
/** A dash or slash that starts a word. */
const parameterDash = /(?<![\p{L}\p{N}_])[-/](?=[\p{L}\p{N}_])/u;

/** Every way to write the dashes of a command line's parameters; undefined where there are more than `most`. */
export function withAllDashes(pattern: Pattern, most: number): readonly Pattern[] | undefined {
  const pieces: (readonly PatternPart[])[][] = [];
  for (const part of pattern) {
    if (typeof part === 'string')
      for (const piece of between(part.split(parameterDash), dashes)) pieces.push(piece);
    else pieces.push([[part]]);
  }
  return product(pieces, most);
}

/** A name between percent signs. A backslash takes the meaning from a percent sign. */
const placeholder = /(?<!\\)%([^%\\]+)%/;

/** The names of the placeholders of a pattern. */
export function placeholdersOf(pattern: Pattern): readonly string[] {
  return pattern.flatMap((part) =>
    typeof part === 'string' ? part.split(placeholder).filter((_, index) => index % 2 === 1) : [],
  );
}

/** The pattern with every placeholder replaced by each of its values; undefined where there are more than `most`. */
export function withPlaceholders(
  pattern: Pattern,
  valuesOf: (name: string) => readonly Pattern[],
  most: number,
): readonly Pattern[] | undefined {
  const pieces: (readonly PatternPart[])[][] = [];
  for (const part of pattern) {
    if (typeof part !== 'string') pieces.push([[part]]);
    else
      for (const [index, piece] of part.split(placeholder).entries())
        pieces.push(index % 2 === 1 ? [...valuesOf(piece)] : [[piece.replaceAll('\\%', '%')]]);
  }
  return product(pieces, most);
}

/** A literal cut at its dashes, with all choices of dash between. */
function between(literals: readonly string[], choices: readonly string[]): (readonly PatternPart[])[][] {
  return literals.flatMap((literal, index) =>
    index === 0 ? [[[literal]]] : [choices.map((choice) => [choice]), [[literal]]],
  );
}

/** All ways to take one choice of each piece, in order. */
function product(
  pieces: readonly (readonly (readonly PatternPart[])[])[],
  most: number,
): readonly Pattern[] | undefined {
  let patterns: readonly (readonly PatternPart[])[] = [[]];
  for (const choices of pieces) {
    if (patterns.length * choices.length > most) return undefined;
    patterns = patterns.flatMap((start) => choices.map((choice) => [...start, ...choice]));
  }
  return patterns.map(normal);
}
