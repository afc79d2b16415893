import { expect } from 'chai';
import fc from 'fast-check';
import { loadRules, matches, type Correlation, type RuleSet, type SigmaEvent } from '../../sigma/index.ts';
import { finalsOf, type Arrival } from './oracle/oracle.ts';
import { ruleTexts, type RuleTexts } from './oracle/rule-text-arbitrary.ts';
import { finalsIn, signalsOf, sortedTexts } from './oracle/run.ts';
import { arrivalsOf, streams } from './oracle/stream-arbitrary.ts';
import type { TimedEvent } from '../../sigma/correlate/contract.ts';

const factor = Number(process.env['CANH_PROPERTY_RUNS'] ?? 1);
const seed = Number(process.env['CANH_PROPERTY_SEED'] ?? Date.now() % 2 ** 31);

/** Why a correlation that is drawn at random may rightly be refused. */
const refusals: ReadonlySet<string> = new Set([
  'condition_impossible',
  'threshold_impossible',
  'reference_fields',
  'reference_refused',
]);

/** What decides how a correlation runs. */
function essence({
  type,
  refers,
  groupBy,
  aliases,
  timespanMs,
  condition,
  generate,
  scope,
}: Correlation): object {
  const every = { kind: 'predicates', predicates: [{ operator: 'gte', value: refers.length }], fields: [] };
  const asLoaded = condition.kind === 'predicates' && condition.predicates.length === 0 ? every : condition;
  return { type, refers, groupBy, aliases, timespanMs, condition: asLoaded, generate, scope };
}

function loaded({ sources }: RuleTexts): RuleSet {
  return loadRules(sources);
}

/** The same events with what the loaded rules say of them. */
function matched({ rules }: RuleSet, arrivals: readonly Arrival[]): readonly Arrival[] {
  return arrivals.map(({ event }) => ({
    event,
    matches: rules.filter((rule) => matches(rule, sigmaEvent(event))).map((rule) => ({ rule })),
  }));
}

function sigmaEvent(event: TimedEvent): SigmaEvent {
  return {
    logsource: [{ product: 'random' }],
    field: (name) => event.field(name),
    values: () => [],
  };
}

describe('loadRules, in property', function () {
  this.timeout(60_000 * Math.max(1, factor));

  it('makes of a text the correlations it was written from, or says why not', () => {
    fc.assert(
      fc.property(ruleTexts(), (texts) => {
        const { rules, correlations, problems } = loadRules(texts.sources);
        const errors = problems.filter(({ severity }) => severity === 'error');
        // A rule drawn at random may exclude just what it asks for.
        const impossible = errors
          .filter(({ code }) => code === 'condition_impossible')
          .map(({ rule }) => rule);
        const names = ['r0', 'r1', 'r2', 'r3'].map((name) => `Rule ${name}`);
        expect([...rules.map(({ title }) => title), ...impossible]).to.have.members(names);
        expect(errors.filter(({ code }) => !refusals.has(code))).to.deep.equal([]);
        for (const expected of texts.correlations) {
          const found = correlations.find(({ name }) => name === expected.name);
          if (found !== undefined) expect(essence(found)).to.deep.equal(essence(expected));
          else
            expect(
              errors.some(({ rule }) => rule === expected.title),
              expected.title,
            ).to.equal(true);
        }
      }),
      { seed, numRuns: Math.ceil(80 * factor) },
    );
  });

  it('gives rules that run as the oracle runs them', () => {
    fc.assert(
      fc.property(ruleTexts(), streams({ latenesses: [5000] }), (texts, stream) => {
        const ruleSet = loaded(texts);
        const arrivals = matched(ruleSet, arrivalsOf(stream, 'displaced'));
        const { latenessMs, idleMs } = stream;
        expect(sortedTexts(finalsIn(signalsOf(ruleSet, arrivals, { latenessMs, idleMs })))).to.deep.equal(
          sortedTexts(finalsOf(ruleSet, arrivals)),
        );
      }),
      { seed, numRuns: Math.ceil(80 * factor) },
    );
  });

  it('gives the same correlations however documents are shared among files', () => {
    fc.assert(
      fc.property(ruleTexts(), (texts) => {
        const whole = [{ file: 'all.yml', text: texts.sources.map(({ text }) => text).join('---\n') }];
        const essences = ({ correlations }: RuleSet): readonly object[] =>
          correlations.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(essence);
        expect(essences(loadRules(whole))).to.deep.equal(essences(loadRules(texts.sources)));
      }),
      { seed, numRuns: Math.ceil(40 * factor) },
    );
  });
});
