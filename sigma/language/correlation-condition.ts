import { parseCondition } from './condition.ts';
import type { ConditionDraft, Written } from './document.ts';
import type { Problems } from './problems.ts';
import type { CorrelationType, Predicate } from './rule.ts';
import { clip, entryOf, type SourceEntry, type SourceMap, type SourceScalar } from './source.ts';
import { judgeThreshold, type Figures } from './threshold.ts';

/** Most fields whose values together are counted. */
export const valueFieldsMax = 32;

const operators = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'] as const;
const conditionKeys: readonly string[] = [...operators, 'field', 'percentile'];

/** How many fields a type takes the figure from. */
const fieldsOf: Readonly<Record<CorrelationType, 'none' | 'one' | 'some'>> = {
  event_count: 'none',
  temporal: 'none',
  temporal_ordered: 'none',
  value_count: 'some',
  value_sum: 'one',
  value_avg: 'one',
  value_percentile: 'one',
  value_median: 'one',
};

interface ConditionContext {
  readonly type: CorrelationType;
  readonly references: readonly Written[];
  readonly problems: Problems;
}

/** Reads the condition of a correlation; undefined where it cannot be used. */
export function readCondition(map: SourceMap, context: ConditionContext): ConditionDraft | undefined {
  const { type, problems } = context;
  const node = entryOf(map, 'condition')?.value;
  const temporal = type === 'temporal' || type === 'temporal_ordered';
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) {
    if (temporal) return { kind: 'every' };
    problems.add('correlation_condition', map.offset, { detail: 'condition is missing' });
    return undefined;
  }
  if (node.kind === 'scalar' && type === 'temporal') return readExpression(node, context);
  if (node.kind === 'map') return readPredicates(node, context);
  problems.add(
    'correlation_condition',
    node.offset,
    node.kind === 'scalar' ? { detail: `${type} takes no expression` } : {},
  );
  return undefined;
}

/** An expression over rules: those listed, or, where none are, whatever it names. */
function readExpression(
  node: SourceScalar,
  { references, problems }: ConditionContext,
): ConditionDraft | undefined {
  const places = new Map<string, number>();
  const at = (index: number): number => (node.verbatim ? node.offset + index : node.offset);
  const expression = parseCondition(
    node.text,
    references.map(({ text }) => text),
    (code, index, detail) => problems.add(code, at(index), detail),
    {
      open: true,
      onIdentifier: (name, index) => {
        if (!places.has(name)) places.set(name, at(index));
      },
    },
  );
  if (expression === undefined) return undefined;
  const identifiers = [...places].map(([text, offset]) => ({ text, ...problems.placeOf(offset) }));
  return { kind: 'expression', text: node.text, expression, identifiers };
}

function readPredicates(map: SourceMap, context: ConditionContext): ConditionDraft | undefined {
  const { type, problems } = context;
  const predicates = map.entries.flatMap((entry) => readPredicate(entry, problems));
  const fields = readFields(map, context);
  const percentile = readPercentile(map, context);
  if (problems.refused) return undefined;
  if (predicates.length === 0) {
    if (type === 'temporal' || type === 'temporal_ordered') return { kind: 'every' };
    problems.add('correlation_condition', map.offset, { detail: 'no comparison' });
    return undefined;
  }
  checkThreshold(map, predicates, context);
  return { kind: 'predicates', predicates, fields, ...(percentile === undefined ? {} : { percentile }) };
}

function readPredicate({ key, offset, value }: SourceEntry, problems: Problems): readonly Predicate[] {
  const operator = operators.find((known) => known === key);
  if (operator === undefined) {
    if (!conditionKeys.includes(key))
      problems.add('correlation_condition', offset, {
        detail: clip(key),
        suggestion: problems.nearest(key, conditionKeys),
      });
    return [];
  }
  if (value.kind === 'scalar' && typeof value.value === 'number') return [{ operator, value: value.value }];
  problems.add('correlation_condition', value.offset, { detail: `${key} needs a number, without quotes` });
  return [];
}

function readFields(map: SourceMap, { type, problems }: ConditionContext): readonly string[] {
  const wanted = fieldsOf[type];
  const node = entryOf(map, 'field')?.value;
  if (node === undefined) {
    if (wanted !== 'none') problems.add('correlation_field', map.offset, { detail: `${type} needs a field` });
    return [];
  }
  const items = node.kind === 'list' ? node.items : [node];
  const fields = items.flatMap((item) =>
    item.kind === 'scalar' && item.value !== null && item.text !== '' ? [item.text] : [],
  );
  const good = fields.length === items.length && fields.length > 0 && fields.length <= valueFieldsMax;
  if (wanted === 'none')
    problems.add('correlation_field', node.offset, {
      detail: `${type} takes no field`,
      ...(type === 'event_count' ? { suggestion: 'value_count' } : {}),
    });
  else if (!good || (wanted === 'one' && fields.length !== 1))
    problems.add('correlation_field', node.offset, {
      detail: wanted === 'one' ? `${type} takes one field` : `1 to ${valueFieldsMax} fields`,
    });
  return [...new Set(fields)];
}

function readPercentile(map: SourceMap, { type, problems }: ConditionContext): number | undefined {
  const node = entryOf(map, 'percentile')?.value;
  const value = node?.kind === 'scalar' && typeof node.value === 'number' ? node.value : undefined;
  const given = node !== undefined;
  const good = value !== undefined && value >= 0 && value <= 100;
  if (given !== (type === 'value_percentile') || (given && !good))
    problems.add('correlation_percentile', node?.offset ?? map.offset);
  return value;
}

function checkThreshold(
  map: SourceMap,
  predicates: readonly Predicate[],
  { type, references, problems }: ConditionContext,
): void {
  const rules = new Set(references.map(({ text }) => text)).size;
  // A rule named twice is two steps of an order.
  const most = type === 'temporal_ordered' ? references.length : rules;
  const temporal = type === 'temporal' || type === 'temporal_ordered';
  const counts = temporal || type === 'event_count' || type === 'value_count';
  const figures: Figures = counts ? { kind: 'count', most: temporal ? most : Infinity } : { kind: 'number' };
  const detail = temporal
    ? `of ${most} rules`
    : predicates.map((one) => `${one.operator} ${one.value}`).join(', ');
  const verdict = judgeThreshold(predicates, figures);
  const all = judgeThreshold([...predicates, { operator: 'lt', value: rules }], figures) === 'never';
  if (verdict === 'never') problems.add('threshold_impossible', map.offset, { detail });
  else if (type === 'temporal_ordered' && !all)
    problems.add('correlation_condition', map.offset, { detail: 'temporal_ordered needs every rule' });
  else if (verdict === 'always' && type !== 'temporal_ordered')
    problems.add('threshold_always', map.offset, { detail });
}
