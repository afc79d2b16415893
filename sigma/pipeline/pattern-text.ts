import { many, normal, parsePattern, type Pattern } from '../language/pattern.ts';

/**
 * Around the name of a placeholder that no value is known for yet, inside a literal. Unicode reserves these two for use
 * inside a program, so no text of a rule means anything by them.
 */
const open = '\ufdd0';
const close = '\ufdd1';
const marked = /\ufdd0([^\ufdd0\ufdd1]*)\ufdd1/;

/** A pattern in pieces: texts, wildcards, and placeholders by name. */
export type PatternPiece = string | { readonly wildcard: '*' | '?' } | { readonly placeholder: string };

export function placeholderMark(name: string): string {
  return `${open}${name}${close}`;
}

export function piecesOf(pattern: Pattern): readonly PatternPiece[] {
  return pattern.flatMap((part): readonly PatternPiece[] =>
    typeof part === 'string'
      ? part
          .split(marked)
          .map((text, index) => (index % 2 === 1 ? { placeholder: text } : text))
          .filter((piece) => piece !== '')
      : [part],
  );
}

function patternOf(pieces: readonly PatternPiece[]): Pattern {
  return normal(
    pieces.map((piece) =>
      typeof piece === 'object' && 'placeholder' in piece ? placeholderMark(piece.placeholder) : piece,
    ),
  );
}

/** The pattern with its texts changed, and everything else as it is. */
export function mapTexts(pattern: Pattern, change: (text: string) => Pattern | string): Pattern {
  return patternOf(
    piecesOf(pattern).flatMap((piece): readonly PatternPiece[] => {
      if (typeof piece !== 'string') return [piece];
      const changed = change(piece);
      return typeof changed === 'string' ? [changed] : changed;
    }),
  );
}

export function placeholderNames(pattern: Pattern): readonly string[] {
  return piecesOf(pattern).flatMap((piece) =>
    typeof piece === 'object' && 'placeholder' in piece ? [piece.placeholder] : [],
  );
}

/** The pattern as regular expressions and mappings of a pipeline see it: literal wildcards stand behind a backslash. */
export function plainText(pattern: Pattern): string {
  return piecesOf(pattern).map(plainPiece).join('');
}

function plainPiece(piece: PatternPiece): string {
  if (typeof piece === 'string') return piece.replaceAll(/[*?]/g, '\\$&');
  return 'wildcard' in piece ? piece.wildcard : `%${piece.placeholder}%`;
}

/**
 * As `plainText`, but a backslash right before a wildcard is doubled, so that `fromEditable` gives the pattern back.
 */
export function editableText(pattern: Pattern): string {
  const pieces = piecesOf(pattern);
  return pieces
    .map((piece, index) => {
      if (typeof piece !== 'string') return plainPiece(piece);
      const next = pieces[index + 1];
      return escaped(piece, typeof next === 'object' && 'wildcard' in next);
    })
    .join('');
}

/** A literal with a backslash before its wildcards, and those backslashes doubled that stand right before one. */
function escaped(literal: string, beforeWildcard: boolean): string {
  let result = '';
  let run = '';
  for (const char of literal) {
    if (char === '*' || char === '?') result += `${run}\\${char}`;
    else result += char;
    run = char === '\\' ? run + char : '';
  }
  return beforeWildcard ? result + run : result;
}

/** Reads what `editableText` wrote; backslashes that stand before no wildcard are themselves. */
export function fromEditable(text: string, withPlaceholders: boolean): Pattern {
  let source = '';
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    if (char !== '\\') {
      source += char;
      continue;
    }
    let end = index;
    while (text.charAt(end) === '\\') end++;
    const run = text.slice(index, end);
    const next = text.charAt(end);
    source += next === '*' || next === '?' ? run : run + run;
    index = end - 1;
  }
  const pattern = parsePattern(source);
  if (!withPlaceholders) return pattern;
  return patternOf(
    pattern.map((part) =>
      typeof part === 'string' ? part.replaceAll(/%([^%]+)%/g, `${open}$1${close}`) : part,
    ),
  );
}

/** Ways to fill in the placeholders of a pattern: those without values stay. Undefined where there are too many. */
export function filled(
  pattern: Pattern,
  valuesOf: (name: string) => readonly Pattern[] | undefined,
  most: number,
): readonly Pattern[] | undefined {
  let results: readonly (readonly PatternPiece[])[] = [[]];
  for (const piece of piecesOf(pattern)) {
    const values =
      typeof piece === 'object' && 'placeholder' in piece ? valuesOf(piece.placeholder) : undefined;
    const choices: readonly (readonly PatternPiece[])[] = values ?? [[piece]];
    if (results.length * choices.length > most) return undefined;
    results = results.flatMap((start) => choices.map((choice) => [...start, ...choice]));
  }
  return results.map(patternOf);
}

/** What a placeholder becomes where any text will do. */
export const anything: Pattern = [many];
