import { expect } from 'chai';
import fc from 'fast-check';
import type { Integration } from '../../integrations/contract.ts';
import { createNormaliser } from '../../integrations/index.ts';
import { JOIN_CHARS_MAX, JOIN_GROUPS_MAX } from '../../integrations/joins.ts';
import { PARTS_BYTES_MAX, PARTS_TIMEOUT_MS } from '../../integrations/reassembly.ts';
import { PARSE_CHARS_MAX } from '../../integrations/choice.ts';
import type { Event, JsonValue } from '../../platform/event.ts';
import { timeOfId } from '../../platform/ids.ts';
import { LINE_BYTES_MAX, type BusEntry, type LogRecord } from '../../platform/record.ts';
import { ACCEPTED, eventsOf, eventsOfEntries, recordOf } from './records.ts';

const FAILED = 'Nov 23 10:00:00 mail1 sshd[812]: Failed password for root from 203.0.113.9 port 50212 ssh2';

function only(events: readonly Event[]): Event {
  const [event] = events;
  if (event === undefined || events.length !== 1) throw new Error(`expected one event, not ${events.length}`);
  return event;
}

function audit(serial: number, type: string, fields: string): string {
  return `type=${type} msg=audit(1795402800.000:${serial}): ${fields}`;
}

/** A line in parts of `size` bytes, numbered from `seq`. */
function partsOf(line: Uint8Array, size: number, seq: number): readonly LogRecord[] {
  const count = Math.ceil(line.length / size);
  return Array.from({ length: count }, (_, index) =>
    recordOf(seq + index, line.slice(index * size, (index + 1) * size), {
      part: { index, last: index === count - 1 },
    }),
  );
}

