import { expect } from 'chai';
import { parseEnvelope } from '../../integrations/syslog/envelope.ts';
import { closestYear, parseIsoTime } from '../../integrations/syslog/time.ts';

const accepted = Date.UTC(2026, 10, 23, 3, 0, 0);

interface Row {
  readonly name: string;
  readonly text: string;
  readonly zone?: string;
  readonly time?: string;
  readonly rest: Readonly<Record<string, unknown>>;
  readonly message: string;
}

const rows: readonly Row[] = [
  {
    name: 'a BSD header with PRI, tag and process id',
    text: '<34>Oct 11 22:14:15 may-chu su[77]: thất bại',
    time: '2026-10-11T22:14:15.000Z',
    rest: { host: 'may-chu', app: 'su', pid: '77', facility: 4, severity: 2 },
    message: 'thất bại',
  },
  {
    name: 'a BSD header without PRI and with a padded day',
    text: 'Nov  3 07:00:09 may-chu CRON[5]: (root) CMD (x)',
    time: '2026-11-03T07:00:09.000Z',
    rest: { host: 'may-chu', app: 'CRON', pid: '5' },
    message: '(root) CMD (x)',
  },
  {
    name: 'a day of one digit without padding',
    text: 'Nov 3 07:00:09 may-chu kernel: x',
    time: '2026-11-03T07:00:09.000Z',
    rest: { host: 'may-chu', app: 'kernel' },
    message: 'x',
  },
  {
    name: 'a local time in the zone of the input',
    text: 'Nov 23 10:00:00 may-chu sshd: x',
    zone: 'Asia/Ho_Chi_Minh',
    time: '2026-11-23T03:00:00.000Z',
    rest: { host: 'may-chu', app: 'sshd' },
    message: 'x',
  },
  {
    name: 'a year after the day',
    text: '<189>Nov 23 2025 10:00:00 asa : x',
    time: '2025-11-23T10:00:00.000Z',
    rest: { host: 'asa', facility: 23, severity: 5 },
    message: ': x',
  },
  {
    name: 'an ISO time in place of the BSD one',
    text: '2026-11-23T10:00:00.123456+07:00 may-chu sshd[1]: x',
    time: '2026-11-23T03:00:00.123Z',
    rest: { host: 'may-chu', app: 'sshd', pid: '1' },
    message: 'x',
  },
  {
    name: 'a header without a host',
    text: '<30>Nov 23 10:00:00 sshd[1]: x',
    time: '2026-11-23T10:00:00.000Z',
    rest: { app: 'sshd', pid: '1', facility: 3, severity: 6 },
    message: 'x',
  },
  {
    name: 'a Cisco line, whose mnemonic stays in the message',
    text: '<189>45: *Nov 23 10:00:00.123: %SYS-5-CONFIG_I: Configured from console',
    time: '2026-11-23T10:00:00.123Z',
    rest: { facility: 23, severity: 5 },
    message: '%SYS-5-CONFIG_I: Configured from console',
  },
  {
    name: 'a header without a tag',
    text: 'Nov 23 10:00:00 may-chu last message repeated 2 times',
    time: '2026-11-23T10:00:00.000Z',
    rest: { host: 'may-chu' },
    message: 'last message repeated 2 times',
  },
  {
    name: 'a day that no calendar has, without its time',
    text: 'Feb 31 10:00:00 may-chu app: x',
    rest: { host: 'may-chu', app: 'app' },
    message: 'x',
  },
  {
    name: 'PRI alone',
    text: '<13>chỉ có lời',
    rest: { facility: 1, severity: 5 },
    message: 'chỉ có lời',
  },
  {
    name: 'an RFC 5424 header of nil values',
    text: '<165>1 - - - - - - x',
    rest: { facility: 20, severity: 5 },
    message: 'x',
  },
  {
    name: 'RFC 5424 with structured data, escapes and a byte order mark',
    text: '<165>1 2026-11-23T10:00:00Z h app 12 ID7 [a@1 q="\\"" b="\\\\" c="\\]" d="\\n"][b] \uFEFFx',
    time: '2026-11-23T10:00:00.000Z',
    rest: {
      host: 'h',
      app: 'app',
      pid: '12',
      msgid: 'ID7',
      facility: 20,
      severity: 5,
      structuredData: { 'a@1': { q: '"', b: '\\', c: ']', d: '\\n' }, b: {} },
    },
    message: 'x',
  },
  {
    name: 'RFC 5424 as rsyslog forwards what it received in the old format, with a space before the message',
    text: '<38>1 2026-11-23T03:00:00Z web01 sshd 800 -  Failed password for root',
    time: '2026-11-23T03:00:00.000Z',
    rest: { host: 'web01', app: 'sshd', pid: '800', facility: 4, severity: 6 },
    message: 'Failed password for root',
  },
  {
    name: 'RFC 5424 without a message',
    text: '<165>1 2026-11-23T10:00:00Z h app - - -',
    time: '2026-11-23T10:00:00.000Z',
    rest: { host: 'h', app: 'app', facility: 20, severity: 5 },
    message: '',
  },
  {
    name: 'broken structured data as message',
    text: '<165>1 2026-11-23T10:00:00Z h app - - [a b="c x',
    time: '2026-11-23T10:00:00.000Z',
    rest: { host: 'h', app: 'app', facility: 20, severity: 5 },
    message: '[a b="c x',
  },
];

