import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../../platform/event.ts';
import type { NewDocument } from '../../../platform/index/port.ts';
import type { Query } from '../../../platform/query/index.ts';
import { documentOf, NOON } from './documents.ts';
import { query as anyQuery, value } from './random.ts';

/** Fields that alerts are counted and sorted by, one that they are not, and a short name. */
export const fields = [
  'host.name',
  'canh.level',
  'rule.id',
  'threat.tactic.id',
  'state',
  'canh.tags',
] as const;

const few: fc.Arbitrary<JsonValue> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom<JsonValue>('a', 'đà', 'da', '10', 10, 2.5, Number.NaN, true, null),
  },
  { weight: 1, arbitrary: value },
);

/** Bodies with the fields of alerts, nested, with dots in keys, in lists, native, or not there. */
export const alertBody: fc.Arbitrary<JsonObject> = fc.record(
  {
    host: fc.oneof(fc.record({ name: few }), fc.array(fc.record({ name: few }), { maxLength: 2 })),
    'host.name': few,
    rule: fc.record({ id: few, name: few }),
    threat: fc.record({ tactic: fc.record({ id: fc.array(few, { maxLength: 2 }) }) }),
    canh: fc.record(
      {
        level: few,
        state: few,
        tags: few,
        native: fc.record({ 'rule.id': few, host: fc.record({ name: few }) }),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

const operand = fc.constantFrom('a', 'da', '10', '2.5', 'true', '', 'b');
const leaf: fc.Arbitrary<Query> = fc.oneof(
  fc.record({
    kind: fc.constant('field' as const),
    field: fc.constantFrom(...fields),
    value: operand,
    prefix: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('range' as const),
    field: fc.constantFrom(...fields),
    lower: fc.record({ value: operand, inclusive: fc.boolean() }),
  }),
  fc.record({ kind: fc.constant('exists' as const), field: fc.constantFrom(...fields, 'host') }),
);

/** Queries over those fields, alone and mixed with others. */
export const alertQuery: fc.Arbitrary<Query> = fc.oneof(
  leaf,
  leaf.map((child): Query => ({ kind: 'not', child })),
  fc.record({
    kind: fc.constantFrom('and' as const, 'or' as const),
    children: fc.array(fc.oneof(leaf, anyQuery), { maxLength: 3 }),
  }),
);

export function alertDocumentOf(body: JsonObject, n: number): NewDocument {
  return documentOf(`e${n}`, body, { time: NOON + n, agency: n % 3 === 0 ? 'a1' : 'a2' });
}