describe('createNormaliser', () => {
  it('gives a failed ssh login the fields that ECS has for it', () => {
    const { ecs } = only(eventsOf([FAILED]));
    expect(ecs).to.deep.include({
      'event.kind': 'event',
      'event.category': ['authentication'],
      'event.type': ['start'],
      'event.action': 'ssh_login',
      'event.outcome': 'failure',
      'user.name': 'root',
      'source.ip': '203.0.113.9',
      'source.port': 50212,
      'process.name': 'sshd',
      'process.pid': 812,
      'host.name': 'mail1',
    });
  });

  it('names the event from acceptance, collector, epoch, number and ordinal', () => {
    const one = only(eventsOfEntries([recordOf(1, FAILED)]));
    expect(timeOfId(one.id)).to.equal(ACCEPTED);
    expect(only(eventsOfEntries([recordOf(1, FAILED, { received: 5, hints: { zone: 'UTC' } })])).id).to.equal(
      one.id,
    );
    const others = [{ seq: 2 }, { epoch: 'e2' }, { collector: 'c2' }, { accepted: ACCEPTED + 1 }];
    const ids = others.map((change) => only(eventsOfEntries([recordOf(1, FAILED, change)])).id);
    expect(new Set([...ids, one.id]).size).to.equal(5);
  });

  it('makes an event of a line that no parser takes', () => {
    const event = only(eventsOf(['chuyện gì đó']));
    expect(event.ecs).to.deep.include({ message: 'chuyện gì đó', tags: ['unparsed'], 'event.kind': 'event' });
    expect(event.ecs).to.have.property('error.message');
    expect(event.ecs).not.to.have.property('event.category');
    expect(event).to.deep.include({
      time: ACCEPTED,
      logsource: [{}],
      parser: { name: 'unparsed', version: 1 },
    });
  });

  it('keeps the header and the product of a line that no parser takes', () => {
    const event = only(eventsOf(['<34>Nov 23 01:00:00 fw1 chan[9]: x'], { product: 'fortigate' }));
    expect(event.logsource).to.deep.equal([{ product: 'fortigate' }]);
    expect(event.time).to.equal(Date.UTC(2026, 10, 23, 1, 0, 0));
    expect(event.ecs).to.deep.include({
      'host.name': 'fw1',
      'process.name': 'chan',
      'process.pid': 9,
      message: 'x',
    });
  });

  it('gives an empty line an event', () => {
    expect(only(eventsOf([''])).record.records).to.equal(1);
  });

  it('asks only the integrations of the hinted product', () => {
    expect(only(eventsOf([FAILED], { product: 'windows' })).parser.name).to.equal('unparsed');
    expect(only(eventsOf([FAILED], { product: 'linux' })).parser.name).to.equal('linux-auth');
  });

  it('reads bytes that are no UTF-8, and says so', () => {
    const event = only(eventsOfEntries([recordOf(1, Buffer.from('Xin ch\xE0o', 'latin1'))]));
    expect(event.original).to.equal('Xin ch\uFFFDo');
    expect(event.ecs['error.code']).to.equal('invalid_utf8');
    expect(event.ecs['tags']).to.deep.equal(['unparsed', 'invalid_utf8']);
  });

  it('believes a clock forty years off, and not one that no calendar has', () => {
    const row = (seconds: string) =>
      only(eventsOf([`type=USER_LOGIN msg=audit(${seconds}.000:1): res=failed`])).time;
    expect(row('533300000')).to.equal(533_300_000_000);
    expect(row('999999999999')).to.equal(ACCEPTED);
  });

  it('turns a record that makes its integration throw into an event, and reports it', () => {
    const bomb: Integration = {
      id: 'bomb',
      version: 1,
      products: ['linux'],
      logsources: [],
      parse: () => {
        throw new RangeError('vỡ');
      },
    };
    const failures: string[] = [];
    const normaliser = createNormaliser({
      integrations: [bomb],
      onFailure: (record, failure) => failures.push(`${record.seq} ${String(failure)}`),
    });
    const event = only(normaliser.push(recordOf(3, 'x')));
    expect(event.ecs).to.deep.include({
      'error.code': 'record_poison',
      'error.message': 'vỡ',
      tags: ['unparsed'],
    });
    expect(failures).to.deep.equal(['3 RangeError: vỡ']);
  });

  it('leaves a line longer than parsers are given whole but unparsed', () => {
    const text = `${FAILED}${' '.repeat(PARSE_CHARS_MAX)}`;
    const parsed = only(eventsOf([text.slice(0, PARSE_CHARS_MAX)]));
    expect(parsed.ecs).not.to.have.property('error.code', 'line_too_long');
    const event = only(eventsOf([text]));
    expect(event.ecs['error.code']).to.equal('line_too_long');
    expect(event.original).to.equal(text);
  });

  describe('with parts', () => {
    const long = Buffer.from(`Nov 23 10:00:00 h app: ${'đường dài '.repeat(120_000)}`);

    it('puts a line together whose parts end within characters', () => {
      const event = only(eventsOfEntries(partsOf(long, LINE_BYTES_MAX, 1)));
      expect(event.original).to.equal(long.toString('utf8'));
      expect(event.record).to.deep.include({
        seq: 1,
        ordinal: 0,
        records: Math.ceil(long.length / LINE_BYTES_MAX),
      });
      expect(event.ecs).not.to.have.property('error.code', 'invalid_utf8');
    });

    it('gives out what it has when a part is missing, and what follows on its own', () => {
      const [first, , third] = partsOf(Buffer.from('aaabbbccc'), 3, 1);
      if (first === undefined || third === undefined) throw new Error('three parts');
      const events = eventsOfEntries([first, third, recordOf(4, 'dòng sau')]);
      expect(events.map(({ original }) => original)).to.deep.equal(['aaa', 'ccc', 'dòng sau']);
      expect(events.map(({ ecs }) => ecs['error.code'])).to.deep.equal([
        'line_incomplete',
        'line_incomplete',
        undefined,
      ]);
    });

    it("gives out a line whose rest does not come, by the partition's clock", () => {
      const normaliser = createNormaliser();
      const [first] = partsOf(Buffer.from('aaabbb'), 3, 1);
      if (first === undefined) throw new Error('two parts');
      expect(normaliser.push(first)).to.deep.equal([]);
      expect(normaliser.pending).to.equal(1);
      expect(normaliser.push({ tick: ACCEPTED + PARTS_TIMEOUT_MS })).to.deep.equal([]);
      expect(only(normaliser.push({ tick: ACCEPTED + PARTS_TIMEOUT_MS + 1 })).original).to.equal('aaa');
    });

    it('holds no more than its maximum', () => {
      const normaliser = createNormaliser();
      const chunk = new Uint8Array(PARTS_BYTES_MAX / 2).fill(0x61);
      const part = (seq: number, collector: string, index: number) =>
        recordOf(seq, chunk, { collector, part: { index, last: false } });
      expect(normaliser.push(part(1, 'c1', 0))).to.have.length(0);
      expect(normaliser.push(part(1, 'c2', 0))).to.have.length(0);
      const event = only(
        normaliser.push(recordOf(2, 'b', { collector: 'c2', part: { index: 1, last: false } })),
      );
      expect(event.record).to.deep.include({ collector: 'c1', records: 1 });
    });
  });

  describe('with joined records', () => {
    const syscall = audit(1, 'SYSCALL', 'arch=c000003e syscall=59 success=yes exe="/usr/bin/id"');
    const execve = audit(1, 'EXECVE', 'argc=1 a0="id"');
    const title = audit(1, 'PROCTITLE', 'proctitle="id"');

    it('makes one event that stands for all', () => {
      const event = only(eventsOf([syscall, execve, title]));
      expect(event.record).to.deep.include({ seq: 1, records: 3 });
      expect(event.original).to.equal([syscall, execve, title].join('\n'));
    });

    it('keeps groups of other files and other serials apart', () => {
      const other = audit(2, 'SYSCALL', 'arch=c000003e syscall=59');
      const entries = [
        recordOf(1, syscall),
        recordOf(2, execve, { path: '/var/log/khac.log' }),
        recordOf(3, other),
        recordOf(4, title),
      ];
      expect(eventsOfEntries(entries).map(({ record }) => record.records)).to.deep.equal([2, 1, 1]);
    });

    it("closes a group by the partition's clock alone", () => {
      const normaliser = createNormaliser();
      normaliser.push(recordOf(1, syscall));
      expect(normaliser.push({ tick: ACCEPTED + 2000 })).to.have.length(0);
      expect(only(normaliser.push({ tick: ACCEPTED + 2001 })).record.records).to.equal(1);
      expect(normaliser.pending).to.equal(0);
    });

    it('keeps no more groups open than their maximum', () => {
      const normaliser = createNormaliser();
      const open = Array.from({ length: JOIN_GROUPS_MAX }, (_, index) =>
        audit(index, 'SYSCALL', 'syscall=1'),
      );
      const early = open.flatMap((line, index) => normaliser.push(recordOf(index + 1, line)));
      expect(early).to.have.length(0);
      const past = normaliser.push(
        recordOf(JOIN_GROUPS_MAX + 1, audit(JOIN_GROUPS_MAX, 'SYSCALL', 'syscall=1')),
      );
      expect(only(past).record.seq).to.equal(1);
    });

    it('keeps no more text of open groups than its maximum', () => {
      const normaliser = createNormaliser();
      const line = (serial: number) => audit(serial, 'SYSCALL', 'syscall=1').padEnd(JOIN_CHARS_MAX / 16, ' ');
      for (let seq = 1; seq <= 16; seq += 1)
        expect(normaliser.push(recordOf(seq, line(seq)))).to.have.length(0);
      expect(only(normaliser.push(recordOf(17, line(17)))).record.seq).to.equal(1);
    });

    it('closes a group at its maximum of lines', () => {
      const path = audit(9, 'PATH', 'item=0 name="/etc/x" nametype=NORMAL');
      const events = eventsOf(Array.from({ length: 257 }, () => path));
      expect(events.map(({ record }) => record.records)).to.deep.equal([256, 1]);
    });
  });
});