describe('parseEnvelope', () => {
  for (const { name, text, zone, time, rest, message } of rows) {
    it(`reads ${name}`, () => {
      const found = parseEnvelope(text, { accepted, zone });
      expect(found?.message).to.equal(message);
      expect(found?.envelope).to.deep.equal(time === undefined ? rest : { time: Date.parse(time), ...rest });
    });
  }

  const none = [
    ['plain text', 'chỉ là một dòng'],
    ['a priority out of range', '<192>Nov 23 10:00:00 h a: x'],
    ['JSON', '{"a":1}'],
    ["another product's line that begins with an ISO time", '2026-11-23T10:00:00Z 5 [Note] mysqld: ready'],
    ['an access log', '203.0.113.9 - - [23/Nov/2026:10:00:00 +0700] "GET / HTTP/1.1" 200 5'],
    ['an empty line', ''],
  ] as const;
  for (const [name, text] of none) {
    it(`leaves ${name} alone`, () => {
      expect(parseEnvelope(text, { accepted })).to.equal(undefined);
    });
  }

  it('reads a journal entry only where the input says so', () => {
    const text = JSON.stringify({ MESSAGE: 'x', _HOSTNAME: 'h', __REALTIME_TIMESTAMP: '1795402800000001' });
    expect(parseEnvelope(text, { accepted })).to.equal(undefined);
    expect(parseEnvelope(text, { accepted, format: 'journal' })).to.deep.equal({
      envelope: { time: 1_795_402_800_000, host: 'h' },
      message: 'x',
    });
  });

  it("puts the journal's audit records together again", () => {
    const text = JSON.stringify({
      _TRANSPORT: 'audit',
      _AUDIT_TYPE_NAME: 'EXECVE',
      _AUDIT_ID: '77',
      _SOURCE_REALTIME_TIMESTAMP: '1795402800123000',
      MESSAGE: 'EXECVE argc=1 a0="id"',
    });
    const found = parseEnvelope(text, { accepted, format: 'journal' });
    expect(found?.message).to.equal('type=EXECVE msg=audit(1795402800.123:77): argc=1 a0="id"');
  });
});

describe('closestYear', () => {
  const local = { day: 31, hour: 23, minute: 59, second: 59, ms: 0 };
  const cases = [
    ['December accepted in January in the year before', 12, Date.UTC(2027, 0, 1), 2026],
    ['January accepted in December in the year after', 1, Date.UTC(2026, 11, 31), 2027],
    ['this year otherwise', 10, Date.UTC(2026, 10, 23), 2026],
  ] as const;
  for (const [name, month, at, year] of cases) {
    it(`sees ${name}`, () => {
      expect(new Date(closestYear({ ...local, month }, at, undefined) ?? 0).getUTCFullYear()).to.equal(year);
    });
  }

  it('finds 29 February in the leap year next to acceptance', () => {
    const time = closestYear(
      { month: 2, day: 29, hour: 0, minute: 0, second: 0, ms: 0 },
      Date.UTC(2029, 0, 5),
      undefined,
    );
    expect(new Date(time ?? 0).toISOString()).to.equal('2028-02-29T00:00:00.000Z');
  });
});

describe('parseIsoTime', () => {
  const cases = [
    ['2026-11-23T10:00:00Z', '2026-11-23T10:00:00.000Z'],
    ['2026-11-23T10:00:00.5+0700', '2026-11-23T03:00:00.500Z'],
    ['2026-11-23T10:00:00-05:30', '2026-11-23T15:30:00.000Z'],
  ] as const;
  for (const [text, iso] of cases) {
    it(`reads ${text}`, () => expect(parseIsoTime(text, undefined)).to.equal(Date.parse(iso)));
  }

  it('knows daylight saving of the zone on both sides of its change', () => {
    expect(parseIsoTime('2026-03-29T01:30:00', 'Europe/Berlin')).to.equal(Date.parse('2026-03-29T00:30:00Z'));
    expect(parseIsoTime('2026-03-29T03:30:00', 'Europe/Berlin')).to.equal(Date.parse('2026-03-29T01:30:00Z'));
  });

  it('takes an unknown zone for UTC', () => {
    expect(parseIsoTime('2026-11-23T10:00:00', 'Không/Có')).to.equal(Date.parse('2026-11-23T10:00:00Z'));
  });

  for (const text of ['2026-13-01T00:00:00Z', '2026-02-30T00:00:00Z', '2026-11-23T24:00:00Z', 'hôm nay']) {
    it(`refuses ${text}`, () => expect(parseIsoTime(text, undefined)).to.equal(undefined));
  }
});
