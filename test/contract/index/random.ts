import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../../platform/event.ts';
import type { Query } from '../../../platform/query/index.ts';

const word = fc.constantFrom(
  'a',
  'ab',
  'Abc',
  'đà',
  'da',
  'Nẵng',
  'nang',
  '1',
  '10',
  '2.5',
  'cmd.exe',
  'true',
  'x-y',
  'y x',
  '',
  '.',
  '"',
  'é̂',
  '한글',
  '가',
  'ΣΑΣ',
  '\u0000b',
  '\ud800',
  '2026-11-23',
  'C:\\a',
  '😀',
  'ﬁ',
);
const text = fc.array(word, { maxLength: 4 }).map((words) => words.join(' '));
const scalar: fc.Arbitrary<JsonValue> = fc.oneof(
  { weight: 4, arbitrary: text },
  fc.constantFrom<JsonValue>(0, 1, 10, 2.5, -1, 1e21, true, false, null, []),
);
export const value: fc.Arbitrary<JsonValue> = fc.oneof(
  { weight: 3, arbitrary: scalar },
  fc.array(scalar, { maxLength: 3 }),
  fc.record({ c: scalar, d: scalar }, { requiredKeys: [] }),
  fc.array(fc.record({ c: scalar }), { maxLength: 2 }),
);
/** Bodies whose fields collide and nest in every way that JSON can. */
export const body: fc.Arbitrary<JsonObject> = fc.record(
  { a: value, 'a.c': value, b: value, canh: fc.record({ level: scalar, native: fc.record({ b: value }) }) },
  { requiredKeys: [] },
);

const field = fc.constantFrom('a', 'a.c', 'b', 'level', 'a.d', 'canh', 'time', 'name');
const bound = fc.record({ value: word, inclusive: fc.boolean() });
const leaf: fc.Arbitrary<Query> = fc.oneof(
  fc.constant<Query>({ kind: 'all' }),
  fc.record({ kind: fc.constant('text' as const), text, phrase: fc.boolean(), prefix: fc.boolean() }),
  fc.record({
    kind: fc.constant('field' as const),
    field,
    value: fc.oneof(word, text),
    prefix: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('exists' as const), field }),
  fc.record(
    { kind: fc.constant('range' as const), field, lower: bound, upper: bound },
    { requiredKeys: ['kind', 'field'] },
  ),
);
/** Queries of every kind over the fields of `body`. */
export const { query } = fc.letrec<{ query: Query }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 3, arbitrary: leaf },
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      children: fc.array(tie('query'), { minLength: 0, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('not' as const), child: tie('query') }),
  ),
}));
