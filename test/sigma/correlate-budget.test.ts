import { expect } from 'chai';
import fc from 'fast-check';
import { createCorrelator } from '../../sigma/correlate/correlator.ts';
import { arrivalsFrom, correlationOf, rulesNamed, ruleSetOf, type Row } from './oracle/build.ts';
import { drawing } from './oracle/drawing.ts';
import { finalsOf } from './oracle/oracle.ts';
import { checkProtocol } from './oracle/protocol.ts';
import { finalsIn, sortedTexts } from './oracle/run.ts';
import type { Signal } from '../../sigma/correlate/contract.ts';
import type { Correlation } from '../../sigma/language/rule.ts';

const factor = Number(process.env['CANH_PROPERTY_RUNS'] ?? 1);
const seed = Number(process.env['CANH_PROPERTY_SEED'] ?? Date.now() % 2 ** 31);

/** By how much the state may be above its budget between two events: what one event can add. */
const slackBytes = 16 * 1024;
const budgetBytes = 128 * 1024;

const groupBy = ['user'];
const timespanMs = 60_000;
const counted = (value: number, field?: string): Correlation['condition'] => ({
  kind: 'predicates',
  predicates: [{ operator: 'gte', value }],
  fields: field === undefined ? [] : [field],
});

const kinds: Readonly<Record<string, Partial<Correlation>>> = {
  event_count: { groupBy, timespanMs, condition: counted(3) },
  'event_count at most': {
    groupBy,
    timespanMs,
    condition: { kind: 'predicates', predicates: [{ operator: 'lte', value: 1 }], fields: [] },
  },
  value_count: { type: 'value_count', groupBy, timespanMs, condition: counted(3, 'v') },
  value_sum: { type: 'value_sum', groupBy, timespanMs, condition: counted(5, 'n') },
  value_avg: { type: 'value_avg', groupBy, timespanMs, condition: counted(3, 'n') },
  value_median: { type: 'value_median', groupBy, timespanMs, condition: counted(3, 'n') },
  temporal: { type: 'temporal', refers: rulesNamed('r0', 'r1'), groupBy, timespanMs, condition: counted(2) },
  temporal_ordered: {
    type: 'temporal_ordered',
    refers: rulesNamed('r0', 'r1'),
    groupBy,
    timespanMs,
    condition: { kind: 'predicates', predicates: [], fields: [] },
  },
};

/** Events of many users, or nearly all of one. */
const rows = fc.tuple(fc.constantFrom(3, 800), fc.nat(2_000_000_000)).map(([users, salt]): readonly Row[] => {
  const draw = drawing(salt);
  return Array.from({ length: 1200 }, (_, index): Row => {
    const user = `user ${'x'.repeat(64)} ${draw(users)}`;
    return [index / 20, draw(3) === 0 ? 'r1' : 'r0', { user, v: `value ${draw(701)}`, n: draw(7) }];
  });
});

describe('createCorrelator, with too little room', function () {
  this.timeout(60_000 * Math.max(1, factor));

  for (const [title, correlation] of Object.entries(kinds))
    it(`${title}: stays within its budget, and says of what it signals if there may be more`, () => {
      fc.assert(
        fc.property(rows, fc.constantFrom(0, 10_000, Infinity), (drawn, latenessMs) => {
          const ruleSet = ruleSetOf(correlationOf(correlation));
          const arrivals = arrivalsFrom(drawn);
          const correlator = createCorrelator(ruleSet, { latenessMs, stateBytesMax: budgetBytes });
          const signals: Signal[] = [];
          for (const { event, matches } of arrivals) {
            signals.push(...correlator.correlate(event, matches));
            expect(correlator.stats().bytes).to.be.at.most(budgetBytes + slackBytes);
          }
          signals.push(...correlator.end());
          checkProtocol(signals);
          const certain = finalsIn(signals.filter(({ lowerBound }) => !lowerBound));
          const truth = sortedTexts(finalsOf(ruleSet, arrivals));
          expect(truth).to.include.members([...sortedTexts(certain)]);
          if (correlator.stats().evicted === 0 && signals.every(({ lowerBound }) => !lowerBound))
            expect(sortedTexts(certain)).to.deep.equal(truth);
        }),
        { seed, numRuns: Math.ceil(2 * factor) },
      );
    });

  it('gives nothing up while there is room', () => {
    const ruleSet = ruleSetOf(correlationOf({ groupBy, timespanMs, condition: counted(3) }));
    const correlator = createCorrelator(ruleSet, { latenessMs: 0, stateBytesMax: 64 * 1024 * 1024 });
    const many: readonly Row[] = Array.from({ length: 2000 }, (_, index) => [
      index / 100,
      'r0',
      { user: index },
    ]);
    for (const { event, matches } of arrivalsFrom(many)) correlator.correlate(event, matches);
    expect(correlator.stats()).to.include({ evicted: 0, groups: 2000 });
  });
});
