import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import type { ParsedEvent } from '../../integrations/contract.ts';
import { windows } from '../../integrations/windows/integration.ts';
import { FIELDS_MAX } from '../../integrations/windows/native.ts';
import { decodeEntities, XML_CHARS_MAX } from '../../integrations/windows/xml.ts';
import type { Hints } from '../../platform/record.ts';

const samples = new URL('../../integrations/windows/samples/', import.meta.url);

function parse(message: string, hints: Hints = {}): ParsedEvent | undefined {
  return windows.parse({ message, original: message, hints, accepted: 0 })?.[0];
}

function native(message: string): Readonly<Record<string, unknown>> {
  const event = parse(message);
  if (event === undefined) throw new Error('not a Windows event');
  return event.native;
}

/** The first event of every sample is one and the same. */
function firstOf(sample: string): string {
  const lines = readFileSync(new URL(sample, samples), 'utf8').split('\n');
  return lines.find((line) => line !== '' && !line.startsWith('#')) ?? '';
}

function tree(system: object, rest: object): string {
  return JSON.stringify({ Event: { System: { EventID: 1, Channel: 'Application', ...system }, ...rest } });
}

function xml(inner: string, system = '<EventID>1</EventID><Channel>Application</Channel>'): string {
  return `<Event xmlns="urn:x"><System>${system}</System>${inner}</Event>`;
}

const FORMS = ['evtx-dump.json', 'winlogbeat.json', 'nxlog.json', 'flat.json', 'event.xml'];

/** What must not depend on how the event travelled. */
const CORE = (
  'EventID Provider_Name Channel Computer EventRecordID Version Security_UserID Execution_ProcessID Image ' +
  'CommandLine ParentImage ParentCommandLine User ProcessId Hashes IntegrityLevel OriginalFileName ' +
  'CurrentDirectory UtcTime LogonId RuleName'
).split(' ');
const ECS_CORE = [
  'process.executable',
  'process.pid',
  'process.parent.name',
  'user.name',
  'process.hash.sha256',
];

