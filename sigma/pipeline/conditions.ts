import { containsSource } from '../language/logsource.ts';
import {
  hasWildcard,
  parsePattern,
  patternText,
  type Pattern,
  type PatternPart,
} from '../language/pattern.ts';
import type { Condition, Item, PlainValue, Test } from '../language/rule.ts';
import { attributeHolds, inOrder } from './attributes.ts';
import { plainText } from './pattern-text.ts';
import type {
  FieldCondition,
  Gate,
  ItemCondition,
  Operator,
  PipelineItem,
  RuleCondition,
} from './pipeline.ts';
import type { Run } from './run.ts';
import { itemsOf, type WorkCorrelation, type WorkItem, type WorkRule } from './work.ts';

/** Whether a transformation is for this rule or correlation. */
export function ruleAllows({ rule }: PipelineItem, work: WorkRule | WorkCorrelation, run: Run): boolean {
  return gateHolds(rule, (condition) => ruleHolds(condition, work, run));
}

/** Whether a transformation is for this detection item: by its values, and by its field or a field it refers to. */
export function itemAllows({ item: values, field }: PipelineItem, work: WorkItem, run: Run): boolean {
  return (
    gateHolds(values, (condition) => itemHolds(condition, work, run)) &&
    gateHolds(field, (condition) => fieldOfItemHolds(condition, work, run))
  );
}

/** Whether a transformation is for a field name; `applied` are the ids of the transformations it came through. */
export function fieldAllows(
  { field }: PipelineItem,
  name: string | null,
  { run, applied }: { readonly run: Run; readonly applied: ReadonlySet<string> },
): boolean {
  return gateHolds(field, (condition) => fieldHolds(condition, name, { run, applied }));
}

function gateHolds<Kind>(gate: Gate<Kind> | undefined, holds: (condition: Kind) => boolean): boolean {
  if (gate === undefined) return true;
  const { conditions } = gate;
  const evaluate = (expression: Condition): boolean => {
    switch (expression.kind) {
      case 'identifier': {
        const condition = conditions.get(expression.name);
        return condition !== undefined && holds(condition);
      }
      case 'not':
        return !evaluate(expression.child);
      case 'and':
        return expression.children.every(evaluate);
      case 'or':
        return expression.children.some(evaluate);
    }
  };
  return evaluate(gate.expression);
}

function ruleHolds(condition: RuleCondition, work: WorkRule | WorkCorrelation, run: Run): boolean {
  switch (condition.type) {
    case 'logsource': {
      const sources = work.kind === 'rule' ? [work.logsource] : work.logsources;
      return sources.some((source) => containsSource(condition.logsource, source));
    }
    case 'contains_field':
      return work.kind === 'rule' && some(itemsOf(work), ({ item }) => item.field === condition.field);
    case 'contains_detection_item':
      return (
        work.kind === 'rule' &&
        some(
          itemsOf(work),
          ({ item }) =>
            item.field === condition.field &&
            item.values.some(({ test }) => testIs(item, test, condition.value)),
        )
      );
    case 'is_sigma_rule':
      return work.kind === 'rule';
    case 'is_sigma_correlation_rule':
      return work.kind === 'correlation';
    case 'rule_attribute':
      return attributeHolds(condition, work);
    case 'tag':
      return (work.kind === 'rule' ? work.rule : work.correlation).tags.includes(condition.tag);
    case 'processing_item_applied':
      return work.applied.has(condition.id);
    case 'processing_state':
      return stateHolds(condition, run);
  }
}

