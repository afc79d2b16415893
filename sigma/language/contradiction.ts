import { fold } from './fold.ts';
import { formulaOf, type Formula, type Literal } from './formula.ts';
import { implies } from './implication.ts';
import type { Condition, Item, Search, Test } from './rule.ts';

/** More items on one field are not compared with each other. */
const literalsMax = 64;
/** Most pairs of values that are compared for one condition; beyond them nothing more is said. */
const pairsMax = 100_000;

/**
 * What can be said of a condition without any event:
 *
 * - `impossible`: no event satisfies it.
 * - `single`: no event satisfies it in which every field has one value; arrays could.
 * - `open`: it asks for nothing, so that it matches whatever is not excluded.
 */
export type Verdict = 'impossible' | 'single' | 'open';

export function judgeCondition(
  condition: Condition,
  searches: ReadonlyMap<string, Search>,
): Verdict | undefined {
  const formula = formulaOf(condition, searches);
  if (formula === undefined) return undefined;
  if (neverHolds(formula, new Facts(contradict))) return 'impossible';
  if (holdsOfNothing(formula)) return 'open';
  return neverHolds(formula, new Facts((a, b) => contradict(a, b) || differ(a, b))) ? 'single' : undefined;
}

/** Whether the formula holds where no item does. */
function holdsOfNothing(formula: Formula): boolean {
  switch (formula.kind) {
    case 'literal':
      return !formula.positive;
    case 'and':
      return formula.children.every(holdsOfNothing);
    case 'or':
      return formula.children.some(holdsOfNothing);
  }
}

type Conflict = (one: Literal, other: Literal) => boolean;

/** Literals that all hold, by field. */
class Facts {
  readonly #byField = new Map<string | null, Literal[]>();
  readonly #conflict: Conflict;
  #pairs = 0;

  constructor(conflict: Conflict) {
    this.#conflict = conflict;
  }

  allows(literal: Literal): boolean {
    if (this.#excludes(literal, literal)) return false;
    const known = this.#byField.get(literal.item.field) ?? [];
    return !known.some((other) => this.#excludes(literal, other) || this.#excludes(other, literal));
  }

  /** Takes a literal until the returned function is called; the last taken is the first given back. */
  add(literal: Literal): () => void {
    const known = this.#byField.get(literal.item.field) ?? [];
    this.#byField.set(literal.item.field, known);
    if (known.length >= literalsMax) return () => {};
    known.push(literal);
    return () => known.pop();
  }

  #excludes(one: Literal, other: Literal): boolean {
    this.#pairs += one.item.values.length * other.item.values.length;
    return this.#pairs <= pairsMax && this.#conflict(one, other);
  }
}

function neverHolds(formula: Formula, facts: Facts): boolean {
  switch (formula.kind) {
    case 'literal':
      return !facts.allows(formula);
    case 'or':
      return formula.children.every((child) => neverHolds(child, facts));
    case 'and': {
      const literals = formula.children.filter((child) => child.kind === 'literal');
      const undo: (() => void)[] = [];
      const holds = literals.every((literal) => {
        const allowed = facts.allows(literal);
        if (allowed) undo.push(facts.add(literal));
        return allowed;
      });
      const never =
        !holds || formula.children.some((child) => child.kind !== 'literal' && neverHolds(child, facts));
      for (const step of undo.toReversed()) step();
      return never;
    }
  }
}

/** Whether two literals on one field exclude each other, whatever it holds, be it an array. */
function contradict(one: Literal, other: Literal): boolean {
  if (absence(one) && presence(other)) return true;
  // A keyword may be found in another value than the one that another keyword excludes; implication covers that too.
  return one.positive && !other.positive && implies(one.item, other.item);
}

/** True only where the field is absent. */
function absence({ item, positive }: Literal): boolean {
  const [value] = item.values;
  return value?.test.kind === 'exists' && item.values.length === 1 && value.test.expected !== positive;
}

/** False where the field is absent. */
function presence({ item, positive }: Literal): boolean {
  const absentHolds = ({ kind, ...test }: Test): boolean =>
    kind === 'null' || (kind === 'exists' && 'expected' in test && !test.expected);
  const tests = item.values.map(({ test }) => absentHolds(test));
  const holds = item.all ? tests.every(Boolean) : tests.some(Boolean);
  return holds !== positive;
}

/** Whether two literals cannot hold of one single value. */
function differ(one: Literal, other: Literal): boolean {
  if (!one.positive || !other.positive || one.item.field === null) return false;
  if (one === other) return one.item.all && (exactTexts(one.item)?.size ?? 0) > 1;
  const [a, b] = [exactTexts(one.item), exactTexts(other.item)];
  if (a !== undefined && b !== undefined) return ![...a].some((text) => b.has(text));
  const [x, y] = [rangeOf(one.item), rangeOf(other.item)];
  return x !== undefined && y !== undefined && (x.from > y.to || y.from > x.to);
}

/** The folded texts of which the value must be one; undefined where other values could fit. */
function exactTexts(item: Item): ReadonlySet<string> | undefined {
  const texts = new Set<string>();
  for (const { test } of item.values) {
    if (test.kind === 'number') texts.add(String(test.value));
    else if (test.kind === 'text' && test.patterns.every((p) => p.length <= 1 && typeof p[0] !== 'object'))
      for (const [text = ''] of test.patterns) texts.add(typeof text === 'string' ? fold(text) : '');
    else return undefined;
  }
  return texts;
}

/** Where a number must lie; undefined where the item is no single comparison. */
function rangeOf({ values }: Item): { readonly from: number; readonly to: number } | undefined {
  const [value] = values;
  if (value === undefined || values.length > 1) return undefined;
  const { test } = value;
  if (test.kind === 'number') return { from: test.value, to: test.value };
  if (test.kind !== 'compare') return undefined;
  // A strict bound is moved by as little as a number can be.
  const nudge = Math.max(Number.MIN_VALUE, Math.abs(test.value) * Number.EPSILON);
  switch (test.operator) {
    case 'lt':
      return { from: -Infinity, to: test.value - nudge };
    case 'lte':
      return { from: -Infinity, to: test.value };
    case 'gt':
      return { from: test.value + nudge, to: Infinity };
    case 'gte':
      return { from: test.value, to: Infinity };
  }
}
