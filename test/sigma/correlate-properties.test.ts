import { expect } from 'chai';
import fc from 'fast-check';
import { createCorrelator } from '../../sigma/correlate/correlator.ts';
import { ruleSets } from './oracle/correlation-arbitrary.ts';
import { countedMatches, finalsOf, matchesOf, type Arrival, type PunctualityOf } from './oracle/oracle.ts';
import { punctualityOf, type Step, type WatermarkOptions } from './oracle/punctuality.ts';
import { checkProtocol } from './oracle/protocol.ts';
import { finalsIn, signalsOf, signalText, sortedTexts, StateStore } from './oracle/run.ts';
import { arrivalsOf, streams, type Stream } from './oracle/stream-arbitrary.ts';
import type { Correlator, Signal } from '../../sigma/correlate/contract.ts';
import type { RuleSet } from '../../sigma/language/rule.ts';

/** How many times as many runs as by default: `CANH_PROPERTY_RUNS=100` is a soak of some minutes. */
const factor = Number(process.env['CANH_PROPERTY_RUNS'] ?? 1);
const seed = Number(process.env['CANH_PROPERTY_SEED'] ?? Date.now() % 2 ** 31);

function check<T extends [unknown, ...unknown[]]>(runs: number, property: fc.IPropertyWithHooks<T>): void {
  fc.assert(property, { seed, numRuns: Math.ceil(runs * factor), verbose: 0 });
}

function optionsOf({ latenessMs, idleMs }: Stream): WatermarkOptions {
  return { latenessMs, idleMs };
}

/** Ticks of the clock as it stood, which move nothing that the events did not. */
function withTicks(arrivals: readonly Arrival[]): readonly Step[] {
  return arrivals.flatMap((arrival) => [{ event: arrival.event }, { tick: arrival.event.accepted }]);
}

/** One call of a correlator. */
type Call =
  | { readonly kind: 'event'; readonly arrival: Arrival }
  | { readonly kind: 'tick'; readonly accepted: number }
  | { readonly kind: 'end' };

function callsOf(arrivals: readonly Arrival[], ticks: readonly number[]): readonly Call[] {
  const calls = arrivals.flatMap((arrival, index): readonly Call[] => {
    const tick = ticks[index % ticks.length];
    return tick === undefined || index % 3 !== 0
      ? [{ kind: 'event', arrival }]
      : [
          { kind: 'event', arrival },
          { kind: 'tick', accepted: arrival.event.accepted + tick },
        ];
  });
  return [...calls, { kind: 'end' }];
}

function call(correlator: Correlator, each: Call): readonly Signal[] {
  switch (each.kind) {
    case 'event':
      return correlator.correlate(each.arrival.event, each.arrival.matches);
    case 'tick':
      return correlator.tick(each.accepted);
    case 'end':
      return correlator.end();
  }
}

function textsOfCall(correlator: Correlator, each: Call): readonly string[] {
  return call(correlator, each).map(signalText);
}

/** Milliseconds by which a tick is ahead of the event before it. */
const ticks = fc.array(fc.constantFrom(0, 500, 1000, 5000, 40_000, 400_000), { minLength: 1, maxLength: 5 });

