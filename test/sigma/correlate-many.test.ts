import { expect } from 'chai';
import fc from 'fast-check';
import { createCorrelator } from '../../sigma/correlate/correlator.ts';
import { arrivalsFrom, correlationOf, rulesNamed, ruleSetOf, type Row } from './oracle/build.ts';
import { drawing } from './oracle/drawing.ts';
import { finalsOf, type Arrival } from './oracle/oracle.ts';
import { checkProtocol } from './oracle/protocol.ts';
import { finalsIn, signalText, sortedTexts, StateStore } from './oracle/run.ts';
import type { Signal } from '../../sigma/correlate/contract.ts';
import type { Correlation, CorrelationType } from '../../sigma/language/rule.ts';

const factor = Number(process.env['CANH_PROPERTY_RUNS'] ?? 1);
const seed = Number(process.env['CANH_PROPERTY_SEED'] ?? Date.now() % 2 ** 31);

/** A stream too long to be shrunk event by event: its numbers make it. */
interface Long {
  readonly type: CorrelationType;
  readonly threshold: number;
  readonly operator: 'gte' | 'lte' | 'eq';
  readonly events: number;
  readonly groups: number;
  readonly values: number;
  /** Between two events, at most. */
  readonly stepMs: number;
  readonly timespanMs: number;
  readonly latenessMs: number;
  readonly salt: number;
}

const long: fc.Arbitrary<Long> = fc.record({
  type: fc.constantFrom<CorrelationType>(
    'event_count',
    'event_count',
    'value_count',
    'value_count',
    'temporal',
    'temporal_ordered',
    'value_sum',
    'value_median',
  ),
  threshold: fc.oneof(fc.integer({ min: 2, max: 8 }), fc.integer({ min: 9, max: 250 })),
  operator: fc.constantFrom('gte' as const, 'gte' as const, 'gte' as const, 'lte' as const, 'eq' as const),
  events: fc.integer({ min: 100, max: 400 }),
  groups: fc.constantFrom(1, 2, 5, 40, 300),
  values: fc.constantFrom(1, 3, 20, 200),
  stepMs: fc.constantFrom(10, 300, 3000),
  timespanMs: fc.constantFrom(2000, 10_000, 60_000, 3_600_000),
  latenessMs: fc.constantFrom(0, 1000, 20_000, Infinity),
  salt: fc.nat(2_000_000_000),
});

function correlation({ type, threshold, operator, timespanMs }: Long): Correlation {
  const fields =
    type === 'value_count' ? ['v'] : type === 'value_sum' || type === 'value_median' ? ['n'] : [];
  const temporal = type === 'temporal' || type === 'temporal_ordered';
  return correlationOf({
    type,
    groupBy: ['user'],
    timespanMs,
    refers: temporal ? rulesNamed('r0', 'r1', 'r2') : rulesNamed('r0', 'r1'),
    condition: { kind: 'predicates', predicates: temporal ? [] : [{ operator, value: threshold }], fields },
  });
}

function inOrder(each: Long): readonly Arrival[] {
  const draw = drawing(each.salt);
  let ms = 0;
  const rows = Array.from({ length: each.events }, (): Row => {
    ms += draw(each.stepMs);
    // Now and then a silence, in which episodes end and groups are forgotten.
    if (draw(100) === 0) ms += 3 * each.timespanMs;
    const rules = ['r0', 'r1', 'r2', 'r0 r1', ''][draw(5)] ?? '';
    const user = `User-${draw(each.groups)}`;
    return [ms / 1000, rules, { user, v: `value ${draw(each.values)}`, n: draw(9) }];
  });
  return arrivalsFrom(rows);
}

/** Each event up to the lateness behind its time; the trusted clock goes along. */
function displaced(arrivals: readonly Arrival[], { latenessMs, salt }: Long): readonly Arrival[] {
  const draw = drawing(salt + 1);
  const spread = Number.isFinite(latenessMs) ? latenessMs : 100_000;
  let accepted = 0;
  return arrivals
    .map((arrival) => ({ arrival, at: arrival.event.time + draw(spread + 1) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ arrival: { event, matches } }) => {
      accepted = Math.max(accepted, event.time);
      return { event: { ...event, accepted }, matches };
    });
}

describe('createCorrelator, with long streams', function () {
  this.timeout(60_000 * Math.max(1, factor));

  it('gives the finals of the oracle, in any order within the lateness', () => {
    fc.assert(
      fc.property(long, (each) => {
        const ruleSet = ruleSetOf(correlation(each));
        const arrivals = inOrder(each);
        const expected = sortedTexts(finalsOf(ruleSet, arrivals));
        for (const arriving of [arrivals, displaced(arrivals, each)]) {
          const correlator = createCorrelator(ruleSet, { latenessMs: each.latenessMs });
          const signals = arriving.flatMap(({ event, matches }) => correlator.correlate(event, matches));
          signals.push(...correlator.end());
          expect(sortedTexts(finalsIn(signals))).to.deep.equal(expected);
          checkProtocol(signals);
        }
      }),
      { seed, numRuns: Math.ceil(60 * factor) },
    );
  });

  it('goes on after restarts with the same signals, and notices no reload of the same rules', () => {
    fc.assert(
      fc.property(long, fc.integer({ min: 1, max: 150 }), (each, every) => {
        const ruleSet = ruleSetOf(correlation(each));
        const options = { latenessMs: each.latenessMs };
        const whole = createCorrelator(ruleSet, options);
        const reloaded = createCorrelator(ruleSet, options);
        let restarted = createCorrelator(ruleSet, options);
        const store = new StateStore();
        const texts = (signals: readonly Signal[]): readonly string[] => signals.map(signalText);
        displaced(inOrder(each), each).forEach(({ event, matches }, index) => {
          if (index % every === 0) {
            store.write(restarted.snapshot());
            restarted = createCorrelator(ruleSet, { ...options, state: store.read() });
            reloaded.reload(ruleSetOf(correlation(each)));
          }
          const expected = texts(whole.correlate(event, matches));
          expect(texts(restarted.correlate(event, matches)), `restarted, ${index}`).to.deep.equal(expected);
          expect(texts(reloaded.correlate(event, matches)), `reloaded, ${index}`).to.deep.equal(expected);
        });
        const expected = texts(whole.end());
        expect(texts(restarted.end())).to.deep.equal(expected);
        expect(texts(reloaded.end())).to.deep.equal(expected);
      }),
      { seed, numRuns: Math.ceil(40 * factor) },
    );
  });
});
