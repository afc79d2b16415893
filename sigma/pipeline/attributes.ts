import { levels, type PlainValue } from '../language/rule.ts';
import type { Operator, RuleCondition } from './pipeline.ts';
import { PipelineFailure, type WorkCorrelation, type WorkRule } from './work.ts';

type AttributeCondition = Extract<RuleCondition, { readonly type: 'rule_attribute' }>;

/** Worst first: a rule of a status can be asked for at least or at most another. */
const statuses = ['unsupported', 'deprecated', 'experimental', 'test', 'stable'] as const;

/** Attributes that have an order of their own. */
const scales: Readonly<Record<string, readonly string[]>> = { level: levels, status: statuses };

/**
 * Whether an attribute of a rule stands as the condition says. An attribute that is not there never does.
 *
 * @throws PipelineFailure where the two cannot be compared so.
 */
export function attributeHolds(condition: AttributeCondition, work: WorkRule | WorkCorrelation): boolean {
  const { attribute, operator, value } = condition;
  const found = attributeOf(attribute, work);
  if (found === undefined || found === null) return false;
  if (Array.isArray(found)) {
    if (operator === 'in' || operator === 'not_in') return found.includes(value) === (operator === 'in');
    return operator === 'ne';
  }
  if (operator === 'in' || operator === 'not_in') throw uncomparable(condition);
  const scale = Object.hasOwn(scales, attribute) ? scales[attribute] : undefined;
  if (scale !== undefined && typeof found === 'string') {
    const [a, b] = [scale.indexOf(found), scale.indexOf(String(value).toLowerCase())];
    if (a < 0 || b < 0) throw uncomparable(condition);
    return ordered(a, operator, b);
  }
  if ((attribute === 'date' || attribute === 'modified') && typeof found === 'string') {
    const [a, b] = [found, String(value)].map((text) => text.replaceAll('/', '-'));
    if (a === undefined || b === undefined || !/^\d{4}-\d\d-\d\d$/.test(b)) throw uncomparable(condition);
    return ordered(a, operator, b);
  }
  return plainHolds(found, condition, operator);
}

function plainHolds(found: PlainValue, condition: AttributeCondition, operator: Operator): boolean {
  const { value } = condition;
  if (typeof found === 'string') {
    if (operator !== 'eq' && operator !== 'ne') throw uncomparable(condition);
    return (found === String(value)) === (operator === 'eq');
  }
  const number = Number(value);
  if ((typeof found !== 'number' && typeof found !== 'boolean') || Number.isNaN(number))
    throw uncomparable(condition);
  return ordered(Number(found), operator, number);
}

function ordered<Kind extends string | number>(a: Kind, operator: Operator, b: Kind): boolean {
  if (operator === 'eq') return a === b;
  if (operator === 'ne') return a !== b;
  return inOrder(a, operator, b);
}

function uncomparable({ attribute, operator, value }: AttributeCondition): PipelineFailure {
  return new PipelineFailure('pipeline_value', `rule_attribute: ${attribute} ${operator} ${value}`);
}

function attributeOf(name: string, work: WorkRule | WorkCorrelation): PlainValue | undefined {
  const metadata = work.kind === 'rule' ? work.rule : work.correlation;
  switch (name) {
    case 'id':
    case 'name':
    case 'title':
    case 'level':
    case 'status':
    case 'description':
    case 'author':
    case 'license':
    case 'date':
    case 'modified':
    case 'references':
    case 'falsepositives':
    case 'tags':
      return metadata[name];
    case 'fields':
      return work.fields;
    default:
      return Object.hasOwn(work.custom, name) ? work.custom[name] : undefined;
  }
}

/** Both of one type. */
export function inOrder<Kind extends string | number>(
  a: Kind,
  operator: Exclude<Operator, 'eq' | 'ne'>,
  b: Kind,
): boolean {
  switch (operator) {
    case 'gte':
      return a >= b;
    case 'gt':
      return a > b;
    case 'lte':
      return a <= b;
    case 'lt':
      return a < b;
  }
}
