import { expect } from 'chai';
import { createCorrelator } from '../../sigma/index.ts';
import { parseCondition } from '../../sigma/language/condition.ts';
import { atLeast, atMost, brief, r } from './correlate-brief.ts';
import { arrivalsFrom, correlationOf, rulesNamed, ruleSetOf, type Row } from './oracle/build.ts';
import { signalText, StateStore } from './oracle/run.ts';
import type { Correlation, Correlator, CorrelatorOptions, RuleSet, Signal } from '../../sigma/index.ts';

const expression = (text: string): Correlation['condition'] => {
  const parsed = parseCondition(text, ['r0', 'r1', 'r2'], () => {});
  if (parsed === undefined) throw new Error(text);
  return { kind: 'expression', text, expression: parsed };
};

interface Case {
  readonly title: string;
  readonly correlations: readonly Partial<Correlation>[];
  readonly rows: readonly Row[];
  /** Signals after each row, those of `end` last; rows without any are left out. */
  readonly told: Readonly<Record<string, readonly string[]>>;
  readonly options?: CorrelatorOptions;
  readonly quiet?: readonly string[];
}

const three = { condition: atLeast(3) };
const user = { groupBy: ['user'] };

const cases: readonly Case[] = [
  {
    title: 'a monotone condition fires with the match that satisfies it, and is final behind the timespan',
    correlations: [three],
    rows: [r(0), r(1), r(2), [12, ''], [13, '']],
    told: { e3: ['fired e3 3'], e5: ['final e3 3 =e3'] },
  },
  {
    title: 'an alert is updated when its matches have doubled',
    correlations: [{ condition: atLeast(2) }],
    rows: [r(0), r(1), r(2), r(3), r(4), r(5)],
    told: { e2: ['fired e2 2'], e4: ['updated e2 4'], end: ['final e2 6 =e2'] },
  },
  {
    title: 'what comes out of order fires too, by the match that came last',
    correlations: [three],
    rows: [r(0), r(2), r(1)],
    told: { e3: ['fired e3 3'], end: ['final e3 3 =e2'] },
    options: { latenessMs: 60_000 },
  },
  {
    title: 'two alerts that turn out to be one episode: the first stays',
    correlations: [{ condition: atLeast(2) }],
    rows: [r(0), r(1), r(20), r(21), r(10.5), r(11)],
    told: {
      e2: ['fired e2 2'],
      e4: ['fired e4 2'],
      e5: ['updated e2 5'],
      end: ['final e2 6 =e2', 'duplicate e4 6 of e2'],
    },
    options: { latenessMs: 60_000 },
  },
  {
    title: 'a count that must stay small is judged when the window is complete',
    correlations: [{ condition: atMost(1) }],
    rows: [r(0), [9, ''], [10, ''], [20, ''], [21, '']],
    told: { e3: ['fired e1 1'], e5: ['final e1 1 =e1'] },
  },
  {
    title: 'absence: one rule without another',
    correlations: [
      { type: 'temporal', refers: rulesNamed('r0', 'r1'), condition: expression('r0 and not r1'), ...user },
    ],
    rows: [
      [0, 'r0', { user: 'a' }],
      [0, 'r0', { user: 'b' }],
      [5, 'r1', { user: 'b' }],
      [10, ''],
    ],
    told: { e4: ['fired e1 1'], end: ['final e1 1 =e1'] },
  },
  {
    title: 'a figure of what was seen fires when the watermark passes',
    correlations: [{ type: 'value_avg', condition: atLeast(4, 'n') }],
    rows: [r(0, { n: 3 }), r(1, { n: '7' }), [2, '']],
    told: { e3: ['fired e2 2'], end: ['final e2 2 =e2'] },
  },
  {
    title: 'a sum fires at once while nothing is negative',
    correlations: [{ type: 'value_sum', condition: atLeast(4, 'n') }],
    rows: [r(0, { n: 3 }), r(1, { n: 2 })],
    told: { e2: ['fired e2 2'], end: ['final e2 2 =e2'] },
    options: { latenessMs: 60_000 },
  },
  {
    title: 'a negative number that comes late can leave nothing of it',
    correlations: [{ type: 'value_sum', condition: atLeast(4, 'n') }],
    rows: [r(0, { n: 3 }), r(2, { n: 2 }), r(1, { n: -5 })],
    told: { e2: ['fired e2 2'], end: ['final e2 2'] },
    options: { latenessMs: 60_000 },
  },
  {
    title: 'groups are folded and apart',
    correlations: [{ condition: atLeast(2), ...user }],
    rows: [r(0, { user: 'ADMIN' }), r(1, { user: 'other' }), r(2, { user: 'admin' })],
    told: { e3: ['fired e3 2'], end: ['final e3 2 =e3'] },
  },
  {
    title: 'agencies are groups, unless a correlation spans the city, which tells only what is final',
    correlations: [
      { condition: atLeast(2) },
      { key: 'd', condition: atLeast(2), scope: 'city', timespanMs: 9_000 },
    ],
    rows: [r(0, { agency: 'a' }), r(1, { agency: 'b' })],
    told: { end: ['d: fired e2 2 city', 'd: final e2 2 =e2 city'] },
  },
  {
    title: 'of one time, order and then the id decide',
    correlations: [{ type: 'temporal_ordered', refers: rulesNamed('r0', 'r1'), condition: atLeast(2) }],
    rows: [
      [0, 'r1'],
      [0, 'r0'],
      [20, 'r0'],
      [20, 'r1'],
    ],
    told: { e4: ['fired e4 2'], end: ['final e4 2 =e4'] },
  },
  {
    title: 'a match behind both is told once if it completes a window of what is held',
    correlations: [three],
    rows: [r(100), r(101), [105, ''], r(100.5), r(100.6)],
    told: { e4: ['fired e4 3 late bound'] },
  },
  {
    title: 'a silent collector holds nothing open',
    correlations: [{ condition: atMost(5) }],
    rows: [
      [0, '', { collector: 'a' }],
      r(1, { collector: 'b' }),
      [40, '', { collector: 'b' }],
      [62, '', { collector: 'b' }],
    ],
    told: { e4: ['fired e2 1', 'final e2 1 =e2'] },
  },
  {
    title: 'an inner episode is one match of the outer correlation, and both end',
    correlations: [
      { key: 'c', condition: atLeast(2), ...user },
      { key: 'd', refers: rulesNamed('c'), condition: atLeast(2), timespanMs: 60_000 },
      { key: 'e', refers: rulesNamed('d'), condition: atLeast(1), timespanMs: 60_000 },
    ],
    rows: [
      r(0, { user: 'a' }),
      r(1, { user: 'a' }),
      r(1, { user: 'a' }),
      r(2, { user: 'b' }),
      r(3, { user: 'b' }),
      [4, ''],
    ],
    told: {
      e2: ['fired e2 2'],
      e5: ['fired e5 2'],
      e6: ['d: fired e5 2', 'e: fired e5 1'],
      end: ['final e2 3 =e2', 'final e5 2 =e5', 'd: final e5 2 =e5', 'e: final e5 1 =e5'],
    },
  },
  {
    title: 'a quiet correlation feeds others and tells nothing',
    correlations: [
      { key: 'c', condition: atLeast(2) },
      { key: 'd', refers: rulesNamed('c'), condition: atLeast(1) },
    ],
    rows: [r(0), r(1), [2, '']],
    told: { e3: ['d: fired e2 1'], end: ['d: final e2 1 =e2'] },
    quiet: ['c'],
  },
];