describe('createCorrelator, in property', function () {
  this.timeout(60_000 * Math.max(1, factor));

  before(() => {
    process.stdout.write(
      `    seed ${seed} (CANH_PROPERTY_SEED=${seed} repeats, CANH_PROPERTY_RUNS multiplies)\n`,
    );
  });

  it('gives the finals of the brute-force oracle for input in order', () => {
    check(
      250,
      fc.property(ruleSets(), streams(), (ruleSet, stream) => {
        const arrivals = arrivalsOf(stream, 'in order');
        expect(sortedTexts(finalsIn(signalsOf(ruleSet, arrivals, optionsOf(stream))))).to.deep.equal(
          sortedTexts(finalsOf(ruleSet, arrivals)),
        );
      }),
    );
  });

  it('gives the same finals for every order of arrival within the lateness', () => {
    check(
      250,
      fc.property(ruleSets(), streams(), (ruleSet, stream) => {
        const expected = sortedTexts(finalsOf(ruleSet, arrivalsOf(stream, 'in order')));
        for (const arrangement of ['displaced', 'displaced otherwise'] as const) {
          const arrivals = arrivalsOf(stream, arrangement);
          const signals = signalsOf(ruleSet, arrivals, optionsOf(stream));
          expect(sortedTexts(finalsIn(signals)), arrangement).to.deep.equal(expected);
        }
      }),
    );
  });

  it('gives the same finals when agencies, correlations or groups are shared among correlators', () => {
    check(
      80,
      fc.property(ruleSets({ city: false }), streams({ agencies: 3 }), (ruleSet, stream) => {
        const arrivals = arrivalsOf(stream, 'displaced');
        const options = optionsOf(stream);
        const whole = sortedTexts(finalsIn(signalsOf(ruleSet, arrivals, options)));
        const agencies = [...new Set(arrivals.map(({ event }) => event.agency))];
        const byAgency = agencies.flatMap((agency) =>
          signalsOf(
            ruleSet,
            arrivals.filter(({ event }) => event.agency === agency),
            options,
          ),
        );
        expect(sortedTexts(finalsIn(byAgency)), 'by agency').to.deep.equal(whole);
        const byCorrelation = ruleSet.correlations.flatMap(({ key }) =>
          signalsOf(withWhatItNeeds(ruleSet, key), arrivals, options).filter(
            ({ correlation }) => correlation.key === key,
          ),
        );
        expect(sortedTexts(finalsIn(byCorrelation)), 'by correlation').to.deep.equal(whole);
        // An inner episode may belong to a group of another name, so correlations of these need a whole agency.
        const chained = ruleSet.correlations.some(({ refers }) =>
          refers.some(({ kind }) => kind === 'correlation'),
        );
        const byGroup = [0, 1].flatMap((part) =>
          signalsOf(ruleSet, arrivals, {
            ...options,
            owns: (groupKey, agency) => partOf(chained ? agency : groupKey) === part,
          }),
        );
        expect(sortedTexts(finalsIn(byGroup)), 'by group').to.deep.equal(whole);
      }),
    );
  });

  it('goes on after a restart at any point with the same signals, byte for byte', () => {
    check(
      25,
      fc.property(ruleSets(), streams({ eventsMax: 25 }), ticks, (ruleSet, stream, ahead) => {
        // In any order: what comes too late must be lost in the same way too.
        const calls = callsOf(arrivalsOf({ ...stream, latenessMs: 30_000 }, 'displaced'), ahead);
        const options = optionsOf(stream);
        const whole = createCorrelator(ruleSet, options);
        const expected = calls.map((each) => textsOfCall(whole, each));
        const store = new StateStore();
        const first = createCorrelator(ruleSet, options);
        calls.forEach((each, offset) => {
          store.write(first.snapshot());
          const restored = createCorrelator(ruleSet, { ...options, state: store.read() });
          expect(textsOfRest(restored, calls, offset), `changed parts, from ${offset}`).to.deep.equal(
            expected.slice(offset),
          );
          const all = createCorrelator(ruleSet, { ...options, state: first.snapshot({ all: true }) });
          expect(textsOfRest(all, calls, offset), `all parts, from ${offset}`).to.deep.equal(
            expected.slice(offset),
          );
          call(first, each);
        });
      }),
    );
  });

  it('goes on with the same signals however often it is restarted', () => {
    check(
      60,
      fc.property(ruleSets(), streams(), ticks, fc.nat(3), (ruleSet, stream, ahead, every) => {
        const displaced = arrivalsOf({ ...stream, latenessMs: 30_000 }, 'displaced');
        const calls = callsOf(every % 2 === 0 ? withWrongClocks(displaced) : displaced, ahead);
        const options = optionsOf(stream);
        const whole = createCorrelator(ruleSet, options);
        const expected = calls.map((each) => textsOfCall(whole, each));
        const store = new StateStore();
        let correlator = createCorrelator(ruleSet, options);
        const actual = calls.map((each, index) => {
          if (index % (every + 1) === 0) {
            store.write(correlator.snapshot());
            correlator = createCorrelator(ruleSet, { ...options, state: store.read() });
          }
          return textsOfCall(correlator, each);
        });
        expect(actual).to.deep.equal(expected);
      }),
    );
  });

  it('gives the same signals for the same calls', () => {
    check(
      40,
      fc.property(ruleSets(), streams(), ticks, (ruleSet, stream, ahead) => {
        const calls = callsOf(arrivalsOf(stream, 'displaced'), ahead);
        const [one, other] = [0, 1].map(() => {
          const correlator = createCorrelator(ruleSet, optionsOf(stream));
          return calls.map((each) => textsOfCall(correlator, each));
        });
        expect(one).to.deep.equal(other);
      }),
    );
  });

  it('brings every alert that fired to one end, and numbers its signals', () => {
    check(
      150,
      fc.property(ruleSets(), streams(), (ruleSet, stream) => {
        checkProtocol(signalsOf(ruleSet, arrivalsOf(stream, 'displaced'), optionsOf(stream)));
      }),
    );
  });

  it('brings every alert to one end whatever comes too late', () => {
    check(
      100,
      fc.property(ruleSets(), streams(), ticks, (ruleSet, stream, ahead) => {
        const calls = callsOf(arrivalsOf({ ...stream, latenessMs: Infinity }, 'displaced'), ahead);
        const correlator = createCorrelator(ruleSet, optionsOf(stream));
        checkProtocol(calls.flatMap((each) => call(correlator, each)));
      }),
    );
  });

  it('does not notice a reload that edits only texts for people', () => {
    check(
      60,
      fc.property(ruleSets(), streams(), ticks, (ruleSet, stream, ahead) => {
        const calls = callsOf(arrivalsOf(stream, 'displaced'), ahead);
        const whole = createCorrelator(ruleSet, optionsOf(stream));
        const edited = createCorrelator(ruleSet, optionsOf(stream));
        calls.forEach((each, index) => {
          if (index % 4 === 1) edited.reload(withOtherTexts(ruleSet, index));
          expect(textsOfCall(edited, each)).to.deep.equal(textsOfCall(whole, each));
        });
      }),
    );
  });

  it('does not notice in one correlation that others come and go', () => {
    check(
      60,
      fc.property(ruleSets({ chaining: false }), streams(), (ruleSet, stream) => {
        const [kept] = ruleSet.correlations;
        const alone = { ...ruleSet, correlations: ruleSet.correlations.slice(0, 1) };
        const calls = callsOf(arrivalsOf(stream, 'displaced'), [0]);
        const whole = createCorrelator(alone, optionsOf(stream));
        const changing = createCorrelator(ruleSet, optionsOf(stream));
        calls.forEach((each, index) => {
          if (index % 4 === 1) changing.reload(index % 8 === 1 ? alone : ruleSet);
          const signals = call(changing, each).filter(({ correlation }) => correlation.key === kept?.key);
          expect(signals.map(signalText)).to.deep.equal(textsOfCall(whole, each));
        });
      }),
    );
  });

  it('counts what comes late, and tells it apart by collector', () => {
    check(
      150,
      fc.property(
        ruleSets(),
        streams({ latenesses: [0, 1000, 5000], clocks: ['follows'] }),
        fc.boolean(),
        (ruleSet, stream, wrong) => {
          const displaced = arrivalsOf({ ...stream, latenessMs: 20_000 }, 'displaced');
          const arrivals = wrong ? withWrongClocks(displaced) : displaced;
          const punctuality = punctualityOf(withTicks(arrivals), optionsOf(stream));
          const told: string[] = [];
          const correlator = createCorrelator(ruleSet, {
            ...optionsOf(stream),
            onLate: ({ key }, { id }) => told.push(`${key} ${id}`),
          });
          const signals = callsOf(arrivals, [0]).flatMap((each) => call(correlator, each));
          const expected = tally(ruleSet, arrivals, punctuality);
          const { late, lateCorrelated, missingField } = correlator.stats();
          expect([...new Set(told)].toSorted()).to.deep.equal(expected.told);
          expect({ late, lateCorrelated }).to.deep.equal({
            late: expected.late,
            lateCorrelated: expected.lateCorrelated,
          });
          expect(missingField).to.equal(expected.missingField);
          if (expected.late === 0)
            expect(sortedTexts(finalsIn(signals))).to.deep.equal(
              sortedTexts(finalsOf(ruleSet, arrivals, punctuality)),
            );
        },
      ),
    );
  });
});