describe('windows.parse', () => {
  for (const form of FORMS.slice(1)) {
    it(`gives the same native fields for an event out of ${form} as out of ${FORMS[0]}`, () => {
      const reference = parse(firstOf('evtx-dump.json'));
      const event = parse(firstOf(form), { zone: 'Asia/Ho_Chi_Minh' });
      for (const name of CORE) {
        // A flat export carries neither of the three, and numbers of the event's data may travel as text.
        if (
          form === 'flat.json' &&
          /^(Version|EventRecordID|Security_UserID|Execution_ProcessID)$/.test(name)
        )
          continue;
        expect(String(event?.native[name]), name).to.equal(String(reference?.native[name]));
      }
      for (const name of ECS_CORE) expect(event?.ecs[name], name).to.equal(reference?.ecs[name]);
      expect(event?.logsource).to.deep.equal(reference?.logsource);
      // NXLog's own time has whole seconds.
      expect(Math.floor((event?.time ?? 0) / 1000)).to.equal(Math.floor((reference?.time ?? 1) / 1000));
    });
  }

  it('reads a document printed over many lines', () => {
    const message = JSON.stringify(JSON.parse(firstOf('evtx-dump.json')), null, 2);
    expect(parse(message)?.native).to.deep.equal(parse(firstOf('evtx-dump.json'))?.native);
  });

  it('reads a document of an index export', () => {
    const source: unknown = JSON.parse(firstOf('winlogbeat.json'));
    expect(native(JSON.stringify({ _index: 'winlogbeat', _source: source }))['EventID']).to.equal(1);
  });

  it('reads the names of Winlogbeat before 7', () => {
    const fields = native(
      '{"@timestamp":"2026-11-23T01:00:00Z","log_name":"Security","event_id":4624,"computer_name":"dc01","record_number":"7","source_name":"Microsoft-Windows-Security-Auditing","event_data":{"TargetUserName":"tvminh"}}',
    );
    expect(fields).to.include({
      Channel: 'Security',
      Computer: 'dc01',
      EventRecordID: 7,
      TargetUserName: 'tvminh',
    });
  });

  it('reads the names of Get-WinEvent', () => {
    const fields = native(
      '{"Id":7045,"LogName":"System","ProviderName":"Service Control Manager","MachineName":"dc01"}',
    );
    expect(fields).to.include({ EventID: 7045, Channel: 'System', Computer: 'dc01' });
  });

  const refused: readonly (readonly [string, string])[] = [
    ['an empty line', ''],
    ['text', 'Nov 23 10:00:00 dc01 sshd[1]: EventID'],
    ['JSON without an EventID', '{"Channel":"Security","Event":"x"}'],
    ['JSON with an EventID and neither channel nor provider', '{"EventID":1,"Image":"a"}'],
    ['an EventID that is no number', '{"EventID":"abc","Channel":"Security"}'],
    ['a negative EventID', '{"EventID":-1,"Channel":"Security"}'],
    ['an array', '[{"EventID":1,"Channel":"Security"}]'],
    ['half a document', '{"EventID":1,"Channel":"Security"'],
    ['another product’s document', '{"event_type":"alert","event":{"EventID":null}}'],
    ['an Event without System', '{"Event":{"EventData":{}}}'],
    ['XML without System', '<Event><EventData/></Event>'],
    ['XML that does not end', '<Event><System><EventID>1</EventID>'],
    ['XML with a DOCTYPE', `<!DOCTYPE Event [<!ENTITY a "b">]>${xml('')}`],
    ['XML nested too deep', xml('<a>'.repeat(1000) + '</a>'.repeat(1000))],
    ['XML that names a prototype', xml('<__proto__>1</__proto__>')],
    ['HTML', '<html><body>Event</body></html>'],
  ];
  for (const [what, message] of refused) {
    it(`leaves ${what} to others`, () => {
      expect(parse(message)).to.equal(undefined);
    });
  }

  it('takes XML as long as the maximum and no longer', () => {
    const empty = xml('<EventData><Data Name="A"></Data></EventData>').length;
    const of = (length: number): string =>
      xml(`<EventData><Data Name="A">${'x'.repeat(length - empty)}</Data></EventData>`);
    expect(String(native(of(XML_CHARS_MAX))['A'])).to.have.length(XML_CHARS_MAX - empty);
    expect(parse(of(XML_CHARS_MAX + 1))).to.equal(undefined);
  });

  it('takes as many fields as the maximum and no more', () => {
    const fields = (count: number): object =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, 'x']));
    expect(native(tree({}, { EventData: fields(FIELDS_MAX) }))).to.have.property(`f${FIELDS_MAX - 1}`);
    expect(native(tree({}, { EventData: fields(FIELDS_MAX + 1) }))).to.not.have.property(`f${FIELDS_MAX}`);
  });

  it('takes as many repeated elements of UserData as the maximum and no more', () => {
    const of = (count: number): string =>
      tree({}, { UserData: { X: { Item: Array.from({ length: count }, () => 'x') } } });
    // The element around them counts as well.
    expect(native(of(FIELDS_MAX - 1))['Item']).to.have.length(FIELDS_MAX - 1);
    expect(native(of(FIELDS_MAX + 9))['Item']).to.have.length(FIELDS_MAX - 1);
  });

  it('never throws, whatever a document holds', () => {
    const names = fc.constantFrom(
      'Event',
      'System',
      'EventData',
      'UserData',
      'Data',
      '#text',
      '#attributes',
      'Name',
    );
    const more = fc.constantFrom(
      'EventID',
      'Channel',
      'winlog',
      'event_id',
      'Keywords',
      '__proto__',
      'constructor',
    );
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null));
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.oneof(names, more, fc.string()), tie('value'), { maxKeys: 6 }),
      ),
    }));
    fc.assert(
      fc.property(value, fc.string(), (document, text) => {
        parse(JSON.stringify({ EventID: 1, Channel: 'Security', winlog: document, Keywords: document }));
        parse(tree({ Keywords: document, Provider: document }, { EventData: document, UserData: document }));
        parse(
          JSON.stringify({
            EventID: 13,
            Provider_Name: 'constructor',
            Hashes: text,
            TargetObject: `${text}\\a`,
          }),
        );
        parse(xml(`<EventData><Data Name="A">${text}</Data></EventData>`));
        expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined);
      }),
    );
  });

  it('keeps a field that is named like a prototype out', () => {
    const hostile = [
      '{"EventID":1,"Channel":"Security","__proto__":{"polluted":1},"A b":2}',
      '{"Event":{"System":{"EventID":1,"__proto__":{"polluted":1}},"EventData":{"__proto__":{"polluted":1},"__pro to__":1}}}',
      '{"winlog":{"event_id":1,"event_data":{"__proto__":{"polluted":1}}}}',
      xml('<EventData><Data Name="__proto__">1</Data></EventData>'),
    ];
    for (const message of hostile) {
      const fields = native(message);
      expect(Object.hasOwn(fields, '__proto__'), message).to.equal(false);
      expect(Object.getPrototypeOf(fields), message).to.equal(Object.prototype);
      expect(fields['polluted'], message).to.equal(undefined);
    }
  });
});

