import { expect } from 'chai';
import fc from 'fast-check';
import { plainEvent, type LogSource, type Rule, type SigmaEvent } from '../../sigma/index.ts';
import { compileValue } from '../../sigma/match/evaluate.ts';
import { createMatcher, type Matcher } from '../../sigma/match/matcher.ts';
import { PredicateTable } from '../../sigma/match/predicate.ts';
import { witnessOf } from '../../sigma/match/witness.ts';
import { randomFields, randomRule, textsOf } from './random-rules.ts';
import { asked, referenceMatches } from './reference.ts';

const sources: readonly (readonly LogSource[])[] = [
  [{ product: 'windows' }],
  [{ product: 'windows', service: 'sysmon' }, { category: 'proxy' }],
  [{ category: 'proxy', product: 'squid' }],
];

/** Rules, and events made of what they look for; events come twice, so that what is remembered is used. */
const cases = fc
  .array(randomRule, { minLength: 1, maxLength: 10 })
  .map((drawn) => drawn.filter((rule) => rule !== undefined))
  .chain((rules) => {
    const fields = randomFields(rules.flatMap(textsOf));
    const event = fc
      .tuple(fields, fc.constantFrom(...sources), fc.option(fc.constantFrom('', 'raw mimikatz::x text')))
      .map(([each, logsource, message]) =>
        plainEvent({ logsource, fields: each, ...(message === null ? {} : { message }) }),
      );
    return fc.record({
      rules: fc.constant(rules),
      events: fc.array(event, { minLength: 1, maxLength: 12 }).map((list) => [...list, ...list]),
    });
  });

const runs = { numRuns: 100 } as const;

function expectEqual(
  rules: readonly Rule[],
  events: readonly SigmaEvent[],
  matcher: Pick<Matcher, 'match'> = createMatcher(rules),
): void {
  for (const event of events) {
    const expected = referenceMatches(rules, event);
    const found = matcher.match(event).map(({ rule }) => rule);
    expect(
      found.map((rule) => rules.indexOf(rule)),
      JSON.stringify([rules.map((rule) => rule.detection.raw), event.logsource, event.plain?.fields]),
    ).to.eql(expected.map((rule) => rules.indexOf(rule)));
  }
}

describe('createMatcher, over random rules and events', function () {
  this.timeout(60_000);

  it('finds what the reference evaluator does, over plain events', () => {
    fc.assert(
      fc.property(cases, ({ rules, events }) => expectEqual(rules, events)),
      runs,
    );
  });

  it('finds what the reference evaluator does, over events that are asked for each field', () => {
    fc.assert(
      fc.property(cases, ({ rules, events }) => expectEqual(rules, events.map(asked))),
      runs,
    );
  });

  it('finds the same rules whatever their order and whatever other rules there are', () => {
    fc.assert(
      fc.property(cases, fc.integer(), ({ rules, events }, turn) => {
        const at = rules.length === 0 ? 0 : Math.abs(turn) % rules.length;
        expectEqual([...rules.slice(at), ...rules.slice(0, at)].toReversed(), events);
        expectEqual(rules.slice(at), events);
      }),
      { numRuns: 30 },
    );
  });

  it('finds the same when another matcher takes over between two events', () => {
    fc.assert(
      fc.property(cases, fc.nat(24), ({ rules, events }, at) => {
        const [before, after] = [createMatcher(rules), createMatcher(rules)];
        let taken = 0;
        expectEqual(rules, events, { match: (event) => (taken++ < at ? before : after).match(event) });
      }),
      { numRuns: 20 },
    );
  });

  it('extracts witnesses of which one is true wherever the rule matches', () => {
    fc.assert(
      fc.property(cases, ({ rules, events }) => {
        const table = new PredicateTable();
        for (const event of events)
          for (const rule of referenceMatches(rules, event)) {
            const witness = witnessOf(table.formulaOf(rule), (id) => table.predicate(id));
            const seen = witness?.ids.some((id) => {
              const { field, test } = table.predicate(id);
              return compileValue(field, { text: '', test })(event);
            });
            expect(seen ?? true, JSON.stringify(rule.detection.raw)).to.equal(true);
          }
      }),
      { numRuns: 30 },
    );
  });
});