/** A few collectors' records with parts, groups, loose lines and ticks, numbered and stamped as a gateway would. */
const busLog = fc
  .array(
    fc.record({
      collector: fc.constantFrom('c1', 'c2'),
      kind: fc.constantFrom('login', 'audit', 'parts', 'noise', 'tick', 'repeat'),
      serial: fc.integer({ min: 1, max: 3 }),
      type: fc.constantFrom('SYSCALL', 'EXECVE', 'PATH', 'PROCTITLE', 'USER_LOGIN'),
      text: fc.string({ unit: 'grapheme', maxLength: 12 }),
      step: fc.constantFrom(0, 0, 1, 700, 30_000, -40),
    }),
    { maxLength: 40 },
  )
  .map((items): BusEntry[] => {
    const next = new Map<string, number>();
    let accepted = ACCEPTED;
    return items.flatMap(({ collector, kind, serial, type, text, step }): BusEntry[] => {
      accepted += step;
      const stamped = (line: string | Uint8Array, more: Partial<LogRecord> = {}): LogRecord => {
        const seq = (next.get(collector) ?? 0) + 1;
        next.set(collector, seq);
        return recordOf(seq, line, { collector, accepted, ...more });
      };
      switch (kind) {
        case 'tick':
          return [{ tick: accepted }];
        case 'login':
          return [stamped(FAILED)];
        case 'repeat':
          return [
            stamped(
              'Nov 23 10:00:00 h sshd[1]: message repeated 2 times: [ Failed password for a from 1.2.3.4 port 5 ssh2]',
            ),
          ];
        case 'audit':
          return [stamped(audit(serial, type, `a0="${serial}" name="/x" res=failed`))];
        case 'noise':
          return [stamped(text)];
        case 'parts': {
          const bytes = Buffer.from(`${text}đ!`);
          return [
            stamped(bytes.subarray(0, bytes.length - 2), { part: { index: 0, last: false } }),
            // A row that breaks off now and then.
            ...(serial === 3
              ? []
              : [stamped(bytes.subarray(bytes.length - 2), { part: { index: 1, last: true } })]),
          ];
        }
      }
    });
  });

describe('Normaliser.snapshot', () => {
  it('lets a restored normaliser go on exactly, wherever the log is cut', () => {
    fc.assert(
      fc.property(busLog, fc.nat(), (entries, at) => {
        const whole = eventsOfEntries(entries);
        const cut = entries.length === 0 ? 0 : at % (entries.length + 1);
        const before = createNormaliser();
        const events = entries.slice(0, cut).flatMap((entry) => before.push(entry));
        const snapshot = JSON.parse(JSON.stringify(before.snapshot())) as JsonValue;
        const after = createNormaliser({ snapshot });
        events.push(...entries.slice(cut).flatMap((entry) => after.push(entry)), ...after.end());
        expect(events).to.deep.equal(whole);
      }),
      { numRuns: 100 },
    );
  });

  it('loses no record and books each once', () => {
    fc.assert(
      fc.property(busLog, (entries) => {
        const events = eventsOfEntries(entries);
        const records = entries.filter((entry) => !('tick' in entry)).length;
        expect(events.reduce((sum, { record }) => sum + record.records, 0)).to.equal(records);
        expect(new Set(events.map(({ id }) => id)).size).to.equal(events.length);
      }),
      { numRuns: 100 },
    );
  });
});
