import { expect } from 'chai';
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../../platform/event.ts';
import { socTenant } from '../../../platform/index/port.ts';
import { formatQuery, matchesQuery, type Query } from '../../../platform/query/index.ts';
import { documentOf, NOON, write, type Subject } from './documents.ts';

const DOCUMENTS = 60;
const RUNS = 150;

const word = fc.constantFrom(
  ...['a', 'ab', 'Abc', 'đà', 'da', 'Nẵng', 'nang', '1', '10', '2.5', 'cmd.exe', 'true', 'x-y', 'y x', ''],
  ...['.', '"', 'é̂', '한글', '가', 'ΣΑΣ', '\u0000b', '\ud800', '2026-11-23', 'C:\\a', '😀', 'ﬁ'],
);
const text = fc.array(word, { maxLength: 4 }).map((words) => words.join(' '));
const scalar: fc.Arbitrary<JsonValue> = fc.oneof(
  { weight: 4, arbitrary: text },
  fc.constantFrom<JsonValue>(0, 1, 10, 2.5, -1, 1e21, true, false, null, []),
);
const value: fc.Arbitrary<JsonValue> = fc.oneof(
  { weight: 3, arbitrary: scalar },
  fc.array(scalar, { maxLength: 3 }),
  fc.record({ c: scalar, d: scalar }, { requiredKeys: [] }),
  fc.array(fc.record({ c: scalar }), { maxLength: 2 }),
);
const body: fc.Arbitrary<JsonObject> = fc.record(
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
const { query } = fc.letrec<{ query: Query }>((tie) => ({
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

/** Random documents and queries: an index finds exactly what `matchesQuery` says. */
export function describeEquality(subject: Subject): void {
  it('finds exactly what the reference matcher says, for random documents and queries', async () => {
    const documents = fc
      .sample(body, { numRuns: DOCUMENTS, seed: 20_261_123 })
      .map((random, n) => documentOf(`e${n}`, random, { time: NOON + n }));
    await write(subject.current.store, documents);
    const index = subject.current.store.bind(socTenant);
    const check = async (random: Query): Promise<void> => {
      const expected = documents.filter((document) => matchesQuery(random, document.body));
      const found = await index.search('events', { query: random, size: 1000, countTotal: true });
      const names = found.documents.map(({ body: { name } }) => name).toReversed();
      expect(names, formatQuery(random)).to.deep.equal(expected.map(({ body: { name } }) => name));
    };
    await fc.assert(fc.asyncProperty(query, check), { numRuns: RUNS });
  });
}