function correlatorOf(
  { correlations, quiet = [], options }: Case,
  state?: CorrelatorOptions['state'],
): Correlator {
  const ruleSet: RuleSet = { ...ruleSetOf(...correlations.map(correlationOf)), quiet: new Set(quiet) };
  return createCorrelator(ruleSet, { latenessMs: 0, ...options, ...(state === undefined ? {} : { state }) });
}

describe('createCorrelator', () => {
  for (const each of cases) {
    it(each.title, () => {
      const correlator = correlatorOf(each);
      const told: Record<string, readonly string[]> = {};
      const note = (name: string, signals: readonly Signal[]): void => {
        if (signals.length > 0) told[name] = signals.map(brief);
      };
      for (const { event, matches } of arrivalsFrom(each.rows))
        note(event.id, correlator.correlate(event, matches));
      note('end', correlator.end());
      expect(told).to.deep.equal(each.told);
    });

    it(`${each.title}: also when state is put away and taken up after every event`, () => {
      const whole = correlatorOf(each);
      let part = correlatorOf(each);
      const store = new StateStore();
      const arrivals = arrivalsFrom(each.rows);
      for (const { event, matches } of arrivals) {
        expect(part.correlate(event, matches).map(signalText)).to.deep.equal(
          whole.correlate(event, matches).map(signalText),
        );
        store.write(part.snapshot());
        part = correlatorOf(each, store.read());
        expect(part.stats()).to.deep.equal(whole.stats());
      }
      expect(part.end().map(signalText)).to.deep.equal(whole.end().map(signalText));
    });
  }
});
