import { expect } from 'chai';
import { createSequence, EPOCHS_MAX } from '../../correlator/sequence.ts';
import type { LogRecord } from '../../platform/record.ts';

type Step = readonly [epoch: string, seq: number, previous?: readonly [string, number] | null];

function record([epoch, seq, previous]: Step): LogRecord {
  return {
    collector: 'c',
    agency: 'soc',
    epoch,
    seq,
    ...(previous === undefined
      ? {}
      : { previous: previous === null ? null : { epoch: previous[0], seq: previous[1] } }),
    accepted: 0,
    received: 0,
    input: 'i',
    line: '',
    hints: {},
  };
}

const rows: readonly { name: string; steps: readonly Step[]; verdicts: readonly unknown[] }[] = [
  {
    name: 'numbers in order',
    steps: [
      ['a', 1, null],
      ['a', 2],
      ['a', 3],
    ],
    verdicts: ['next', 'next', 'next'],
  },
  {
    name: 'a batch sent twice',
    steps: [
      ['a', 1, null],
      ['a', 2],
      ['a', 1, null],
      ['a', 2],
      ['a', 3],
    ],
    verdicts: ['next', 'next', 'duplicate', 'duplicate', 'next'],
  },
  {
    name: 'a jump',
    steps: [
      ['a', 1, null],
      ['a', 5],
    ],
    verdicts: ['next', ['gap', 'a', 2, 4]],
  },
  { name: 'a lost beginning', steps: [['a', 3]], verdicts: [['gap', 'a', 1, 2]] },
  {
    name: 'a new epoch that continues',
    steps: [
      ['a', 1, null],
      ['a', 2],
      ['b', 1, ['a', 2]],
    ],
    verdicts: ['next', 'next', 'next'],
  },
  {
    name: 'a new epoch after records that never came',
    steps: [
      ['a', 1, null],
      ['b', 1, ['a', 4]],
    ],
    verdicts: ['next', ['gap', 'a', 2, 4]],
  },
  {
    name: 'an epoch that never came at all',
    steps: [
      ['a', 1, null],
      ['c', 1, ['b', 7]],
    ],
    verdicts: ['next', ['gap', 'b', 1, 7]],
  },
  {
    name: 'a restored disk',
    steps: [
      ['a', 1, null],
      ['a', 2],
      ['a', 3],
      ['b', 1, ['a', 1]],
    ],
    verdicts: ['next', 'next', 'next', ['restored', 'a', 3, 1]],
  },
  {
    name: 'a collector known elsewhere, new to this SOC',
    steps: [
      ['b', 1, ['a', 9]],
      ['b', 2],
    ],
    verdicts: ['next', 'next'],
  },
];

function short(verdict: ReturnType<ReturnType<typeof createSequence>['judge']>): unknown {
  switch (verdict.kind) {
    case 'next':
    case 'duplicate':
      return verdict.kind;
    case 'gap':
      return ['gap', verdict.epoch, verdict.from, verdict.to];
    case 'restored':
      return ['restored', verdict.epoch, verdict.last, verdict.continued];
  }
}

describe('createSequence', () => {
  for (const { name, steps, verdicts } of rows) {
    it(`judges ${name}`, () => {
      const sequence = createSequence();
      expect(steps.map((step) => short(sequence.judge(record(step))))).to.deep.equal(verdicts);
    });

    it(`judges ${name} alike when restored at every step`, () => {
      let snapshot = createSequence().snapshot();
      const judged = steps.map((step) => {
        const sequence = createSequence(JSON.parse(JSON.stringify(snapshot)) as typeof snapshot);
        const verdict = short(sequence.judge(record(step)));
        snapshot = sequence.snapshot();
        return verdict;
      });
      expect(judged).to.deep.equal(verdicts);
    });
  }

  it(`remembers ${EPOCHS_MAX} epochs of a collector, and forgets the oldest past that`, () => {
    const sequence = createSequence();
    for (let i = 0; i <= EPOCHS_MAX; i += 1)
      sequence.judge(record([`e${i}`, 1, i === 0 ? null : [`e${i - 1}`, 1]]));
    const epochs = sequence.snapshot().collectors['c']?.map(([epoch]) => epoch);
    expect(epochs).to.have.length(EPOCHS_MAX);
    expect(epochs?.[0]).to.equal('e1');
  });
});
