import fc from 'fast-check';
import { RE2JS } from 're2js';
import { membersOf } from '../../sigma/regex/code-points.ts';
import type { Node } from '../../sigma/regex/syntax.ts';

/** Pieces in which readers of regular expressions differ: classes, escapes, case, things that only look special. */
const atoms = [
  'a b k s K S ab é É σ Σ ς ſ İ ı ậ Ậ Ω 😀 - _ { } ] {,2} a{ a{1',
  String.raw`. \d \D \w \W \s \S \n \a \x61 \x{1F600} \x{d83d} \101 \. \\ \- \_ \/ \Qab\E \Q*\E \Q\E`,
  String.raw`[ab] [^a] [a-c] [^\n] [é-ü] [^s] []a] [^]a] [\w-] [a\-c] [--a] [\W] [[:alpha:]_] [[:^upper:]] [[a]`,
  String.raw`\pL \p{Lu} \P{Greek} \p{^Lu} \p{Any} [\d\pL] [^\pL]`,
  String.raw`[\x00-\x{10ffff}] [^\x00-\x{10ffff}] [A-\x{ffff}] [^\x{100}-\x{200}]`,
].flatMap((line) => line.split(' '));
const assertions = String.raw`^ $ \b \B \A \z`.split(' ');
const openings = '( (?: (?i: (?s: (?m: (?-i: (?i-s: (?U: (?P<n> (?<n>'.split(' ');
const repeats = '* + ? *? +? ?? {2} {0,3} {1,} {2,4}? {0} {3,} {0,}'.split(' ');
const faults = String.raw`** {1001} {2,1} ( ) [ \ (?= (?<!a) \1 \p{No} [b-a] (?z) {01}`.split(' ');

const { source } = fc.letrec<{ source: string; item: string }>((tie) => ({
  source: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 3, arbitrary: tie('item') },
    { weight: 2, arbitrary: fc.tuple(tie('source'), tie('source')).map(([a, b]) => a + b) },
    { weight: 1, arbitrary: fc.tuple(tie('source'), tie('source')).map(([a, b]) => `${a}|${b}`) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom(...openings), tie('source'), fc.constantFrom('', '', ...repeats))
        .map(([opening, inner, repeat]) => `${opening}${inner})${repeat}`),
    },
    { weight: 1, arbitrary: tie('item').map((item) => `(?i)${item}`) },
  ),
  item: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...atoms) },
    { weight: 2, arbitrary: fc.constantFrom(...assertions) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom(...atoms), fc.constantFrom(...repeats))
        .map(([atom, repeat]) => atom + repeat),
    },
  ),
}));

/** Regular expressions, few of which are faulty. */
export const regexSource: fc.Arbitrary<string> = source;
/** Regular expressions, most of which are faulty in one place. */
export const faultySource: fc.Arbitrary<string> = fc
  .tuple(source, fc.constantFrom(...faults), source)
  .map((parts) => parts.join(''));
export const regexFlags: fc.Arbitrary<string> = fc.constantFrom('', '', 'i', 'm', 's', 'im', 'ims');

/** Short texts of the characters that those expressions tell apart. */
export const regexText: fc.Arbitrary<string> = fc.string({
  unit: fc.constantFrom(
    ...'a b c s S k K A ab _ 1 - { * . \\ é É σ ς Σ ſ \u212a İ ı 😀 ậ Ậ Ω \u2126'.split(' '),
    ...Array.from(' \n\r\0\u2028'),
    '\ud83d',
    '\ude00',
  ),
  maxLength: 10,
});

/** What RE2JS makes of it: the definition. Undefined where it refuses. */
export function re2(source: string, flags: string): RE2JS | undefined {
  const bits =
    (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) |
    (flags.includes('m') ? RE2JS.MULTILINE : 0) |
    (flags.includes('s') ? RE2JS.DOTALL : 0);
  try {
    return RE2JS.compile(source, bits);
  } catch {
    return undefined;
  }
}

/** Numbers from 0 to 1, the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}

/** A text that an expression matches, unless its assertions are against it. */
export function sampleOf(node: Node, random: () => number): string {
  const below = (count: number): number => Math.floor(random() * count);
  switch (node.kind) {
    case 'empty':
    case 'assertion':
      return '';
    case 'set': {
      const members = membersOf(node.set, 256) ?? membersOf(node.set.slice(0, 2), 256) ?? [node.set[0] ?? 0];
      const printable = members.filter((code) => code >= 0x20 && code < 0x7f);
      const from = printable.length > 0 && random() < 0.9 ? printable : members;
      return from.length === 0 ? '' : String.fromCodePoint(from[below(from.length)] ?? 0);
    }
    case 'concat':
      return node.children.map((child) => sampleOf(child, random)).join('');
    case 'alternate': {
      const child = node.children[below(node.children.length)];
      return child === undefined ? '' : sampleOf(child, random);
    }
    case 'repeat': {
      const count = node.min + below(Math.min(node.max - node.min, 12) + 1);
      return Array.from({ length: count }, () => sampleOf(node.child, random)).join('');
    }
  }
}