function itemHolds(condition: ItemCondition, { item, applied }: WorkItem, run: Run): boolean {
  const values = (every: boolean, holds: (test: Test) => boolean): boolean => {
    const tests = item.values.map(({ test }) => test);
    return every ? tests.every(holds) : tests.some(holds);
  };
  switch (condition.type) {
    case 'match_string': {
      const regex = run.shared.regex(condition.pattern);
      const matches = (test: Test): boolean => {
        const pattern = writtenPattern(item, test);
        return pattern !== undefined && regex.matcher(plainText(pattern)).lookingAt();
      };
      return values(condition.every, (test) => matches(test) !== condition.negate);
    }
    case 'match_value':
      return values(condition.every, (test) => testIs(item, test, condition.value));
    case 'is_null':
      return values(condition.every, ({ kind }) => kind === 'null');
    case 'contains_wildcard':
      return values(condition.every, (test) => {
        const pattern = writtenPattern(item, test);
        return pattern !== undefined && hasWildcard(pattern);
      });
    case 'processing_item_applied':
      return applied.has(condition.id);
    case 'processing_state':
      return stateHolds(condition, run);
  }
}

/** The pattern of a text; undefined where it stands for several texts, which `windash` and the like have made. */
export function onePattern(test: Test): Pattern | undefined {
  return test.kind === 'text' && test.patterns.length === 1 ? test.patterns[0] : undefined;
}

/** As `onePattern`; of a keyword without the wildcards that make it one, which nobody wrote. */
export function writtenPattern({ field, modifiers }: Item, test: Test): Pattern | undefined {
  const pattern = onePattern(test);
  const isKeyword = field === null && !modifiers.includes('contains') && pattern !== undefined;
  return isKeyword && isMany(pattern[0]) && isMany(pattern.at(-1)) ? pattern.slice(1, -1) : pattern;
}

function isMany(part: PatternPart | undefined): boolean {
  return typeof part === 'object' && part.wildcard === '*';
}

/** Whether a value is exactly this one, of this type. */
function testIs(item: Item, test: Test, value: string | number | boolean): boolean {
  if (typeof value === 'string') {
    const pattern = writtenPattern(item, test);
    return pattern !== undefined && patternText(pattern) === patternText(parsePattern(value));
  }
  return test.kind === typeof value && 'value' in test && test.value === value;
}

function fieldOfItemHolds(condition: FieldCondition, { item, applied }: WorkItem, run: Run): boolean {
  if (condition.type === 'processing_item_applied') return applied.has(condition.id);
  const names = [
    item.field,
    ...item.values.flatMap(({ test }) => (test.kind === 'field' ? [test.name] : [])),
  ];
  return names.some((name) => fieldHolds(condition, name, { run, applied }));
}

function fieldHolds(
  condition: FieldCondition,
  name: string | null,
  { run, applied }: { readonly run: Run; readonly applied: ReadonlySet<string> },
): boolean {
  switch (condition.type) {
    case 'include_fields':
    case 'exclude_fields': {
      const { fields, mode } = condition;
      const listed =
        name !== null &&
        (mode === 'plain'
          ? fields.includes(name)
          : fields.some((pattern) => run.shared.regex(pattern).matcher(name).lookingAt()));
      return listed === (condition.type === 'include_fields');
    }
    case 'processing_item_applied':
      return applied.has(condition.id);
    case 'processing_state':
      return stateHolds(condition, run);
  }
}

function stateHolds(
  { key, value, operator }: Extract<RuleCondition, { readonly type: 'processing_state' }>,
  { state }: Run,
): boolean {
  const found = state.get(key);
  return found !== undefined && compare(found, operator, value);
}

/** Numbers with numbers, texts with texts; of anything else only whether it is the same. */
function compare(found: PlainValue, operator: Operator, value: string | number | boolean): boolean {
  if (operator === 'eq') return found === value;
  if (operator === 'ne') return found !== value;
  const comparable =
    (typeof found === 'number' && typeof value === 'number') ||
    (typeof found === 'string' && typeof value === 'string');
  return comparable && inOrder(found, operator, value);
}

function some<Kind>(all: Iterable<Kind>, holds: (one: Kind) => boolean): boolean {
  for (const one of all) if (holds(one)) return true;
  return false;
}
