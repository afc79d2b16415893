import { expect } from 'chai';
import fc from 'fast-check';
import {
  linkDocuments,
  loadRules,
  matches,
  parseDocuments,
  semanticHash,
  type LinkedRules,
} from '../../sigma/index.ts';
import { correlationHash } from '../../sigma/language/semantic-hash.ts';
import { eventOf } from './rule-text.ts';

const name = fc.constantFrom('a', 'b', 'c', 'k', 'l', 'm', '__proto__', 'constructor', 'A', '');
const odd = fc.oneof(
  { depthSize: 'small' },
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -1,
    2.5,
    1e300,
    '',
    'any',
    '5m',
    '1y',
    'a and b',
    [],
    {},
    'x'.repeat(300),
  ),
  name,
  fc.array(name, { maxLength: 4 }),
  fc.dictionary(name, name, { maxKeys: 3 }),
);
/** Mostly what belongs there, sometimes anything, sometimes nothing. */
const or = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 8, arbitrary },
    { weight: 1, arbitrary: odd },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );

const number = fc.constantFrom(0, 1, 2, 3, 5, 1.5, -1);
const words = fc.array(fc.constantFrom('a', 'b', 'k', 'x', 'and', 'or', 'not', '(', ')', '1 of', 'all of', 'them', 'k*', '|', 'near', 'count()', '>', '5', 'by'), { maxLength: 8 }).map((parts) => parts.join(' ')); // prettier-ignore
const comparisons = fc.dictionary(fc.constantFrom('gt', 'gte', 'lt', 'lte', 'eq', 'neq', 'field', 'percentile', 'gtt'), fc.oneof(number, name), { maxKeys: 3 }); // prettier-ignore
const type = fc.constantFrom('event_count', 'value_count', 'temporal', 'temporal_ordered', 'value_sum', 'value_avg', 'value_percentile', 'value_median'); // prettier-ignore

const correlation = fc.record({
  title: or(name),
  name: or(name),
  level: or(fc.constant('low')),
  generate: fc.oneof(fc.constant(undefined), fc.boolean(), odd),
  canh: or(fc.record({ scope: or(fc.constantFrom('agency', 'city')) })),
  correlation: or(
    fc.record({
      type: or(type),
      rules: or(fc.array(name, { minLength: 1, maxLength: 4 })),
      timespan: or(fc.constantFrom('5m', '1h', '1d')),
      condition: fc.oneof(comparisons, words, odd),
      'group-by': or(fc.array(fc.constantFrom('f', 'g'), { maxLength: 2 })),
      aliases: or(fc.dictionary(name, fc.dictionary(name, name, { maxKeys: 2 }), { maxKeys: 2 })),
    }),
  ),
});
const searches = {
  x: or(fc.record({ f: or(name) })),
  k1: or(fc.record({ g: or(name) })),
  condition: or(words),
};
const filter = fc.record({
  title: or(name),
  logsource: or(fc.constant({ product: 'windows' })),
  filter: or(
    fc.record({ rules: or(fc.oneof(fc.constant('any'), fc.array(name, { maxLength: 3 }))), ...searches }),
  ),
});
const rule = fc.record({
  title: or(name),
  name: or(name),
  action: fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constantFrom('global', 'reset', 'repeat', 'x') }),
  logsource: or(fc.constant({ product: 'windows' })),
  detection: or(fc.record({ ...searches, timeframe: fc.constantFrom(undefined, '5m', '0s') })),
}); // prettier-ignore
const good = fc.constantFrom('a', 'b', 'c').map((one) => ({ title: one, name: one, logsource: { product: 'windows' }, detection: { x: { f: 'a' }, condition: 'x' } })); // prettier-ignore
const text = fc
  .array(fc.oneof(good, rule, correlation, filter), { maxLength: 6 })
  .map((documents) => documents.map((document) => JSON.stringify(document)).join('\n---\n'));

