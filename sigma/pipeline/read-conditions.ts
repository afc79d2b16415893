import { identifiersOf, parseCondition } from '../language/condition.ts';
import { readLogSourceOf } from './read-logsource.ts';
import type { Condition } from '../language/rule.ts';
import { clip, type SourceEntry, type SourceNode } from '../language/source.ts';
import { nearest } from '../language/suggest.ts';
import { Parameters } from './parameters.ts';
import type { FieldCondition, Gate, ItemCondition, Operator, RuleCondition } from './pipeline.ts';

const operators = ['eq', 'ne', 'gte', 'gt', 'lte', 'lt'] as const satisfies readonly Operator[];

type Read<Kind> = (parameters: Parameters) => Kind;
type Readers<Kind> = ReadonlyMap<string, Read<Kind>>;

const applied = (parameters: Parameters) =>
  ({ type: 'processing_item_applied', id: parameters.text('processing_item_id') }) as const;
const state = (parameters: Parameters) =>
  ({
    type: 'processing_state',
    key: parameters.text('key'),
    value: parameters.scalar('val'),
    operator: parameters.choice('op', operators, 'eq'),
  }) as const;
const everyOf = (parameters: Parameters): boolean => parameters.choice('cond', ['any', 'all']) === 'all';

const ruleConditions: Readers<RuleCondition> = new Map<string, Read<RuleCondition>>([
  ['logsource', (parameters) => ({ type: 'logsource', logsource: readLogSourceOf(parameters) })],
  ['contains_field', (parameters) => ({ type: 'contains_field', field: parameters.text('field') })],
  [
    'contains_detection_item',
    (parameters) => ({
      type: 'contains_detection_item',
      field: parameters.text('field'),
      value: parameters.scalar('value'),
    }),
  ],
  ['is_sigma_rule', () => ({ type: 'is_sigma_rule' })],
  ['is_sigma_correlation_rule', () => ({ type: 'is_sigma_correlation_rule' })],
  [
    'rule_attribute',
    (parameters) => {
      const value = parameters.scalar('value');
      return {
        type: 'rule_attribute',
        attribute: parameters.text('attribute'),
        value: typeof value === 'boolean' ? String(value) : value,
        operator: parameters.choice('op', [...operators, 'in', 'not_in'], 'eq'),
      };
    },
  ],
  ['tag', readTag],
  ['processing_item_applied', applied],
  ['processing_state', state],
]);

const itemConditions: Readers<ItemCondition> = new Map<string, Read<ItemCondition>>([
  [
    'match_string',
    (parameters) => ({
      type: 'match_string',
      every: everyOf(parameters),
      pattern: parameters.regex('pattern'),
      negate: parameters.flag('negate'),
    }),
  ],
  [
    'match_value',
    (parameters) => ({ type: 'match_value', every: everyOf(parameters), value: parameters.scalar('value') }),
  ],
  ['is_null', (parameters) => ({ type: 'is_null', every: everyOf(parameters) })],
  ['contains_wildcard', (parameters) => ({ type: 'contains_wildcard', every: everyOf(parameters) })],
  ['processing_item_applied', applied],
  ['processing_state', state],
]);

const fieldConditions: Readers<FieldCondition> = new Map<string, Read<FieldCondition>>([
  ...(['include_fields', 'exclude_fields'] as const).map((type): [string, Read<FieldCondition>] => [
    type,
    (parameters) => readFields(type, parameters),
  ]),
  ['processing_item_applied', applied],
  ['processing_state', state],
]);

function readTag(parameters: Parameters): RuleCondition {
  const tag = parameters.text('tag');
  if (!tag.includes('.')) parameters.refuse(parameters.node, 'tag: namespace.name');
  return { type: 'tag', tag };
}

function readFields(type: 'include_fields' | 'exclude_fields', parameters: Parameters): FieldCondition {
  const mode = parameters.choice('mode', ['plain', 're'], 'plain');
  const node = parameters.any('fields');
  const fields = parameters.texts('fields');
  if (mode === 're' && node !== undefined)
    for (const item of node.kind === 'list' ? node.items : [node]) parameters.regexOf('fields', item);
  return { type, fields, mode };
}

export const ruleGate = (parameters: Parameters): Gate<RuleCondition> | undefined =>
  readGate(parameters, { prefix: 'rule', readers: ruleConditions });
