import { inNetwork } from '../language/address.ts';
import { datePartOf } from '../language/date-part.ts';
import { fold } from '../language/fold.ts';
import { compilePattern } from '../language/pattern.ts';
import { compileRegex } from '../regex/compile.ts';
import type { Comparison, Relation, Test } from '../language/rule.ts';

/** Tests that look at one value of a field; the others need the event (`exists`, `field`). */
type ValueTest = Exclude<Test, { readonly kind: 'exists' | 'field' }>;

/** Compiles a test on one value: no array, not undefined; null where the field is absent. */
export function compileTest(test: ValueTest): (value: unknown) => boolean {
  switch (test.kind) {
    case 'null':
      return (value) => value === null;
    case 'boolean':
      return onText((text) => fold(text) === String(test.value));
    case 'number':
      return compileNumber(test.value, test.text);
    case 'text': {
      const fits = test.patterns.map((pattern) => compilePattern(pattern, test.cased));
      const [only] = fits;
      const any =
        fits.length === 1 && only !== undefined ? only : (text: string) => fits.some((fit) => fit(text));
      return onText(test.cased ? any : (text) => any(fold(text)));
    }
    case 'regex':
      return onText(compileRegex(test.source, test.flags));
    case 'cidr':
      return onText((text) => inNetwork(text, test.network));
    case 'compare':
      return (value) => holds(numberOf(value), test.operator, test.value);
    case 'date':
      return (value) => holds(datePartOf(value, test.part), test.operator, test.value);
  }
}

/** Whether two values of one event stand in a relation, by their texts. */
export function related(value: unknown, other: unknown, relation: Relation, cased: boolean): boolean {
  const [a, b] = [textOf(value), textOf(other)].map((text) =>
    cased || text === undefined ? text : fold(text),
  );
  if (a === undefined || b === undefined) return false;
  switch (relation) {
    case 'equals':
      return a === b;
    case 'startswith':
      return a.startsWith(b);
    case 'endswith':
      return a.endsWith(b);
    case 'contains':
      return a.includes(b);
  }
}

/** The text by which a value is compared: numbers and booleans in their shortest form, objects as JSON. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value);
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : undefined;
}

/** The values of a field one by one: the elements of an array, else the value; null where there is none. */
export function elementsOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) return [value ?? null];
  return value.length === 0 ? [null] : value.flatMap(elementsOf);
}

function onText(test: (text: string) => boolean): (value: unknown) => boolean {
  return (value) => {
    const text = textOf(value);
    return text !== undefined && test(text);
  };
}

/** A number equals a number of the same value, and a text that writes it as the rule does or in its shortest form. */
function compileNumber(number: number, written: string): (value: unknown) => boolean {
  const texts = new Set([String(number), fold(written)]);
  return (value) =>
    typeof value === 'number' ? value === number : onText((text) => texts.has(fold(text)))(value);
}

/** Numbers, and texts that are a decimal or `0x` number as a whole. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string' || value.length > 64) return undefined;
  const text = value.trim();
  return /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|0x[0-9a-f]+)$/i.test(text)
    ? Number(text)
    : undefined;
}

function holds(value: number | undefined, operator: Comparison | 'eq', bound: number): boolean {
  if (value === undefined) return false;
  switch (operator) {
    case 'eq':
      return value === bound;
    case 'lt':
      return value < bound;
    case 'lte':
      return value <= bound;
    case 'gt':
      return value > bound;
    case 'gte':
      return value >= bound;
  }
}
