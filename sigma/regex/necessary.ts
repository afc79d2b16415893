import type { Assertion, Node } from './syntax.ts';
import type { CodePoints } from './code-points.ts';

/**
 * Finds what must be in a text for an expression to match: sets of texts of some notation, of each of which one must be
 * there. The notation says how code points are written; texts are joined where parts follow each other.
 */
export interface Notation {
  /** What a set of code points is written as, with how often it may be expected at a place; undefined: not at all. */
  readonly set: (set: CodePoints) => Texts | undefined;
  readonly assertion: (assertion: Assertion) => string;
  /** More texts in one set, or longer ones, are not worth it. */
  readonly textsMax: number;
  readonly charsMax: number;
  /** What one more text costs, in hits for each character of a value. */
  readonly costOfOne: number;
}

/** Texts, and how often each may be expected to be met at one place of ordinary logs. */
export type Texts = ReadonlyMap<string, number>;

/** Texts of which one must be there, and what looking for them costs. */
interface Necessary {
  readonly texts: Texts;
  readonly cost: number;
}

/** What is known of a part: all that it can be, if that is little, and what must be somewhere in it. */
interface Known {
  readonly exact: Texts | undefined;
  readonly inside: readonly Necessary[];
}

/** How many sets are kept of one expression, and copies of one part that are looked at. */
const setsMax = 8;
const copiesMax = 64;

const nothing: Texts = new Map([['', 1]]);
const unknown: Known = { exact: undefined, inside: [] };

/** Sets of texts of each of which one is in every match, the cheapest first; and all that a match can be, if known. */
export function necessary(
  node: Node,
  notation: Notation,
): { sets: readonly Necessary[]; exact: Texts | undefined } {
  const known = knownOf(node, notation);
  return { sets: required(known, notation), exact: known.exact };
}

function knownOf(node: Node, notation: Notation): Known {
  switch (node.kind) {
    case 'empty':
      return { exact: nothing, inside: [] };
    case 'assertion':
      return { exact: new Map([[notation.assertion(node.assertion), 1]]), inside: [] };
    case 'set':
      return { exact: notation.set(node.set), inside: [] };
    case 'concat':
      return inSequence(
        node.children.map((child) => knownOf(child, notation)),
        notation,
      );
    case 'alternate':
      return either(
        node.children.map((child) => knownOf(child, notation)),
        notation,
      );
    case 'repeat': {
      const { min, max } = node;
      if (max === 0) return { exact: nothing, inside: [] };
      const child = knownOf(node.child, notation);
      if (min === 0) return either([max === 1 ? child : unknown, { exact: nothing, inside: [] }], notation);
      const copies = Array.from({ length: Math.min(min, copiesMax) }, () => child);
      // Behind parts that are not known, the last copies are what the text goes on from.
      const tail = copies.length === min && max === min ? [] : [unknown, ...copies];
      return inSequence([...copies, ...tail], notation);
    }
  }
}

/** Parts one behind the other: texts are joined as long as they are few. */
function inSequence(parts: readonly Known[], notation: Notation): Known {
  const found: Necessary[] = [];
  let joined = nothing;
  let whole = true;
  const settle = (): void => {
    const set = necessaryOf(joined, notation);
    if (set !== undefined) found.push(set);
  };
  for (const { exact, inside } of parts) {
    found.push(...inside);
    const longer = exact === undefined ? undefined : product(joined, exact, notation);
    if (longer === undefined || longer.size > joined.size) settle();
    if (longer === undefined) whole = false;
    joined = longer ?? exact ?? nothing;
  }
  if (whole) return { exact: joined, inside: cheapest(found) };
  settle();
  return { exact: undefined, inside: cheapest(found) };
}

/** One of the parts: each must ask for something. */
function either(parts: readonly Known[], notation: Notation): Known {
  const exact = parts.every((part) => part.exact !== undefined)
    ? union(parts.map((part) => part.exact ?? nothing))
    : undefined;
  const sets = parts.map((part) => required(part, notation)[0]?.texts);
  const all = sets.includes(undefined)
    ? undefined
    : necessaryOf(union(sets.map((texts) => texts ?? nothing)), notation);
  return {
    exact: exact !== undefined && exact.size > notation.textsMax ? undefined : exact,
    inside: all === undefined ? [] : [all],
  };
}

function required({ exact, inside }: Known, notation: Notation): readonly Necessary[] {
  const whole = exact === undefined ? undefined : necessaryOf(exact, notation);
  return whole === undefined ? inside : cheapest([whole, ...inside]);
}

function cheapest(sets: readonly Necessary[]): readonly Necessary[] {
  const distinct = new Map(sets.map((set) => [[...set.texts.keys()].join('\0'), set]));
  return [...distinct.values()].sort((a, b) => a.cost - b.cost).slice(0, setsMax);
}

/** Undefined where nothing need be there, or there is too much to look for. */
function necessaryOf(texts: Texts, { textsMax, costOfOne }: Notation): Necessary | undefined {
  if (texts.size === 0 || texts.size > textsMax || texts.has('')) return undefined;
  let cost = 0;
  for (const chance of texts.values()) cost += chance + costOfOne;
  return { texts, cost };
}

function product(heads: Texts, tails: Texts, { textsMax, charsMax }: Notation): Texts | undefined {
  if (heads.size * tails.size > textsMax) return undefined;
  const joined = new Map<string, number>();
  for (const [head, headChance] of heads)
    for (const [tail, tailChance] of tails) {
      if (head.length + tail.length > charsMax) return undefined;
      joined.set(head + tail, headChance * tailChance);
    }
  return joined;
}

function union(sets: readonly Texts[]): Texts {
  return new Map(sets.flatMap((texts) => [...texts]));
}

/** How often a character may be expected at a place of ordinary logs; only the order of magnitude matters. */
export function chanceOf(code: number): number {
  if (code > 0x7f) return 1e-4;
  const char = String.fromCharCode(code);
  if ('eatinosrcl '.includes(char)) return 0.05;
  return /[a-zA-Z0-9\\/.:=-]/.test(char) ? 0.02 : 0.005;
}
