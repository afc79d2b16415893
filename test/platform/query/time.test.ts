import { expect } from 'chai';
import { parseTime } from '../../../platform/query/time.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const HOUR = 3_600_000;

describe('parseTime', () => {
  const rows: readonly (readonly [string, number])[] = [
    ['now', NOW],
    [' now ', NOW],
    ['30s', NOW - 30_000],
    ['5m', NOW - 300_000],
    ['24h', NOW - 24 * HOUR],
    ['now-24h', NOW - 24 * HOUR],
    ['7d', NOW - 7 * 24 * HOUR],
    ['now-2w', NOW - 14 * 24 * HOUR],
    ['0s', NOW],
    ['999999w', NOW - 999_999 * 7 * 24 * HOUR],
    ['2026-11-23', NOW - 12 * HOUR],
    ['2026-11', Date.UTC(2026, 10, 1)],
    ['2026-11-23T10:00:00Z', NOW - 2 * HOUR],
    ['2026-11-23T10:00:00.250Z', NOW - 2 * HOUR + 250],
    ['2026-11-23T17:00:00+07:00', NOW - 2 * HOUR],
  ];
  for (const [text, time] of rows) {
    it(`reads ${JSON.stringify(text)}`, () => {
      expect(parseTime(text, NOW)).to.equal(time);
    });
  }

  const mistakes = [
    '',
    'yesterday',
    '24',
    '24y',
    '1000000h',
    '-1h',
    'now+1h',
    'now - 1h',
    '1.5h',
    '2026',
    '2026-13-01',
    '2026-11-23T25:00',
    '2026-11-23Tx',
    '1763899200000',
  ];
  for (const text of mistakes) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(() => parseTime(text, NOW))
        .to.throw()
        .that.includes({ code: 'query_syntax' });
    });
  }

  it('quotes no more than the beginning of a long text', () => {
    expect(() => parseTime('x'.repeat(100_000), NOW)).to.throw(/^.{1,200}$/);
  });
});