/** What everything that runs rules may rely on. */
function checkSet({ rules, correlations, quiet, problems }: LinkedRules): void {
  for (const { line, column } of problems) expect(Math.min(line, column)).to.be.at.least(1);
  const known = new Set(rules.map(({ key }) => key));
  expect(known.size).to.equal(rules.length);
  const hashes = new Map(rules.map((one) => [one.key, semanticHash(one)]));
  for (const one of correlations) {
    expect(one.refers.length).to.be.at.least(1);
    for (const { key } of one.refers) expect(known.has(key), key).to.equal(true);
    expect(known.has(one.key)).to.equal(false);
    known.add(one.key);
    expect(one.timespanMs).to.be.at.least(1000);
    expect(correlationHash(one, hashes)).to.match(/^[0-9a-f]{32}$/);
  }
  for (const key of quiet) expect(known.has(key), key).to.equal(true);
}

describe('loadRules: robustness', function () {
  this.timeout(30_000);

  it('any documents give a set that holds together, and problems with places', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 2 }), (texts) => {
        const set = loadRules(texts.map((one, n) => ({ file: `${n}`, text: one })));
        checkSet(set);
        for (const one of set.rules) matches(one, eventOf({ f: 'a' }));
      }),
      { numRuns: 600 },
    );
  });

  it('no document changes what an unrelated file holds', () => {
    fc.assert(
      fc.property(text, (one) => {
        const own = parseDocuments('title: Z\nlevel: low\nlogsource: {product: windows}\ndetection: {s: {f: 1}, condition: s}', { file: 'z' });
        const set = linkDocuments([...parseDocuments(one, { file: 'x' }), ...own]);
        const found = set.rules.find(({ file }) => file === 'z');
        expect(found).to.deep.include({ title: 'Z', key: 'z:1' });
      }),
      { numRuns: 200 },
    );
  }); // prettier-ignore

  const many = (count: number, what: (n: number) => string): string =>
    Array.from({ length: count }, (_, n) => what(n)).join('');
  const rules = (detection: string): string =>
    `title: t\nlogsource: {product: windows}\ndetection:\n${detection}`;
  for (const [what, input] of [
    ['quantifiers over many identifiers', rules(`${many(9000, (n) => `  a${n}: {f: 1}\n`)}  condition: 1 of a*${many(1000, () => ' or 1 of a*')}`)],
    ['contradictions of many values', rules(`${many(300, (n) => `  a${n}: {f: [${many(60, (m) => `v${n}x${m}, `)}z${n}]}\n`)}  condition: all of a* and not (${many(300, (n) => (n === 0 ? 'a0' : ` and a${n}`))})`)],
    ['branches inside branches', rules(`  a: {f: 1}\n  b: {f: 2}\n  condition: ${many(60, () => '(a or not b) and ')}${'('.repeat(60)}a${')'.repeat(60)}`)],
    ['names that are not there', `title: c\ncorrelation: {type: event_count, timespan: 5m, condition: {gte: 2}, rules: [${many(250, (n) => `some_long_name_of_a_rule_${n}, `)}x]}\n${many(800, (n) => `---\n${rules('  s: {f: 1}\n  condition: s').replace('title: t', `title: t${n}\nname: some_other_name_of_rule_${n}`)}`)}`],
    ['a dense net of correlations', many(300, (n) => `---\ntitle: c${n}\nname: c${n}\ncorrelation: {type: event_count, timespan: 5m, condition: {gte: 2}, rules: [${many(250, (m) => `c${(n + m) % 300}, `)}c0]}\n`)],
    ['a global part in many documents', `action: global\ndetection: {${many(5000, (n) => `a${n}: 1, `)}condition: a1}\n${many(5000, () => '---\na: 1\n')}`],
    ['misspelt keys', `title: x\n${many(20_000, (n) => `refernces${n}: 1\n`)}`],
    ['misspelt modifiers', rules(`  s:\n${many(1000, (n) => `    f${n}${many(60, () => '|contians')}: 1\n`)}  condition: s`)],
    ['conditions in a list', rules(`${many(9000, (n) => `  a${n}: {f: 1}\n`)}  condition: [${many(9000, (n) => `b${n}, `)}a1]`)],
    ['an aggregation of spaces', rules(`  s: {f: 1}\n  condition: "s | count(${' '.repeat(8000)}f${' '.repeat(7000)}"`)],
  ] as const)
    it(`${what} end soon`, () => {
      const set = loadRules([{ file: 'x', text: input }]);
      checkSet(set);
      expect(set.problems).to.not.eql([]);
    }); // prettier-ignore
});
