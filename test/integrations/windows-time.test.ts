import { expect } from 'chai';
import { eventTime, parseStamp } from '../../integrations/windows/time.ts';

const NOON = Date.UTC(2026, 10, 23, 12, 0, 0);
const ZONE = 'Asia/Ho_Chi_Minh';

describe('parseStamp', () => {
  const rows: readonly (readonly [value: unknown, time: number | undefined, zoned?: boolean])[] = [
    ['2026-11-23T12:00:00Z', NOON, true],
    ['2026-11-23T12:00:00.9443547Z', NOON + 944, true],
    ['2026-11-23T12:00:00.5Z', NOON + 500, true],
    ['2026-11-23T12:00:00.123456789Z', NOON + 123, true],
    ['2026-11-23T19:00:00+07:00', NOON, true],
    ['2026-11-23 19:00:00.000 +0700', NOON, true],
    ['2026-11-23T07:00:00-05', NOON, true],
    ['2026-11-23 12:00:00', NOON, false],
    ['2026-11-23 12:00:00.25', NOON + 250, false],
    [NOON, NOON, true],
    [NOON / 1000, NOON, true],
    [NOON / 1000 + 0.5, NOON + 500, true],
    [String(NOON), NOON, true],
    [NOON * 1000, NOON, true],
    [(NOON + 11_644_473_600_000) * 10_000, NOON, true],
    [`/Date(${NOON})/`, NOON, true],
    ['2026-13-23T12:00:00Z', undefined],
    ['2026-11-23T24:00:00Z', undefined],
    ['2026-11-23T12:00:00 o’clock', undefined],
    ['2026-11-23', undefined],
    ['23/11/2026 12:00:00', undefined],
    ['2026-11-23T12:00:00.'.padEnd(60, '1'), undefined],
    ['', undefined],
    [Number.NaN, undefined],
    [null, undefined],
    [{}, undefined],
    [12, undefined],
  ];
  for (const [value, time, zoned] of rows) {
    it(`reads ${JSON.stringify(value)} as ${time === undefined ? 'no time' : String(time)}`, () => {
      const stamp = parseStamp(value);
      expect(stamp?.time).to.equal(time);
      expect(stamp?.zoned).to.equal(zoned);
    });
  }
});

describe('eventTime', () => {
  const local = '2026-11-23 19:00:00';
  const rows: readonly (readonly [
    what: string,
    native: Record<string, unknown>,
    zone: string | undefined,
  ])[] = [
    [
      'the System time first',
      { TimeCreated_SystemTime: '2026-11-23T12:00:00Z', EventTime: '2020-01-01 00:00:00' },
      ZONE,
    ],
    ['a local time in the input’s zone', { EventTime: local, '@timestamp': '2020-01-01T00:00:00Z' }, ZONE],
    ['a local System time in the input’s zone', { TimeCreated: local }, ZONE],
    ['a local time that names its zone', { EventTime: '2026-11-23 19:00:00+07:00' }, undefined],
    [
      'Sysmon’s time before a local one without a zone',
      { EventTime: local, UtcTime: '2026-11-23 12:00:00.000' },
      undefined,
    ],
    [
      'the shipper’s time before a local one',
      { EventTime: local, '@timestamp': '2026-11-23T12:00:00Z' },
      undefined,
    ],
    ['a local time as UTC at last', { EventTime: '2026-11-23 12:00:00' }, undefined],
    ['a local time as UTC where the zone is unknown', { EventTime: '2026-11-23 12:00:00' }, 'Asia/Nowhere'],
  ];
  for (const [what, native, zone] of rows) {
    it(`takes ${what}`, () => {
      expect(eventTime(native, zone)).to.equal(NOON);
    });
  }

  it('follows a zone’s summer time', () => {
    const zone = 'Europe/Berlin';
    expect(eventTime({ EventTime: '2026-07-01 12:00:00' }, zone)).to.equal(Date.UTC(2026, 6, 1, 10));
    expect(eventTime({ EventTime: '2026-12-01 12:00:00' }, zone)).to.equal(Date.UTC(2026, 11, 1, 11));
    expect(eventTime({ EventTime: '2026-03-29 03:30:00' }, zone)).to.equal(Date.UTC(2026, 2, 29, 1, 30));
  });

  it('is undefined where the event gives none', () => {
    expect(eventTime({ EventID: 1 }, ZONE)).to.equal(undefined);
  });
});
