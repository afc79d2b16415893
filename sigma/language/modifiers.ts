import { parseNetwork } from './address.ts';
import { dateParts, type DatePart } from './date-part.ts';
import {
  bytesOf,
  placeholdersOf,
  toBase64,
  toBase64Offsets,
  toUtf16,
  withAllDashes,
  withPlaceholders,
  type Utf16,
} from './encoding.ts';
import { hasWildcard, literalOf, many, normal, parsePattern, type Pattern } from './pattern.ts';
import type { ProblemCode } from './problems.ts';
import { compileRegex, regexCharsMax } from '../regex/compile.ts';
import type { Comparison, Relation, Test } from './rule.ts';

/** Most texts that one value may stand for after `windash`, `expand` and `base64offset`. */
export const alternativesMax = 4096;

/** Values for the placeholders of `expand`, by name without percent signs. */
export type Placeholders = Readonly<Record<string, readonly (string | number)[]>>;

/** A value on its way through the modifiers. `bytes`: each character of the patterns is one byte. */
type Draft =
  | {
      readonly kind: 'text';
      readonly patterns: readonly Pattern[];
      readonly bytes: boolean;
      readonly raw: string;
    }
  | Exclude<Test, { readonly kind: 'text' }>;

export class ValueProblem extends Error {
  readonly code: ProblemCode;
  constructor(code: ProblemCode, detail: string) {
    super(detail);
    this.code = code;
  }
}

type Apply = (draft: Draft, placeholders: Placeholders) => Draft;

/** Modifiers that concern the item as a whole; their place in the chain does not matter. */
const itemModifiers: readonly string[] = ['all', 'neq', 'cased'];

/** Modifiers that change one value, applied in the order written. */
const valueModifiers: ReadonlyMap<string, Apply> = new Map<string, Apply>([
  ['contains', (draft) => relate(draft, 'contains')],
  ['startswith', (draft) => relate(draft, 'startswith')],
  ['endswith', (draft) => relate(draft, 'endswith')],
  [
    'windash',
    (draft) => alternatives(draft, 'windash', (pattern) => withAllDashes(pattern, alternativesMax)),
  ],
  ['expand', expand],
  ['base64', (draft) => encode(draft, 'base64', (pattern, bytes) => [toBase64(bytesOf(pattern, bytes))])],
  [
    'base64offset',
    (draft) => encode(draft, 'base64offset', (pattern, bytes) => toBase64Offsets(bytesOf(pattern, bytes))),
  ],
  ...(['utf16le', 'utf16be', 'utf16'] as const).map((form): [string, Apply] => [
    form,
    (draft) => widen(draft, form),
  ]),
  ['wide', (draft) => widen(draft, 'utf16le')],
  ['re', (draft) => ({ kind: 'regex', source: untouched(draft, 're').raw, flags: '' })],
  ...Object.entries({ i: 'i', ignorecase: 'i', m: 'm', multiline: 'm', s: 's', dotall: 's' }).map(
    ([name, flag]): [string, Apply] => [name, (draft) => addFlag(draft, name, flag)],
  ),
  ['cidr', (draft) => cidr(draft)],
  ['exists', (draft) => exists(draft)],
  ['fieldref', (draft) => fieldref(draft)],
  ...(['lt', 'lte', 'gt', 'gte'] as const).map((operator): [string, Apply] => [
    operator,
    (draft) => compare(draft, operator),
  ]),
  ...dateParts.map((part): [string, Apply] => [part, (draft) => datePart(draft, part)]),
]);

export const modifierNames: readonly string[] = [...itemModifiers, ...valueModifiers.keys()];

/** What a plain value is before any modifier. */
export function draftOf(value: string | number | boolean | null, text: string): Draft {
  if (value === null) return { kind: 'null' };
  if (typeof value === 'boolean') return { kind: 'boolean', value };
  if (typeof value === 'number') return { kind: 'number', value, text };
  return { kind: 'text', patterns: [parsePattern(value)], bytes: false, raw: value };
}

/**
 * Takes a value through its modifiers to the test it stands for. All names must be in `modifierNames`.
 *
 * @throws ValueProblem where a modifier cannot be applied to what the ones before it made.
 */
export function applyModifiers(draft: Draft, modifiers: readonly string[], placeholders: Placeholders): Test {
  let result = draft;
  for (const name of modifiers) result = valueModifiers.get(name)?.(result, placeholders) ?? result;
  const cased = modifiers.includes('cased');
  switch (result.kind) {
    case 'text':
      return { kind: 'text', patterns: result.patterns, cased };
    case 'field':
      return { ...result, cased };
    case 'regex':
      if (cased)
        throw new ValueProblem('modifier_combination', 'a regular expression is cased without cased');
      return checkedRegex(result);
    case 'null':
    case 'boolean':
    case 'number':
    case 'cidr':
    case 'compare':
    case 'date':
    case 'exists':
      if (cased) throw new ValueProblem('modifier_combination', 'cased needs a text');
      return result;
  }
}

function mismatch(name: string, needs: string): ValueProblem {
  return new ValueProblem('value_invalid', `${name} needs ${needs}`);
}

function combination(name: string, needs: string): ValueProblem {
  return new ValueProblem('modifier_combination', `${name} ${needs}`);
}

type TextDraft = Extract<Draft, { readonly kind: 'text' }>;

function textOf(draft: Draft, name: string): TextDraft {
  if (draft.kind === 'text') return draft;
  if (draft.kind === 'number' || draft.kind === 'boolean' || draft.kind === 'null')
    throw mismatch(name, 'a text; put the value in quotes');
  throw combination(name, `cannot follow what stands before it`);
}

