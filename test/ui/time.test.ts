import { expect } from 'chai';
import fc from 'fast-check';
import { formatCount, formatDateTime, relative } from '../../ui/src/time/format.ts';
import {
  absoluteRange,
  isBound,
  parseBound,
  resolveBound,
  shiftRange,
  splitPasted,
  zoomOut,
} from '../../ui/src/time/range.ts';
import { isZone, offsetLabel, timeOfWall, wallTime } from '../../ui/src/time/zone.ts';

const hanoi = 'Asia/Ho_Chi_Minh';
const now = Date.parse('2026-11-23T10:00:00Z');

describe('parseBound', () => {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['', ''],
    ['now', 'now'],
    ['now-24h', 'now-24h'],
    [' 3h ', 'now-3h'],
    ['23/11/2026 14:05', '2026-11-23T07:05:00.000Z'],
    ['23/11/2026 14:05:09', '2026-11-23T07:05:09.000Z'],
    ['3/1/2026', '2026-01-02T17:00:00.000Z'],
    ['2026-11-23 14:05', '2026-11-23T07:05:00.000Z'],
    ['2026-11-23T14:05:00+07:00', '2026-11-23T07:05:00.000Z'],
    ['2026-11-23T07:05:00Z', '2026-11-23T07:05:00.000Z'],
    ['1795417500', '2026-11-23T07:05:00.000Z'],
    ['1795417500000', '2026-11-23T07:05:00.000Z'],
    ['31/02/2026', undefined],
    ['23/11/2026 25:00', undefined],
    ['23/11/2026 14:60', undefined],
    ['yesterday', undefined],
    ['now-24y', undefined],
    ['1'.repeat(65), undefined],
  ];
  for (const [typed, expected] of rows) {
    it(`reads "${typed.slice(0, 30)}" as ${expected ?? 'nothing'}`, () =>
      expect(parseBound(typed, hanoi)).to.equal(expected));
  }
});

describe('resolveBound', () => {
  it('counts back from now', () => expect(resolveBound('now-15m', now)).to.equal(now - 900_000));
  it('takes ISO times', () => expect(resolveBound('2026-11-23T10:00:00Z', 0)).to.equal(now));
  it('refuses what is neither', () => expect(isBound('now-1y')).to.equal(false));
  it('takes no bound', () => expect(isBound('')).to.equal(true));
});

describe('shiftRange', () => {
  it('moves by half the width', () => {
    expect(shiftRange({ from: 'now-2h', to: '' }, -1, now)).to.deep.equal({
      from: '2026-11-23T07:00:00.000Z',
      to: '2026-11-23T09:00:00.000Z',
    });
  });
  it('leaves a range without a start alone', () => {
    expect(shiftRange({ from: '', to: '' }, 1, now)).to.deep.equal({ from: '', to: '' });
  });
});

describe('zoomOut', () => {
  it('doubles the width but never looks ahead of now', () => {
    expect(zoomOut({ from: 'now-2h', to: '' }, now)).to.deep.equal({
      from: '2026-11-23T07:00:00.000Z',
      to: '2026-11-23T10:00:00.000Z',
    });
  });
});

describe('absoluteRange', () => {
  it('fixes a relative range', () => {
    expect(absoluteRange({ from: 'now-1h', to: '' }, now).from).to.equal('2026-11-23T09:00:00.000Z');
  });
});

describe('splitPasted', () => {
  it('parts two times', () => {
    expect(splitPasted('23/11/2026 14:05 – 23/11/2026 15:00')).to.deep.equal([
      '23/11/2026 14:05',
      '23/11/2026 15:00',
    ]);
  });
  it('leaves one time alone', () => expect(splitPasted('2026-11-23 14:05')).to.equal(undefined));
});

describe('formatDateTime', () => {
  it('writes the day first in Vietnamese', () =>
    expect(formatDateTime(now, hanoi, 'vi')).to.equal('23/11/2026 17:00:00'));
  it('writes the year first in English', () =>
    expect(formatDateTime(now, 'UTC', 'en')).to.equal('2026-11-23 10:00:00'));
  it('writes midnight as 00', () => {
    expect(formatDateTime(Date.parse('2026-11-23T00:00:00Z'), 'UTC', 'en')).to.equal('2026-11-23 00:00:00');
  });
  it('reads back what it writes, in any zone', () => {
    const zone = fc.constantFrom(hanoi, 'UTC', 'America/St_Johns', 'Asia/Kathmandu');
    const seconds = fc.integer({ min: 0, max: 4_000_000_000 });
    fc.assert(
      fc.property(zone, seconds, (name, second) => {
        const wall = wallTime(second * 1000, name);
        const back = timeOfWall(wall, name);
        // An hour that a clock change repeats has two moments; either reads the same on the wall.
        expect(back === undefined ? undefined : wallTime(back, name)).to.deep.equal(wall);
      }),
    );
  });
});

describe('formatCount', () => {
  it('groups by dots in Vietnamese', () => expect(formatCount(1_234_567, 'vi')).to.equal('1.234.567'));
  it('groups by commas in English', () => expect(formatCount(1_234_567, 'en')).to.equal('1,234,567'));
});

describe('relative', () => {
  const rows = [
    [59_999, 'now', 0],
    [60_000, 'minute', 1],
    [3_600_000, 'hour', 1],
    [86_400_000 * 2, 'day', 2],
    [-5000, 'now', 0],
  ] as const;
  for (const [age, unit, count] of rows) {
    it(`${age} ms ago is ${count} ${unit}`, () =>
      expect(relative(now - age, now)).to.deep.equal({ unit, count }));
  }
});

describe('offsetLabel', () => {
  it('says whole hours', () => expect(offsetLabel(now, hanoi)).to.equal('UTC+7'));
  it('says minutes too', () => expect(offsetLabel(now, 'America/St_Johns')).to.equal('UTC−3:30'));
  it('says UTC', () => expect(offsetLabel(now, 'UTC')).to.equal('UTC'));
});

describe('isZone', () => {
  it('refuses a zone that does not exist', () => expect(isZone('Asia/Atlantis')).to.equal(false));
});