describe('native view of windows.parse', () => {
  const attributes = (name: string): object => ({ '#attributes': { Name: name } });
  const rows: readonly (readonly [what: string, message: string, field: string, value: unknown])[] = [
    ['strips spaces of names', tree({}, { EventData: { 'Threat Name': 'x' } }), 'ThreatName', 'x'],
    [
      'keeps hexadecimal text',
      tree({}, { EventData: { GrantedAccess: '0x1010' } }),
      'GrantedAccess',
      '0x1010',
    ],
    ['keeps typed numbers', tree({}, { EventData: { ProcessId: 7 } }), 'ProcessId', 7],
    [
      'keeps empty values that are named',
      xml('<EventData><Data Name="Path"></Data></EventData>'),
      'Path',
      '',
    ],
    ['keeps spaces around values', xml('<EventData><Data Name="A"> b </Data></EventData>'), 'A', ' b '],
    ['joins unnamed elements', xml('<EventData><Data>a</Data><Data>b</Data></EventData>'), 'Data', 'a\nb'],
    ['takes one unnamed text', tree({}, { EventData: { Data: 'a' } }), 'Data', 'a'],
    ['joins unnamed texts', tree({}, { EventData: { Data: { '#text': ['a', 'b'] } } }), 'Data', 'a\nb'],
    [
      'takes named elements as a tree',
      tree({}, { EventData: { Data: [{ ...attributes('User'), '#text': 'a' }] } }),
      'User',
      'a',
    ],
    [
      'makes a list of a name that comes twice',
      xml('<EventData><Data Name="A">1</Data><Data Name="A">2</Data></EventData>'),
      'A',
      ['1', '2'],
    ],
    ['keeps System’s own field', tree({ Level: 2 }, { EventData: { Level: 'x' } }), 'Level', 2],
    [
      'renames data named like System',
      tree({ Level: 2 }, { EventData: { Level: 'x' } }),
      'EventData_Level',
      'x',
    ],
    ['flattens UserData', tree({}, { UserData: { EventXML: { 'a:Param': 'x' } } }), 'Param', 'x'],
    [
      'decodes entities',
      xml('<EventData><Data Name="A">a &lt;&amp;&#x111; b</Data></EventData>'),
      'A',
      'a <&đ b',
    ],
    [
      'leaves CDATA as it is',
      xml('<EventData><Data Name="A"><![CDATA[&lt;]]></Data></EventData>'),
      'A',
      '&lt;',
    ],
    ['reads an id with qualifiers', xml('', '<EventID Qualifiers="16384">7036</EventID>'), 'EventID', 7036],
    ['reads sibling attributes', tree({ Provider_attributes: { Name: 'x' } }, {}), 'Provider_Name', 'x'],
    [
      'renders a mask that came as a number',
      '{"EventID":4625,"Channel":"Security","Keywords":-9218868437227405312}',
      'Keywords',
      '0x8010000000000000',
    ],
    ['takes a level from NXLog’s severity', '{"EventID":1,"Channel":"System","SeverityValue":4}', 'Level', 2],
    [
      'takes no level from the severity of an audit',
      '{"EventID":1,"Channel":"Security","SeverityValue":4,"EventType":"AUDIT_FAILURE"}',
      'Level',
      undefined,
    ],
    [
      'finds a lost EventType in the message',
      '{"EventID":12,"SourceName":"Microsoft-Windows-Sysmon","EventType":"INFO","Message":"x\\r\\nEventType: DeleteKey\\r\\n"}',
      'EventType',
      'DeleteKey',
    ],
    ['takes a beat’s event.code', '{"winlog":{"channel":"System"},"event":{"code":"7045"}}', 'EventID', 7045],
  ];
  for (const [what, message, field, value] of rows) {
    it(what, () => {
      expect(native(message)[field]).to.deep.equal(value);
    });
  }
});

describe('decodeEntities', () => {
  const rows = [
    ['a &amp;lt; b', 'a &lt; b'],
    ['&quot;&apos;&gt;', '"\'>'],
    ['&#65;&#x1F512;', 'A🔒'],
    ['&#0;&#x110000;&#x;&#-1;', '&#0;&#x110000;&#x;&#-1;'],
    ['&constructor;&__proto__;&;&', '&constructor;&__proto__;&;&'],
    ['&xxe;', '&xxe;'],
  ] as const;
  for (const [text, decoded] of rows) {
    it(`turns ${text} into ${decoded}`, () => {
      expect(decodeEntities(text)).to.equal(decoded);
    });
  }
});
