import { compileTest, elementsOf, related, textOf } from '../match/compare.ts';
import { compileValue } from '../match/evaluate.ts';
import type { SigmaEvent } from '../match/event.ts';
import { fold } from '../language/fold.ts';
import type { Condition, Item, Rule, Search, Value } from '../language/rule.ts';

/** Longest excerpt of an event's value, in characters. */
export const excerptCharsMax = 512;

/** One detection item of a rule as it went on one event. */
export interface ExplainedItem {
  readonly kind: 'item';
  /** Field name as the rule writes it; null for a keyword search. */
  readonly field: string | null;
  readonly modifiers: readonly string[];
  /** The rule's values that decided: those that matched; where an item with `all` failed, those that did not; else all. */
  readonly patterns: readonly string[];
  /** The event's value that was compared, shortened around what matched; null where the field is absent or null. */
  readonly value: string | null;
  readonly matched: boolean;
}

export type ExplainNode =
  | {
      readonly kind: 'and' | 'or' | 'not';
      readonly matched: boolean;
      readonly children: readonly ExplainNode[];
    }
  | {
      readonly kind: 'identifier';
      readonly name: string;
      readonly matched: boolean;
      readonly children: readonly ExplainNode[];
    }
  | ExplainedItem;

/** Why a rule matched an event, or why it did not. */
export interface Explanation {
  /** The rule's condition as written. */
  readonly condition: string;
  readonly tree: ExplainNode;
}

/**
 * Explains how a rule went on an event. Only the parts that decided are kept: all parts of an `and` that holds, the
 * true parts of an `or` that holds; the false parts of an `and` that fails, all parts of an `or` that fails.
 */
export function explain(rule: Rule, event: SigmaEvent): Explanation {
  const { conditions, condition, searches } = rule.detection;
  const [only = ''] = conditions;
  return {
    condition: conditions.length === 1 ? only : conditions.map((text) => `(${text})`).join(' or '),
    tree: explainCondition(condition, searches, event),
  };
}

function explainCondition(
  condition: Condition,
  searches: ReadonlyMap<string, Search>,
  event: SigmaEvent,
): ExplainNode {
  switch (condition.kind) {
    case 'identifier': {
      const search = searches.get(condition.name);
      const inner = search === undefined ? undefined : explainSearch(search, event);
      const children = inner === undefined ? [] : inner.kind === 'and' ? inner.children : [inner];
      return { kind: 'identifier', name: condition.name, matched: inner?.matched ?? false, children };
    }
    case 'not': {
      const child = explainCondition(condition.child, searches, event);
      return { kind: 'not', matched: !child.matched, children: [child] };
    }
    case 'and':
    case 'or':
      return joined(
        condition.kind,
        condition.children.map((child) => explainCondition(child, searches, event)),
      );
  }
}

function explainSearch(search: Search, event: SigmaEvent): ExplainNode {
  if (search.kind === 'item') return explainItem(search, event);
  return joined(
    search.kind,
    search.children.map((child) => explainSearch(child, event)),
  );
}

function joined(kind: 'and' | 'or', parts: readonly ExplainNode[]): ExplainNode {
  const matched = kind === 'and' ? parts.every((part) => part.matched) : parts.some((part) => part.matched);
  return { kind, matched, children: parts.filter((part) => part.matched === matched) };
}

function explainItem(item: Item, event: SigmaEvent): ExplainedItem {
  const hits = item.values.filter((value) => compileValue(item.field, value)(event));
  const held = item.all ? hits.length === item.values.length : hits.length > 0;
  const hit = new Set(hits);
  const missed = item.values.filter((value) => !hit.has(value));
  const decided = held ? hits : item.all ? missed : item.values;
  return {
    kind: 'item',
    field: item.field,
    modifiers: item.modifiers,
    patterns: decided.map((value) => value.text),
    value: valueOf(item, held ? decided[0] : undefined, event),
    matched: held !== item.negated,
  };
}

/** The event's value that a rule's value matched; without one, the field's first. */
function valueOf({ field }: Item, hit: Value | undefined, event: SigmaEvent): string | null {
  const all = (field === null ? [...event.values()] : [event.field(field)]).flatMap(elementsOf);
  // A keyword that is not found is not found in anything: there is no value to show.
  const shown =
    hit === undefined ? (field === null ? undefined : all[0]) : all.find((value) => fits(value, hit, event));
  const text = textOf(shown);
  return text === undefined ? null : excerpt(text, hit);
}

function fits(value: unknown, { test }: Value, event: SigmaEvent): boolean {
  if (test.kind === 'exists') return true;
  if (test.kind !== 'field') return compileTest(test)(value);
  return elementsOf(event.field(test.name)).some((other) => related(value, other, test.relation, test.cased));
}

/** At most `excerptCharsMax` characters of a text, around the literal that matched where it is known. */
function excerpt(text: string, hit: Value | undefined): string {
  if (text.length <= excerptCharsMax) return text;
  const literals =
    hit?.test.kind === 'text' ? hit.test.patterns.flatMap((pattern) => pattern.filter(isText)) : [];
  const folded = fold(text);
  const at = literals.reduce((latest, literal) => Math.max(latest, folded.indexOf(fold(literal))), 0);
  const room = excerptCharsMax - 2;
  const start = Math.min(Math.max(0, at - 64), text.length - room);
  const end = start + room;
  return `${start > 0 ? '…' : ''}${wellFormed(text.slice(start, end))}${end < text.length ? '…' : ''}`;
}

function isText(part: unknown): part is string {
  return typeof part === 'string';
}

/** A cut may split a surrogate pair. */
function wellFormed(text: string): string {
  return text.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '');
}
