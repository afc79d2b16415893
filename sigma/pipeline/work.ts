import type { ProblemCode } from '../language/problems.ts';
import type {
  Condition,
  Correlation,
  Item,
  LogSource,
  PlainObject,
  Rule,
  Search,
  Test,
  Value,
} from '../language/rule.ts';
import { patternText } from '../language/pattern.ts';

/** A pipeline cannot go on with a rule: the rule is refused. */
export class PipelineFailure extends Error {
  readonly code: ProblemCode;
  /** Line of the detection item, where it is one. */
  readonly line: number | undefined;
  constructor(code: ProblemCode, detail: string, line?: number) {
    super(detail);
    this.code = code;
    this.line = line;
  }
}

/** A detection item on its way through the pipelines. */
export interface WorkItem {
  readonly kind: 'item';
  readonly item: Item;
  /** Ids of the transformations that changed it. */
  readonly applied: ReadonlySet<string>;
}
interface WorkGroup {
  readonly kind: 'and' | 'or';
  readonly children: readonly WorkNode[];
  /** What it was made of, while nothing in it has changed. */
  readonly source?: Search;
}
export type WorkNode = WorkItem | WorkGroup;

/** A rule on its way through the pipelines. */
export interface WorkRule {
  readonly kind: 'rule';
  readonly rule: Rule;
  fields: readonly string[];
  custom: PlainObject;
  logsource: LogSource;
  /** Search identifiers; undefined where nothing is left of one. */
  readonly searches: Map<string, WorkNode | undefined>;
  condition: Condition;
  conditions: readonly string[];
  readonly applied: Set<string>;
}

export interface WorkCorrelation {
  readonly kind: 'correlation';
  correlation: Correlation;
  fields: readonly string[];
  custom: PlainObject;
  /** Logsources of the rules that it is about, as they were written. */
  readonly logsources: readonly LogSource[];
  readonly applied: Set<string>;
}

export function openRule(rule: Rule): WorkRule {
  const { condition, conditions, searches } = rule.detection;
  return {
    kind: 'rule',
    rule,
    fields: rule.fields,
    custom: rule.custom,
    logsource: rule.logsource,
    searches: new Map([...searches].map(([name, search]) => [name, openSearch(search)])),
    condition,
    conditions,
    applied: new Set(),
  };
}

export function openSearch(search: Search): WorkNode {
  return search.kind === 'item'
    ? { kind: 'item', item: search, applied: new Set() }
    : { kind: search.kind, children: search.children.map(openSearch), source: search };
}

/**
 * The rule as it has become; where nothing was changed, the very rule.
 *
 * @throws PipelineFailure where nothing is left of the condition.
 */
export function closeRule(work: WorkRule): Rule {
  const { rule, fields, custom, logsource, conditions } = work;
  const searches = new Map<string, Search>();
  for (const [name, node] of work.searches) if (node !== undefined) searches.set(name, closeNode(node));
  if (isUnchanged(work, searches)) return rule;
  const condition = pruned(work.condition, searches);
  if (condition === undefined) throw new PipelineFailure('pipeline_empty', 'every item was dropped');
  const detection = { raw: rule.detection.raw, conditions, condition, searches };
  return { ...rule, fields, custom, logsource, detection };
}

function isUnchanged({ rule, ...work }: WorkRule, searches: ReadonlyMap<string, Search>): boolean {
  const { detection } = rule;
  return (
    work.logsource === rule.logsource &&
    work.condition === detection.condition &&
    work.custom === rule.custom &&
    sameTexts(work.fields, rule.fields) &&
    searches.size === detection.searches.size &&
    [...searches].every(([name, search]) => detection.searches.get(name) === search)
  );
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}

export function closeCorrelation({ correlation, fields, custom }: WorkCorrelation): Correlation {
  return { ...correlation, fields, custom };
}

function closeNode(node: WorkNode): Search {
  if (node.kind === 'item') return node.item;
  return node.source ?? { kind: node.kind, children: node.children.map(closeNode) };
}

/** The condition without the identifiers of which nothing is left. */
function pruned(condition: Condition, searches: ReadonlyMap<string, Search>): Condition | undefined {
  switch (condition.kind) {
    case 'identifier':
      return searches.has(condition.name) ? condition : undefined;
    case 'not': {
      const child = pruned(condition.child, searches);
      return child === undefined ? undefined : { kind: 'not', child };
    }
    case 'and':
    case 'or': {
      const children = condition.children.flatMap((child) => pruned(child, searches) ?? []);
      const [only] = children;
      return children.length < 2 ? only : { kind: condition.kind, children };
    }
  }
}

/** Every item of the rule. */
export function* itemsOf({ searches }: WorkRule): Generator<WorkItem> {
  for (const node of searches.values()) if (node !== undefined) yield* itemsIn(node);
}

function* itemsIn(node: WorkNode): Generator<WorkItem> {
  if (node.kind === 'item') yield node;
  else for (const child of node.children) yield* itemsIn(child);
}

/** Puts something else in the place of items; undefined takes an item away, and a group with its last one. */
export function changeItems(work: WorkRule, change: (item: WorkItem) => WorkNode | undefined): void {
  for (const [name, node] of work.searches)
    if (node !== undefined) work.searches.set(name, changedNode(node, change));
}

function changedNode(node: WorkNode, change: (item: WorkItem) => WorkNode | undefined): WorkNode | undefined {
  if (node.kind === 'item') return change(node);
  const children = node.children.flatMap((child) => changedNode(child, change) ?? []);
  const same =
    children.length === node.children.length && children.every((child, i) => child === node.children[i]);
  if (same) return node;
  return children.length === 0 ? undefined : { kind: node.kind, children };
}

/** The item, marked as changed by a transformation. */
export function mark({ applied }: WorkItem, item: Item, id: string): WorkItem {
  return { kind: 'item', item, applied: new Set([...applied, id]) };
}

/** Several items for one: any of them, or each of them where the item is negated, as `not` in front would mean. */
export function alternatives(items: readonly WorkItem[], negated: boolean): WorkNode {
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : { kind: negated ? 'and' : 'or', children: items };
}

/**
 * The item with other values. Its modifiers become those that say the same of the values as they now are: what a value
 * was made of can no longer be told.
 */
export function withValues(item: Item, tests: readonly Test[]): Item {
  const cased = tests.some((test) => test.kind === 'text' && test.cased);
  const values = tests.flatMap((test): readonly Value[] => {
    if (test.kind !== 'text' || item.all || test.patterns.length === 1) return [valueOf(test)];
    return test.patterns.map((pattern) => valueOf({ ...test, patterns: [pattern] }));
  });
  const modifiers = [
    ...(item.all ? ['all'] : []),
    ...(item.negated ? ['neq'] : []),
    ...(cased ? ['cased'] : []),
  ];
  return { ...item, modifiers, values };
}

function valueOf(test: Test): Value {
  switch (test.kind) {
    case 'text':
      return { text: test.patterns.map(patternText).join(' | '), test };
    case 'number':
      return { text: test.text, test };
    case 'boolean':
      return { text: String(test.value), test };
    case 'null':
    case 'regex':
    case 'cidr':
    case 'compare':
    case 'date':
    case 'exists':
    case 'field':
      return { text: 'null', test };
  }
}

/** Whether a value is one that transformations of values may change; the others keep their item's modifiers. */
export function isPlainTest(test: Test): boolean {
  return test.kind === 'text' || test.kind === 'number' || test.kind === 'boolean' || test.kind === 'null';
}
