import { fold } from '../language/fold.ts';
import { membersOf } from './code-points.ts';
import { chanceOf, necessary, type Notation } from './necessary.ts';
import { parseRegex } from './parse.ts';

/** Literals of one set; more cost an index more than they spare. */
const literalsMax = 64;

const folded: Notation = {
  set: (set) => {
    const members = membersOf(set, 16);
    if (members === undefined) return undefined;
    const texts = members.map((code) => fold(String.fromCodePoint(code)));
    return new Map(texts.map((text) => [text, chanceOf(text.codePointAt(0) ?? 0)]));
  },
  assertion: () => '',
  textsMax: literalsMax,
  charsMax: 64,
  costOfOne: 1e-7,
};

/**
 * Literals for an index: every text that a regular expression finds a match in holds, once folded as values are, at
 * least one of them. The set that is expected to be met least, of at most `literalsMax` texts, none of them empty.
 *
 * @returns undefined where nothing is certain.
 */
export function requiredLiterals(source: string, flags: string): readonly string[] | undefined {
  return requiredLiteralSets(source, flags)[0];
}

/** All such sets that were found, the rarest first: a text that matches holds one literal of each. */
export function requiredLiteralSets(source: string, flags: string): readonly (readonly string[])[] {
  const node = parseRegex(source, flags);
  if (node === undefined) return [];
  return necessary(node, folded).sets.map(({ texts }) => withoutLonger([...texts.keys()]));
}

/** A literal that holds another one is met only where that is. */
function withoutLonger(texts: readonly string[]): readonly string[] {
  const ordered = texts.toSorted((a, b) => a.length - b.length);
  return ordered.filter((text, i) => !ordered.slice(0, i).some((shorter) => text.includes(shorter)));
}