export const itemGate = (parameters: Parameters): Gate<ItemCondition> | undefined =>
  readGate(parameters, { prefix: 'detection_item', readers: itemConditions });
export const fieldGate = (parameters: Parameters): Gate<FieldCondition> | undefined =>
  readGate(parameters, { prefix: 'field_name', readers: fieldConditions });

interface GateKind<Kind> {
  readonly prefix: string;
  readonly readers: Readers<Kind>;
}

/** The conditions under `<prefix>_conditions` and how `_cond_expr`, `_cond_op` and `_cond_not` join them. */
function readGate<Kind>(parameters: Parameters, { prefix, readers }: GateKind<Kind>): Gate<Kind> | undefined {
  const node = parameters.any(`${prefix}_conditions`);
  const operator = parameters.any(`${prefix}_cond_op`);
  const linking = parameters.choice(`${prefix}_cond_op`, ['and', 'or'], 'and');
  const negated = parameters.flag(`${prefix}_cond_not`);
  const expression = parameters.any(`${prefix}_cond_expr`);
  const conditions = readAll(node, { parameters, readers });
  const names = [...conditions.keys()];
  if (expression !== undefined) {
    if (operator !== undefined || node?.kind !== 'map')
      parameters.problems.add('pipeline_condition', expression.offset, {
        detail: 'an expression needs conditions with names, and no cond_op',
      });
    const read = readExpression(expression, names, parameters);
    return read === undefined ? undefined : { conditions, expression: not(read, negated) };
  }
  if (names.length === 0) return undefined;
  const children = names.map((name): Condition => ({ kind: 'identifier', name }));
  return { conditions, expression: not({ kind: linking, children }, negated) };
}

function not(condition: Condition, negated: boolean): Condition {
  return negated ? { kind: 'not', child: condition } : condition;
}

function readExpression(
  node: SourceNode,
  names: readonly string[],
  { problems }: Parameters,
): Condition | undefined {
  if (node.kind !== 'scalar' || node.text.trim() === '') {
    problems.add('pipeline_condition', node.offset, { detail: 'an expression is a text' });
    return undefined;
  }
  const expression = parseCondition(node.text, names, (code, index, detail) =>
    problems.add(code, node.verbatim ? node.offset + index : node.offset, detail),
  );
  if (expression === undefined) return undefined;
  const used = identifiersOf(expression);
  const unused = names.filter((name) => !used.has(name));
  if (unused.length > 0)
    problems.add('pipeline_condition', node.offset, { detail: clip(`${unused.join(', ')}: not used`) });
  return expression;
}

interface ConditionContext<Kind> {
  readonly parameters: Parameters;
  readonly readers: Readers<Kind>;
}

function readAll<Kind>(
  node: SourceNode | undefined,
  context: ConditionContext<Kind>,
): ReadonlyMap<string, Kind> {
  const { problems } = context.parameters;
  if (node === undefined) return new Map();
  if (node.kind === 'scalar') {
    problems.add('pipeline_condition', node.offset, { detail: 'a list or a map of conditions' });
    return new Map();
  }
  const entries: readonly Pick<SourceEntry, 'key' | 'value'>[] =
    node.kind === 'map'
      ? node.entries
      : node.items.map((value, index) => ({ key: String(index + 1), value }));
  const read = entries.map(({ key, value }) => [key, readOne(value, context)] as const);
  return new Map(read.flatMap(([key, kind]) => (kind === undefined ? [] : [[key, kind]])));
}

function readOne<Kind>(
  node: SourceNode,
  { parameters: { problems }, readers }: ConditionContext<Kind>,
): Kind | undefined {
  if (node.kind !== 'map') {
    problems.add('pipeline_condition', node.offset, { detail: 'a map with a type' });
    return undefined;
  }
  const parameters = new Parameters(node, problems);
  const type = parameters.text('type');
  const reader = readers.get(type);
  if (reader === undefined) {
    if (type !== '')
      problems.add('pipeline_condition_unknown', parameters.any('type')?.offset ?? node.offset, {
        detail: clip(type),
        suggestion: nearest(type, [...readers.keys()]),
      });
    return undefined;
  }
  const condition = reader(parameters);
  parameters.finish();
  return condition;
}