/** One of two halves of all texts. */
function partOf(text: string): number {
  return Buffer.from(text).reduce((sum, byte) => sum + byte, 0) % 2;
}

/** Two clocks that are wrong by days, and now and then a time far ahead; the trusted clock stays. */
function withWrongClocks(arrivals: readonly Arrival[]): readonly Arrival[] {
  const day = 86_400_000;
  return arrivals.map(({ event, matches }, index) => {
    const behind = event.collector === 'agency-1-b' ? 2 * day : 0;
    const ahead = event.collector === 'agency-0-b' && index % 7 === 0 ? 400 * day : 0;
    return { event: { ...event, time: event.time - behind + ahead }, matches };
  });
}

function textsOfRest(
  correlator: Correlator,
  calls: readonly Call[],
  offset: number,
): readonly (readonly string[])[] {
  return calls.slice(offset).map((each) => textsOfCall(correlator, each));
}

/** A correlation with those that it refers to, and no others. */
function withWhatItNeeds({ correlations, ...rest }: RuleSet, wanted: string): RuleSet {
  const needed = new Set([wanted]);
  for (const { key, refers } of correlations.toReversed())
    if (needed.has(key)) for (const reference of refers) needed.add(reference.key);
  return { ...rest, correlations: correlations.filter(({ key }) => needed.has(key)) };
}

function withOtherTexts({ rules, correlations, quiet }: RuleSet, edit: number): RuleSet {
  return {
    rules: rules.map((rule) => ({ ...rule, title: `${rule.title} ${edit}`, level: 'high' })),
    correlations: correlations.map((correlation) => ({
      ...correlation,
      title: `Edited ${edit}`,
      description: `The ${edit}th text.`,
      level: 'low',
      tags: ['attack.t1110'],
    })),
    quiet,
  };
}

/** What a correlator must have counted of matches, those of inner correlations left out. */
function tally(
  { correlations }: RuleSet,
  arrivals: readonly Arrival[],
  punctuality: PunctualityOf,
): {
  readonly told: readonly string[];
  readonly late: number;
  readonly lateCorrelated: number;
  readonly missingField: number;
} {
  const told: string[] = [];
  let late = 0;
  let lateCorrelated = 0;
  let missingField = 0;
  for (const correlation of correlations)
    for (const arrival of arrivals) {
      const counted = countedMatches(correlation, arrival);
      missingField += matchesOf(correlation, arrival).length - counted;
      const came = punctuality(arrival.event, correlation.scope);
      if (counted === 0 || came === 'in time') continue;
      if (came !== 'too late') lateCorrelated += counted;
      else {
        late += counted;
        told.push(`${correlation.key} ${arrival.event.id}`);
      }
    }
  return { told: told.toSorted(), late, lateCorrelated, missingField };
}
