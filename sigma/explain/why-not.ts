import { containsSource } from '../language/logsource.ts';
import type { LogSource, Rule } from '../language/rule.ts';
import type { SigmaEvent } from '../match/event.ts';
import { explain, type ExplainedItem, type ExplainNode } from './explain.ts';

/** A part of a rule that keeps it from matching an event. */
export interface FailedPart {
  /** The search identifier that it belongs to. */
  readonly identifier: string;
  readonly item: ExplainedItem;
  /** The part holds, and the condition wants that it does not. */
  readonly excluded: boolean;
}

/** Why a rule does not match an event. */
export interface WhyNot {
  /** The rule is for events of another logsource. */
  readonly foreign: boolean;
  /** What would have to be otherwise: where one of several alternatives would do, the nearest of them. */
  readonly parts: readonly FailedPart[];
  /** All of it for people, the logsource first. */
  readonly sentences: readonly string[];
}

/** Says why a rule does not match an event: the parts that fail, nearest misses first. Undefined where it matches. */
export function whyNot(rule: Rule, event: SigmaEvent): WhyNot | undefined {
  const foreign = !event.logsource.some((source) => containsSource(rule.logsource, source));
  const { tree } = explain(rule, event);
  const parts = tree.matched ? [] : failedParts(tree, '');
  if (!foreign && tree.matched) return undefined;
  return {
    foreign,
    parts,
    sentences: [...(foreign ? [foreignSentence(rule, event)] : []), ...parts.map(failureSentence)],
  };
}

/** The parts of a node that does not hold. */
function failedParts(node: ExplainNode, identifier: string): readonly FailedPart[] {
  switch (node.kind) {
    case 'item':
      return [{ identifier, item: node, excluded: node.modifiers.includes('neq') }];
    case 'identifier':
      return node.children.flatMap((child) => failedParts(child, node.name));
    case 'and':
      return node.children.flatMap((child) => failedParts(child, identifier));
    case 'or':
      return nearest(node.children.map((child) => failedParts(child, identifier)));
    case 'not':
      return node.children.flatMap((child) => heldParts(child, identifier));
  }
}

/** The parts of a node that holds and should not. */
function heldParts(node: ExplainNode, identifier: string): readonly FailedPart[] {
  switch (node.kind) {
    case 'item':
      return [{ identifier, item: node, excluded: !node.modifiers.includes('neq') }];
    case 'identifier':
      return node.children.flatMap((child) => heldParts(child, node.name));
    case 'and':
    case 'or':
      return node.children.flatMap((child) => heldParts(child, identifier));
    case 'not':
      return node.children.flatMap((child) => failedParts(child, identifier));
  }
}

/** The shortest list; of equal ones that with more values of the event to show, then the first. */
function nearest(alternatives: readonly (readonly FailedPart[])[]): readonly FailedPart[] {
  const present = (parts: readonly FailedPart[]): number =>
    parts.filter(({ item }) => item.value !== null).length;
  const [best = []] = alternatives.toSorted((a, b) => a.length - b.length || present(b) - present(a));
  return best;
}

function foreignSentence({ logsource }: Rule, event: SigmaEvent): string {
  const from = event.logsource.map(sourceText).join(', ');
  return `The rule is for ${sourceText(logsource)}; the event is ${from === '' ? 'of no known logsource' : `of ${from}`}.`;
}

function sourceText({ product, category, service }: LogSource): string {
  const given = Object.entries({ product, category, service }).filter(([, value]) => value !== undefined);
  return given.map(([key, value]) => `${key} ${value}`).join(', ');
}

/** How a modifier is said of what follows it: that it is so, and that it is not. */
const verbs: readonly (readonly [string, readonly [string, string]])[] = [
  ['re', ['matches', 'does not match']],
  ['cidr', ['lies in', 'does not lie in']],
  ['contains', ['contains', 'does not contain']],
  ['startswith', ['starts with', 'does not start with']],
  ['endswith', ['ends with', 'does not end with']],
  ['fieldref', ['is the same as the field', 'is not the same as the field']],
  ['lt', ['is less than', 'is not less than']],
  ['lte', ['is at most', 'is more than']],
  ['gt', ['is more than', 'is not more than']],
  ['gte', ['is at least', 'is less than']],
];
const plainVerb = ['is', 'is not'] as const;

/** Values named in a sentence; the rest are counted. */
const valuesShown = 3;

function failureSentence({ identifier, item, excluded }: FailedPart): string {
  const { field, modifiers, patterns, value } = item;
  const subject = field ?? 'the event';
  if (modifiers.includes('exists'))
    return `${identifier}: ${subject} ${value === null ? 'is absent' : 'is there'}.`;
  const [is, isNot] =
    verbs.find(([name]) => modifiers.includes(name))?.[1] ??
    (field === null ? (['contains', 'does not contain'] as const) : plainVerb);
  const wanted = valuesText(patterns, modifiers.includes('all') && !excluded ? 'and' : 'or');
  if (excluded) {
    const shown = value === null || field === null ? '' : ` (${JSON.stringify(value)})`;
    return `${identifier}: ${subject}${shown} ${is} ${wanted}, which the rule excludes.`;
  }
  if (field === null) return `${identifier}: ${subject} ${isNot} ${wanted}.`;
  if (value === null)
    return `${identifier}: ${subject} is absent or empty; the rule wants that it ${is} ${wanted}.`;
  return `${identifier}: ${subject} is ${JSON.stringify(value)}, which ${isNot} ${wanted}.`;
}

function valuesText(patterns: readonly string[], joint: 'and' | 'or'): string {
  const shown = patterns.slice(0, valuesShown).map((pattern) => JSON.stringify(pattern));
  const more = patterns.length - shown.length;
  const all = more > 0 ? [...shown, `${more} more`] : shown;
  return all.length < 2 ? (all[0] ?? 'nothing') : `${all.slice(0, -1).join(', ')} ${joint} ${all.at(-1)}`;
}
