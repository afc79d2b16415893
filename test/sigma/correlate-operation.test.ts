import { expect } from 'chai';
import { createCorrelator, StateRefused } from '../../sigma/index.ts';
import { atLeast, atMost, brief, r } from './correlate-brief.ts';
import { arrivalsFrom, correlationOf, rulesNamed, ruleSetOf, type Row } from './oracle/build.ts';
import type { TimedEvent } from '../../sigma/index.ts';

describe('createCorrelator, in operation', () => {
  const at = (accepted: number, time: number, given: Partial<TimedEvent> = {}): TimedEvent => ({
    id: `${accepted}-${time}`,
    time,
    accepted,
    agency: 'agency',
    collector: 'collector',
    order: accepted,
    field: () => undefined,
    ...given,
  });
  const [rule] = ruleSetOf().rules;
  const matched = rule === undefined ? [] : [{ rule }];
  const year = 365 * 86_400_000;

  it('a clock far behind holds no windows of others open', () => {
    const correlator = createCorrelator(ruleSetOf(correlationOf({ condition: atMost(5) })), {
      latenessMs: 0,
    });
    const now = 50 * year;
    correlator.correlate(at(now, 10 * year, { collector: 'wrong' }), []);
    correlator.correlate(at(now + 1, now + 1), matched);
    correlator.correlate(at(now + 5000, 10 * year + 5000, { collector: 'wrong' }), []);
    expect(correlator.correlate(at(now + 11_000, now + 11_000), []).map(brief)).to.deep.equal([
      `fired ${now + 1}-${now + 1} 1`,
    ]);
  });

  it('a match behind its agency, not behind its collector, is told apart', () => {
    const correlator = createCorrelator(ruleSetOf(correlationOf({ condition: atLeast(2) })), {
      latenessMs: 0,
    });
    const told = [
      correlator.correlate(at(1_000_000, 1_000_000, { collector: 'a' }), []),
      correlator.correlate(at(1_000_001, 10_000, { collector: 'b' }), matched),
      correlator.correlate(at(1_000_002, 1_000_001, { collector: 'a' }), matched),
      correlator.correlate(at(1_000_003, 11_000, { collector: 'b' }), matched),
      // When it falls silent again, all of it is settled.
      correlator.tick(1_061_003),
    ];
    expect(told.map((signals) => signals.map(brief))).to.deep.equal([
      [],
      [],
      [],
      ['fired 1000003-11000 2 late'],
      ['final 1000003-11000 2 =1000003-11000 late'],
    ]);
    expect(correlator.stats()).to.include({ lateCorrelated: 2, late: 0 });
  });

  it('an event from the future moves the watermark by no more than five minutes', () => {
    const correlator = createCorrelator(ruleSetOf(correlationOf({ condition: atLeast(2) })), {
      latenessMs: 0,
    });
    correlator.correlate(at(0, 40 * year), matched);
    expect(correlator.correlate(at(1, 300_000), matched)).to.deep.equal([]);
    expect(correlator.correlate(at(2, 300_001), matched).map(brief)).to.deep.equal(['fired 2-300001 2']);
    expect(correlator.stats().late).to.equal(0);
  });

  it('counts matches without a field, and those too late', () => {
    const late: string[] = [];
    const correlator = createCorrelator(ruleSetOf(correlationOf({ groupBy: ['user'] })), {
      latenessMs: 0,
      onLate: (_, event) => late.push(event.id),
    });
    const rows: readonly Row[] = [
      [0, 'r0'],
      [0, 'r0', { user: null }],
      [0, 'r0', { user: [] }],
      [9, ''],
      r(1, { user: 'a' }),
    ];
    for (const { event, matches } of arrivalsFrom(rows)) correlator.correlate(event, matches);
    expect(correlator.stats()).to.include({ missingField: 3, late: 1 });
    expect(late).to.deep.equal(['e5']);
  });

  it('a tick lets an agency of idle collectors go on', () => {
    const correlator = createCorrelator(ruleSetOf(correlationOf({ condition: atMost(5) })), {
      latenessMs: 0,
    });
    correlator.correlate(at(0, 0), matched);
    expect(correlator.tick(59_999)).to.deep.equal([]);
    expect(correlator.tick(60_000).map(brief)).to.deep.equal(['fired 0-0 1', 'final 0-0 1 =0-0']);
  });

  it('goes on after a reload where the meaning is the same, and forgets where it is not', () => {
    const before = correlationOf({ condition: atLeast(2) });
    for (const [after, told] of [
      [{ ...before, title: 'Another title' }, ['fired e2 2']],
      [{ ...before, timespanMs: 9_000 }, []],
    ] as const) {
      const correlator = createCorrelator(ruleSetOf(before), { latenessMs: 0 });
      const [first, second] = arrivalsFrom([r(0), r(1)]);
      if (first === undefined || second === undefined) throw new Error('two rows');
      correlator.correlate(first.event, first.matches);
      correlator.reload(ruleSetOf(after));
      const signals = correlator.correlate(second.event, second.matches);
      expect(signals.map(brief)).to.deep.equal(told);
      for (const { correlation } of signals) expect(correlation.title).to.equal(after.title);
    }
  });

  it('goes on after a reload that names the same rules in another order', () => {
    for (const type of ['event_count', 'temporal', 'value_count'] as const) {
      const given = { type, condition: atLeast(2, type === 'value_count' ? 'v' : undefined) };
      const correlator = createCorrelator(
        ruleSetOf(correlationOf({ ...given, refers: rulesNamed('r0', 'r1') })),
        {
          latenessMs: 0,
        },
      );
      const [first, second] = arrivalsFrom([
        [0, 'r0', { v: 1 }],
        [1, 'r1', { v: 2 }],
      ]);
      if (first === undefined || second === undefined) throw new Error('two rows');
      correlator.correlate(first.event, first.matches);
      correlator.reload(ruleSetOf(correlationOf({ ...given, refers: rulesNamed('r1', 'r0') })));
      const [signal] = correlator.correlate(second.event, second.matches);
      expect(signal?.constituents.map(({ rule: key, event }) => [key, event.id])).to.deep.equal([
        ['r0', 'e1'],
        ['r1', 'e2'],
      ]);
    }
  });

  it('writes only parts that changed', () => {
    const correlator = createCorrelator(
      ruleSetOf(correlationOf({ groupBy: ['user'], condition: atLeast(9) })),
    );
    for (const { event, matches } of arrivalsFrom(Array.from({ length: 500 }, (_, user) => r(1, { user }))))
      correlator.correlate(event, matches);
    expect(correlator.snapshot().length).to.be.greaterThan(60);
    expect(correlator.snapshot().map(({ id }) => id)).to.deep.equal(['clocks']);
    for (const { event, matches } of arrivalsFrom([r(2, { user: 7 })])) correlator.correlate(event, matches);
    expect(correlator.snapshot()).to.have.length(2);
    expect(correlator.snapshot({ all: true }).length).to.be.greaterThan(60);
  });

  it('refuses state that is damaged, cut or of another version', () => {
    const ruleSet = ruleSetOf(correlationOf({ condition: atLeast(9) }));
    const correlator = createCorrelator(ruleSet);
    for (const { event, matches } of arrivalsFrom([r(0)])) correlator.correlate(event, matches);
    const parts = correlator.snapshot();
    for (const [damage, message] of [
      [(bytes: Uint8Array) => bytes.with(bytes.length - 1, 0xee), /checksum/],
      [(bytes: Uint8Array) => bytes.slice(0, bytes.length - 1), /checksum/],
      [(bytes: Uint8Array) => bytes.with(4, 99), /version 99/],
      [() => Uint8Array.of(1, 2, 3), /not a part/],
    ] as const)
      for (const broken of parts) {
        const state = parts.map(({ id, bytes }) => ({ id, bytes: id === broken.id ? damage(bytes) : bytes }));
        expect(() => createCorrelator(ruleSet, { state })).to.throw(StateRefused, message);
      }
    expect(() => createCorrelator(ruleSet, { state: parts.filter(({ id }) => id !== 'clocks') })).to.throw(
      StateRefused,
    );
  });

  it('passes over state of correlations that are gone', () => {
    const correlator = createCorrelator(ruleSetOf(correlationOf({ condition: atMost(9) })), {
      latenessMs: 0,
    });
    for (const { event, matches } of arrivalsFrom([r(0)])) correlator.correlate(event, matches);
    const other = createCorrelator(ruleSetOf(), { latenessMs: 0, state: correlator.snapshot() });
    expect(other.stats().groups).to.equal(0);
    expect(other.end()).to.deep.equal([]);
  });

  it('a flood of keys gives up the groups with the least progress', () => {
    for (const type of ['event_count', 'temporal'] as const) {
      const given =
        type === 'temporal'
          ? { type, refers: rulesNamed('r0', 'r1', 'r2'), condition: atLeast(3) }
          : { type, condition: atLeast(3) };
      const correlator = createCorrelator(
        ruleSetOf(correlationOf({ ...given, groupBy: ['user'], timespanMs: 3_600_000 })),
        { stateBytesMax: 64 * 1024 },
      );
      const flood = Array.from({ length: 3000 }, (_, index) =>
        r(10 + index / 100, { user: `random ${index}` }),
      );
      const rows: readonly Row[] = [
        [1, 'r0', { user: 'victim' }],
        [2, 'r1 r0', { user: 'victim' }],
        ...flood.slice(0, 3000),
        [60, 'r2 r0', { user: 'victim' }],
      ];
      const signals = arrivalsFrom(rows).flatMap(({ event, matches }) =>
        correlator.correlate(event, matches),
      );
      expect(signals.map(({ kind, group }) => [kind, group[0]?.value])).to.deep.equal([['fired', 'victim']]);
      expect(correlator.stats().evicted).to.be.greaterThan(1000);
      expect(correlator.stats().bytes).to.be.at.most(64 * 1024);
    }
  });
});
