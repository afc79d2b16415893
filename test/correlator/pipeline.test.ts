import { expect } from 'chai';
import fc from 'fast-check';
import { createPipeline, type Outcome, type PipelineSnapshot } from '../../correlator/pipeline.ts';
import { createRulebook, type Rulebook } from '../../correlator/rulebook.ts';
import { encodeEntry, type LogRecord } from '../../platform/record.ts';
import type { StatePart } from '../../sigma/index.ts';
import { bruteForceRule, delivered, recordsOf, ruleSetOf, ssh, sshRules, tickAt } from './ssh.ts';

const ACCEPTED = Date.UTC(2026, 10, 23, 3);

const ruleText = (title: string, needle: string): string => `
title: ${title}
id: 6c3dbb2a-4a8e-4a3e-9c39-2b7a9f3a1f10
status: test
level: high
logsource: { category: webserver }
detection:
  selection: { cs-uri|contains: '${needle}' }
  condition: selection
tags: [attack.initial-access, attack.t1190]
`;

function rulebookOf(text: string): Rulebook {
  return createRulebook(ruleSetOf(text));
}

function line(n: number, path: string): string {
  return `203.0.113.${n % 200} - - [23/Nov/2026:10:00:00 +0700] "GET ${path} HTTP/1.1" 200 512 "-" "curl/8.5"`;
}

function record(seq: number, text: string, more: Partial<LogRecord> = {}): LogRecord {
  return {
    collector: 'web01',
    agency: 'soc',
    epoch: 'e',
    seq,
    ...(seq === 1 ? { previous: null } : {}),
    accepted: ACCEPTED + seq,
    received: ACCEPTED,
    input: 'nginx',
    path: '/var/log/nginx/access.log',
    line: text,
    hints: { product: 'nginx' },
    ...more,
  };
}

function run(
  values: readonly string[],
  rulebook = rulebookOf(ruleText('Traversal', '/etc/passwd')),
): Outcome {
  return createPipeline({ rulebook }).process(delivered(values));
}