/** The draft where no modifier has touched it: `re` and `cidr` read the value as written. */
function untouched(draft: Draft, name: string): TextDraft {
  const text = textOf(draft, name);
  const written = parsePattern(text.raw);
  const same =
    !text.bytes && text.patterns.length === 1 && JSON.stringify(text.patterns[0]) === JSON.stringify(written);
  if (!same) throw combination(name, 'must be the first modifier');
  return text;
}

function relate(draft: Draft, relation: Exclude<Relation, 'equals'>): Draft {
  if (draft.kind === 'field') return { ...draft, relation };
  if (draft.kind === 'regex') {
    // Brackets around it must not repair an expression that is faulty: `a)|(b`.
    checkedRegex(draft);
    return { ...draft, source: anchored(draft.source, relation) };
  }
  const text = textOf(draft, relation);
  return { ...text, patterns: text.patterns.map((pattern) => withRelation(pattern, relation)) };
}

/** The pattern with the wildcards of a relation around it; a wildcard already there is not doubled. */
export function withRelation(pattern: Pattern, relation: Exclude<Relation, 'equals'>): Pattern {
  return normal([
    ...(relation === 'startswith' ? [] : [many]),
    ...pattern,
    ...(relation === 'endswith' ? [] : [many]),
  ]);
}

/** A regular expression is searched for, so `contains` adds nothing and the other two tie it to an end. */
function anchored(source: string, relation: Exclude<Relation, 'equals'>): string {
  switch (relation) {
    case 'contains':
      return source;
    case 'startswith':
      return `\\A(?:${source})`;
    case 'endswith':
      return `(?:${source})\\z`;
  }
}

function alternatives(
  draft: Draft,
  name: string,
  expansion: (pattern: Pattern) => readonly Pattern[] | undefined,
): Draft {
  const text = textOf(draft, name);
  const patterns = text.patterns.flatMap((pattern) => {
    const expanded = expansion(pattern);
    if (expanded === undefined)
      throw new ValueProblem('value_too_large', `${name}: over ${alternativesMax} texts`);
    return expanded;
  });
  if (patterns.length > alternativesMax)
    throw new ValueProblem('value_too_large', `${name}: over ${alternativesMax} texts`);
  return { ...text, patterns };
}

function expand(draft: Draft, placeholders: Placeholders): Draft {
  const valuesOf = (name: string): readonly Pattern[] =>
    (Object.hasOwn(placeholders, name) ? (placeholders[name] ?? []) : []).map((value) =>
      parsePattern(String(value)),
    );
  const text = textOf(draft, 'expand');
  for (const name of text.patterns.flatMap(placeholdersOf))
    if (valuesOf(name).length === 0) throw new ValueProblem('placeholder_unresolved', `%${name}%`);
  return alternatives(draft, 'expand', (pattern) => withPlaceholders(pattern, valuesOf, alternativesMax));
}

function encode(
  draft: Draft,
  name: string,
  encoding: (pattern: Pattern, bytes: boolean) => readonly Pattern[],
): Draft {
  const text = withoutWildcards(draft, name);
  const expanded = alternatives(text, name, (pattern) => encoding(pattern, text.bytes));
  return { ...textOf(expanded, name), bytes: false };
}

function widen(draft: Draft, form: Utf16): Draft {
  const text = withoutWildcards(draft, form);
  if (text.bytes) throw combination(form, 'can stand only once');
  return { ...text, patterns: text.patterns.map((pattern) => toUtf16(pattern, form)), bytes: true };
}

function withoutWildcards(draft: Draft, name: string): TextDraft {
  const text = textOf(draft, name);
  if (text.patterns.some(hasWildcard)) throw new ValueProblem('value_wildcard', name);
  return text;
}

function addFlag(draft: Draft, name: string, flag: string): Draft {
  if (draft.kind !== 'regex') throw combination(name, 'must follow re');
  return draft.flags.includes(flag)
    ? draft
    : { ...draft, flags: (draft.flags + flag).split('').toSorted().join('') };
}

function checkedRegex(test: Extract<Test, { readonly kind: 'regex' }>): Test {
  if (test.source.length > regexCharsMax)
    throw new ValueProblem('value_too_large', `re: over ${regexCharsMax} characters`);
  try {
    compileRegex(test.source, test.flags);
    return test;
  } catch (error) {
    throw new ValueProblem('regex_invalid', error instanceof Error ? error.message : String(error));
  }
}

function cidr(draft: Draft): Draft {
  const { raw } = untouched(draft, 'cidr');
  const network = parseNetwork(raw);
  if (network === undefined) throw new ValueProblem('cidr_invalid', raw.slice(0, 64));
  return { kind: 'cidr', network };
}

function exists(draft: Draft): Draft {
  if (draft.kind !== 'boolean') throw mismatch('exists', 'true or false, without quotes');
  return { kind: 'exists', expected: draft.value };
}

function fieldref(draft: Draft): Draft {
  const text = withoutWildcards(draft, 'fieldref');
  const [pattern = []] = text.patterns;
  if (text.bytes || text.patterns.length !== 1 || pattern.length === 0)
    throw mismatch('fieldref', 'one field name');
  return { kind: 'field', name: literalOf(pattern), relation: 'equals', cased: false };
}

function compare(draft: Draft, operator: Comparison): Draft {
  if (draft.kind === 'date' && draft.operator === 'eq') return { ...draft, operator };
  if (draft.kind !== 'number') throw mismatch(operator, 'a number, without quotes');
  return { kind: 'compare', operator, value: draft.value };
}

function datePart(draft: Draft, part: DatePart): Draft {
  if (draft.kind !== 'number' || !Number.isInteger(draft.value))
    throw mismatch(part, 'a whole number, without quotes');
  return { kind: 'date', part, operator: 'eq', value: draft.value };
}
