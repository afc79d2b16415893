import { expect } from 'chai';
import fc from 'fast-check';
import { createCorrelator } from '../../sigma/index.ts';
import { correlationOf, ruleSetOf } from './oracle/build.ts';
import { signalText, StateStore } from './oracle/run.ts';
import type { Correlation, CorrelatorOptions, TimedEvent } from '../../sigma/index.ts';

const [rule] = ruleSetOf().rules;
const matched = rule === undefined ? [] : [{ rule }];

const ids = [
  (index: number) => index.toString(32).padStart(26, '0'),
  (index: number) => index.toString(16).padStart(24, 'a'),
  (index: number) => `id ${index}`,
  (index: number) => `Ω${index}-${'x'.repeat(40)}`,
] as const;

/** A stream of a few thousand events of some users, by a small generator of a fixed sequence. */
function streamOf(seed: number, users: number, jitterMs: number): readonly TimedEvent[] {
  let state = (seed % 2_147_483_646) + 1;
  const draw = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
  const names = ['user', 'Üser', 'USER', 'a\u0000b', '\ud800'];
  return Array.from({ length: 2500 }, (_, index) => {
    const arrived = 1_000_000 + index * 250 + (index > 1500 ? 100_000 : 0);
    const fields: Readonly<Record<string, unknown>> = {
      user: `${names[draw(names.length)] ?? ''}${draw(users)}`,
      v: draw(8) === 0 ? draw(40) : `Value ${draw(40)}`,
    };
    return {
      id: ids[draw(ids.length)]?.(index) ?? '',
      time: arrived - draw(jitterMs + 1) + (draw(200) === 0 ? 10_000_000 : 0),
      accepted: arrived,
      agency: `agency ${draw(3) >> 1}`,
      collector: 'collector',
      order: index,
      field: (name) => fields[name],
    };
  });
}

function signalsOf(
  correlation: Correlation,
  stream: readonly TimedEvent[],
  options: CorrelatorOptions,
  restarts = 0,
): readonly string[] {
  const store = new StateStore();
  let correlator = createCorrelator(ruleSetOf(correlation), options);
  const signals = stream.flatMap((event, index) => {
    if (restarts > 0 && index % Math.ceil(stream.length / restarts) === 7) {
      store.write(correlator.snapshot());
      correlator = createCorrelator(ruleSetOf(correlation), { ...options, state: store.read() });
    }
    return correlator.correlate(event, matched).map(signalText);
  });
  return [...signals, ...correlator.end().map(signalText)];
}

describe('createCorrelator, compact groups', function () {
  this.timeout(60_000);

  for (const type of ['event_count', 'value_count'] as const)
    it(`${type}: gives the same signals as full groups, restarted or not`, () => {
      fc.assert(
        fc.property(
          fc.nat(),
          fc.constantFrom(2, 12, 150),
          fc.constantFrom(0, 900, 9_000),
          fc.constantFrom(1, 2, 5, 9, 30),
          fc.constantFrom(2_000, 60_000, 250_000),
          (seed, users, jitterMs, least, timespanMs) => {
            const correlation = correlationOf({
              type,
              groupBy: ['user'],
              timespanMs,
              condition: {
                kind: 'predicates',
                predicates: [{ operator: 'gte', value: least }],
                fields: type === 'value_count' ? ['v'] : [],
              },
            });
            const stream = streamOf(seed, users, jitterMs);
            // Who shares groups with others keeps all of them full.
            const full = signalsOf(correlation, stream, { latenessMs: 8_000, owns: () => true });
            expect(signalsOf(correlation, stream, { latenessMs: 8_000 })).to.deep.equal(full);
            expect(signalsOf(correlation, stream, { latenessMs: 8_000 }, 6)).to.deep.equal(full);
          },
        ),
        { numRuns: 12 },
      );
    });

  it('with too little room goes on after a restart as if nothing had happened', () => {
    const correlation = correlationOf({
      groupBy: ['user'],
      timespanMs: 600_000,
      condition: { kind: 'predicates', predicates: [{ operator: 'gte', value: 12 }], fields: [] },
    });
    for (const seed of [1, 2, 3]) {
      const stream = streamOf(seed, 300, 900);
      const options = { latenessMs: 8_000, stateBytesMax: 60_000 };
      expect(signalsOf(correlation, stream, options, 9)).to.deep.equal(
        signalsOf(correlation, stream, options),
      );
    }
  });
});