describe('createPipeline', () => {
  it('makes an event of a record, and an alert of a match', () => {
    const { events, alerts, deadLetters, counts } = run([
      encodeEntry(record(1, line(1, '/?f=../../etc/passwd'))),
      encodeEntry(record(2, line(2, '/'))),
    ]);
    expect([events.length, alerts.length, deadLetters.length]).to.deep.equal([2, 1, 0]);
    expect(counts).to.include({ records: 2, duplicates: 0, lost: 0, unparsed: 0 });
    const alert = alerts[0]?.body;
    expect(alert).to.have.nested.property('rule.name', 'Traversal');
    expect(alert).to.have.nested.property('event.kind', 'signal');
    expect(alert).to.have.nested.property('source.ip', '203.0.113.1');
    expect(alert).to.have.nested.property('threat.technique.name[0]', 'Exploit Public-Facing Application');
    expect(alert).to.have.nested.property('canh.events[0]', events[0]?.id);
    expect(alert).to.have.nested.property('canh.explanation.condition', 'selection');
  });

  it('a record that comes again changes nothing', () => {
    const once = encodeEntry(record(1, line(1, '/etc/passwd')));
    const { events, alerts, counts } = run([once, once]);
    expect([events.length, alerts.length, counts.duplicates]).to.deep.equal([1, 1, 1]);
  });

  it('a jump in the numbers is an integrity alert that names collector and range', () => {
    const { alerts, counts } = run([
      encodeEntry(record(1, line(1, '/'))),
      encodeEntry(record(5, line(2, '/'))),
    ]);
    expect(counts.lost).to.equal(3);
    expect(alerts.map(({ body }) => (body['rule'] as { id: string }).id)).to.deep.equal([
      'canh-sequence-gap',
    ]);
    expect(JSON.stringify(alerts[0]?.body)).to.include('web01, epoch e: records 2 to 4');
  });

  it('what is no record goes to the dead letters with its original, and the rest goes on', () => {
    const { events, deadLetters } = run(['{"broken', encodeEntry(record(1, line(1, '/')))]);
    expect(events).to.have.length(1);
    expect(deadLetters[0]?.body).to.have.nested.property('error.code', 'record_undecodable');
    expect(deadLetters[0]?.body).to.have.nested.property('event.original', '{"broken');
  });

  const hostile: readonly { name: string; text: string | Uint8Array }[] = [
    { name: 'nothing', text: '' },
    { name: 'bytes that are no UTF-8', text: new Uint8Array([0xff, 0xfe, 0x00, 0x80]) },
    { name: 'a binary file', text: new Uint8Array(4096).map((_, i) => i % 256) },
    {
      name: 'keys that reach for the prototype',
      text: '{"__proto__":{"polluted":1},"constructor":{"x":1},"EventID":1}',
    },
    { name: 'a clock 40 years off', text: line(1, '/').replace('2026', '1986') },
    { name: 'a time before 1970', text: line(1, '/').replace('2026', '1950') },
    { name: 'deep JSON', text: `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}` },
  ];
  for (const { name, text } of hostile) {
    it(`${name} is an event, and the next line is too`, () => {
      const { events } = run([
        encodeEntry(record(1, '', { line: text })),
        encodeEntry(record(2, line(2, '/'))),
      ]);
      expect(events).to.have.length(2);
      expect({}).not.to.have.property('polluted');
    });
  }

  it('a line in parts is one event', () => {
    const whole = line(1, `/${'x'.repeat(100)}/etc/passwd`);
    const parts = [whole.slice(0, 60), whole.slice(60, 110), whole.slice(110)];
    const { events, alerts } = run(
      parts.map((text, i) =>
        encodeEntry(record(i + 1, text, { part: { index: i, last: i === parts.length - 1 } })),
      ),
    );
    expect([events.length, alerts.length]).to.deep.equal([1, 1]);
    expect(events[0]?.body).to.have.nested.property('event.original', whole);
    expect(events[0]?.body).to.have.nested.property('canh.records', 3);
  });

  it('editing a title changes no id; editing what is matched does', () => {
    const values = [encodeEntry(record(1, line(1, '/etc/passwd')))];
    const ids = [ruleText('A', '/etc/passwd'), ruleText('B', '/etc/passwd'), ruleText('A', 'passwd')].map(
      (text) => run(values, rulebookOf(text)).alerts[0]?.id,
    );
    expect(ids[0]).to.equal(ids[1]);
    expect(ids[0]).not.to.equal(ids[2]);
  });

  it('split anywhere, with its state through JSON, it makes the same documents', () => {
    const rulebook = rulebookOf(ruleText('Traversal', '/etc/passwd'));
    const entry = fc.record({
      path: fc.constantFrom('/', '/etc/passwd', '/a'),
      again: fc.boolean(),
      skip: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 30 }), fc.array(fc.nat(30)), (entries, cuts) => {
        let seq = 0;
        const values = entries.flatMap(({ path, again, skip }) => {
          seq += skip ? 2 : 1;
          const value = encodeEntry(record(seq, line(seq, path)));
          return again ? [value, value] : [value];
        });
        const batch = delivered(values);
        const whole = createPipeline({ rulebook }).process(batch);
        const split = { events: [] as unknown[], alerts: [] as unknown[] };
        let snapshot: PipelineSnapshot | undefined;
        const edges = [
          0,
          ...cuts.filter((cut) => cut < batch.length).toSorted((a, b) => a - b),
          batch.length,
        ];
        for (let i = 1; i < edges.length; i += 1) {
          const pipeline = createPipeline({ rulebook, snapshot });
          const out = pipeline.process(batch.slice(edges[i - 1], edges[i]));
          split.events.push(...out.events);
          split.alerts.push(...out.alerts);
          snapshot = JSON.parse(JSON.stringify(pipeline.snapshot())) as PipelineSnapshot;
        }
        expect(split.events).to.deep.equal(whole.events);
        expect(split.alerts).to.deep.equal(whole.alerts);
      }),
      { numRuns: 50 },
    );
  });

  describe('with correlations', () => {
    const logins = fc.array(
      fc.record({
        at: fc.nat(300),
        user: fc.constantFrom('an', 'binh', 'chi'),
        from: fc.constantFrom('192.0.2.1', '192.0.2.2'),
        success: fc.boolean(),
        collector: fc.constantFrom('c1', 'c2'),
      }),
      { maxLength: 60 },
    );

    it('split anywhere, with its state as parts that changed, it raises the same alerts', () => {
      const rulebook = rulebookOf(ssh);
      fc.assert(
        fc.property(logins, fc.array(fc.nat(60), { maxLength: 5 }), (made, cuts) => {
          const values = [...recordsOf(made).map((record) => encodeEntry(record)), tickAt(900)];
          const whole = createPipeline({ rulebook }).process(delivered(values)).raised;
          const edges = [
            0,
            ...cuts.filter((cut) => cut < values.length).toSorted((a, b) => a - b),
            values.length,
          ];
          const raised: unknown[] = [];
          const state = new Map<string, StatePart>();
          let snapshot: PipelineSnapshot | undefined;
          for (let i = 1; i < edges.length; i += 1) {
            const pipeline = createPipeline({
              rulebook,
              snapshot,
              correlation: { state: [...state.values()] },
            });
            raised.push(...pipeline.process(delivered(values.slice(edges[i - 1], edges[i]))).raised);
            snapshot = JSON.parse(JSON.stringify(pipeline.snapshot())) as PipelineSnapshot;
            for (const part of pipeline.changedState()) {
              if (part.bytes.length === 0) state.delete(part.id);
              else state.set(part.id, { ...part, bytes: part.bytes.slice() });
            }
          }
          expect(raised).to.deep.equal(whole);
        }),
        { numRuns: 50 },
      );
    });

    it('goes on counting when the rules are loaded again with other texts for people', () => {
      const text = (title: string, count = 5): string => [sshRules, bruteForceRule(title, count)].join('---');
      const values = recordsOf(Array.from({ length: 5 }, (_, at) => ({ at }))).map((record) =>
        encodeEntry(record),
      );
      const raisedAfter = (next: string): readonly string[] => {
        const pipeline = createPipeline({ rulebook: rulebookOf(text('Brute force')) });
        expect(pipeline.process(delivered(values.slice(0, 4))).raised).to.deep.equal([]);
        pipeline.reload(rulebookOf(next));
        return pipeline.process(delivered(values.slice(4))).raised.map(({ alert }) => alert.rule.title);
      };
      expect(raisedAfter(text('Another title'))).to.deep.equal(['Another title']);
      expect(raisedAfter(text('Brute force', 6))).to.deep.equal([]);
    });
  });
});
