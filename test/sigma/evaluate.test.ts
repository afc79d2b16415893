import { expect } from 'chai';
import { matches } from '../../sigma/index.ts';
import { eventOf, ruleOf, searchRule } from './rule-text.ts';

type Fields = Readonly<Record<string, unknown>>;
/** Behaviour, search identifier, events that match, events that do not. */
type Row = readonly [string, string, readonly Fields[], readonly Fields[]];

const b = (text: string): string => Buffer.from(text).toString('base64');

const values: readonly Row[] = [
  [
    'a text matches whatever its case',
    'f: Cmd.EXE',
    [{ f: 'cmd.exe' }, { f: 'CMD.EXE' }],
    [{ f: 'cmd.exe ' }, { f: 'xcmd.exe' }],
  ],
  ['a text is compared as a whole', 'f: a', [{ f: 'a' }], [{ f: 'ab' }, { f: '' }]],
  ['case folding reaches beyond ASCII', 'f: ĐÀ NẴNG', [{ f: 'đà nẵng' }], [{ f: 'da nang' }]],
  ['case folding never changes lengths', 'f|contains: i', [{ f: 'xi' }], [{ f: '\u0130' }]],
  ['Σ folds the same anywhere', 'f|endswith: ΣΣ', [{ f: 'ασσ' }, { f: 'ΑΣΣ' }], []],
  ['* is any number of characters', 'f: a*c', [{ f: 'ac' }, { f: 'abbc' }, { f: 'a\nc' }], [{ f: 'acd' }]],
  ['? is exactly one character', 'f: a?c', [{ f: 'abc' }, { f: 'a😀c' }], [{ f: 'ac' }, { f: 'abbc' }]],
  ['* alone is any value that is there', "f: '*'", [{ f: 'x' }, { f: '' }, { f: 0 }], [{ f: null }, {}]],
  ['an escaped wildcard is itself', String.raw`f: 'a\*b'`, [{ f: 'a*b' }], [{ f: 'axb' }]],
  ['a backslash before anything else is itself', String.raw`f: 'a\b'`, [{ f: 'a\\b' }], [{ f: 'ab' }]],
  ['two backslashes are one', String.raw`f: 'a\\b'`, [{ f: 'a\\b' }], [{ f: 'a\\\\b' }]],
  [
    'two backslashes before * are one, then a wildcard',
    String.raw`f: 'a\\*b'`,
    [{ f: 'a\\xb' }],
    [{ f: 'a*b' }],
  ],
  [
    'three backslashes before * are one, then a star',
    String.raw`f: 'a\\\*b'`,
    [{ f: 'a\\*b' }],
    [{ f: 'a\\xb' }],
  ],
  ['a backslash at the end is itself', String.raw`f: 'a\'`, [{ f: 'a\\' }], [{ f: 'a' }]],
  [
    'a UNC path needs four backslashes',
    String.raw`f: '\\\\srv\share'`,
    [{ f: '\\\\srv\\share' }],
    [{ f: '\\srv\\share' }],
  ],
  [
    'two leading backslashes are one',
    String.raw`f: '\\srv\share'`,
    [{ f: '\\srv\\share' }],
    [{ f: '\\\\srv\\share' }],
  ],
  ['an empty text is a field that is there and empty', "f: ''", [{ f: '' }], [{ f: null }, {}, { f: ' ' }]],
  [
    'null is a field that is absent or null',
    'f: null',
    [{}, { f: null }, { f: [] }],
    [{ f: '' }, { f: 'null' }, { f: 0 }],
  ],
  ['null in a list is one more value', 'f: [a, null]', [{ f: 'a' }, {}], [{ f: 'b' }]],
  ['an empty list is null', 'f: []', [{}, { f: null }], [{ f: '' }]],
  [
    'a number equals the number and its text',
    'f: 4688',
    [{ f: 4688 }, { f: '4688' }],
    [{ f: '04688' }, { f: 46880 }, { f: true }],
  ],
  ['a number in quotes equals the number too', "f: '4688'", [{ f: 4688 }, { f: '4688' }], [{ f: 468 }]],
  [
    'a number equals its text as the rule writes it',
    'f: 0xC0000064',
    [{ f: '0xc0000064' }, { f: 3221225572 }],
    [{ f: '0xc000006' }],
  ],
  ['digits with leading zeros are a text', 'f|contains: 00000429', [{ f: 'x00000429' }], [{ f: '429' }]],
  ['fractions are compared as numbers', 'f: 1.50', [{ f: 1.5 }, { f: '1.5' }, { f: '1.50' }], [{ f: '1' }]],
  [
    'true matches the boolean and its text',
    'f: true',
    [{ f: true }, { f: 'True' }],
    [{ f: 'yes' }, { f: 1 }, {}],
  ],
  ['a text matches a boolean', "f: 'false'", [{ f: false }, { f: 'FALSE' }], [{ f: true }]],
  ['yes is a text, as in YAML 1.2', 'f: yes', [{ f: 'Yes' }], [{ f: true }]],
  ['a list is any of its values', 'f: [a, b]', [{ f: 'a' }, { f: 'b' }], [{ f: 'c' }]],
  ['a map is all of its items', 'f: a\ng: b', [{ f: 'a', g: 'b' }], [{ f: 'a' }, { g: 'b' }]],
  ['a list of maps is any of them', '- f: a\n- g: b', [{ f: 'a' }, { g: 'b' }], [{ f: 'b' }]],
  ['any element of an array counts', 'f: b', [{ f: ['a', 'b'] }, { f: [['b']] }], [{ f: ['a'] }, { f: [] }]],
  [
    'different elements may satisfy all',
    'f|contains|all: [a, b]',
    [{ f: ['xa', 'xb'] }, { f: 'ab' }],
    [{ f: ['a'] }],
  ],
  [
    'an object is compared as JSON',
    'f|contains: Suspended',
    [{ f: { status: 'Suspended' } }],
    [{ f: { status: 'On' } }],
  ],
  [
    'a dotted name follows nested objects',
    'a.b: x',
    [{ a: { b: 'x' } }, { 'a.b': 'x' }, { a: [{ b: 'y' }, { b: 'x' }] }],
    [{ a: 'x' }, { 'a.b': 'y', a: { b: 'x' } }],
  ],
  ['an absent field is no match', 'f|contains: a', [], [{}, { g: 'a' }]],
  ['field names are exact', 'Field: a', [{ Field: 'a' }], [{ field: 'a' }]],
  ['names of object methods are no fields', 'constructor|contains: a', [], [{}]],
];

const modifiers: readonly Row[] = [
  ['contains', 'f|contains: bc', [{ f: 'aBCd' }, { f: 'bc' }], [{ f: 'b c' }]],
  ['contains keeps wildcards inside', 'f|contains: b*d', [{ f: 'abxxde' }], [{ f: 'adxb' }]],
  [
    'contains on nothing is any value that is there',
    "f|contains: ''",
    [{ f: '' }, { f: 'a' }],
    [{}, { f: null }],
  ],
  ['startswith', 'f|startswith: ab', [{ f: 'ABc' }], [{ f: 'xab' }]],
  ['endswith', 'f|endswith: bc', [{ f: 'aBC' }], [{ f: 'bcx' }]],
  [
    'endswith after a backslash',
    String.raw`f|endswith: '\cmd.exe'`,
    [{ f: 'C:\\cmd.exe' }],
    [{ f: 'C:\\xcmd.exe' }],
  ],
  [
    'an added wildcard is never escaped by the value',
    String.raw`f|contains: 'x\'`,
    [{ f: 'ax\\b' }],
    [{ f: 'ax*' }, { f: 'x' }],
  ],
  ['contains finds an escaped star', String.raw`f|contains: '\*'`, [{ f: 'a*b' }], [{ f: 'ab' }]],
  ['all wants every value', 'f|contains|all: [a, b]', [{ f: 'xbya' }], [{ f: 'a' }]],
  ['all takes one value', 'f|contains|all: a', [{ f: 'a' }], [{ f: 'b' }]],
  ['cased', 'f|cased: Ab', [{ f: 'Ab' }], [{ f: 'ab' }]],
  ['cased before contains', 'f|cased|contains: Ab', [{ f: 'xAbx' }], [{ f: 'xab' }]],
  ['cased after endswith', 'f|endswith|cased: Ab', [{ f: 'xAb' }], [{ f: 'xab' }]],
  ['re searches, and knows case', 'f|re: b+c', [{ f: 'abbcd' }], [{ f: 'ABBC' }]],
  [
    're reads backslashes and stars as RE2 does',
    String.raw`f|re: '^\d+\\\*$'`,
    [{ f: '12\\*' }],
    [{ f: '12*' }],
  ],
  ['re with i', 'f|re|i: b+c', [{ f: 'ABBC' }], [{ f: 'ac' }]],
  ['re with ignorecase', 'f|re|ignorecase: bc', [{ f: 'BC' }], []],
  ['re takes leading flags', 'f|re: (?i)bc', [{ f: 'BC' }], []],
  ['^ is the start of the text', 'f|re: ^b', [{ f: 'b' }], [{ f: 'a\nb' }]],
  ['re with m: ^ is the start of a line', 'f|re|m: ^b', [{ f: 'a\nb' }], [{ f: 'ab' }]],
  ['re with multiline', 'f|re|multiline: ^b', [{ f: 'a\nb' }], []],
  ['. is no line feed', 'f|re: a.b', [{ f: 'axb' }], [{ f: 'a\nb' }]],
  ['re with s: . is a line feed too', 'f|re|s: a.b', [{ f: 'a\nb' }], []],
  ['re with dotall and i', 'f|re|dotall|i: a.b', [{ f: 'A\nB' }], []],
  [
    're with startswith is tied to the start',
    'f|re|startswith: b|c',
    [{ f: 'bx' }, { f: 'cx' }],
    [{ f: 'ab' }],
  ],
  ['re with endswith is tied to the end', 'f|re|endswith: b|c', [{ f: 'xb' }], [{ f: 'bx' }]],
  ['re with contains is re', 'f|re|contains: b+', [{ f: 'abc' }], [{ f: 'ac' }]],
  ['re reads numbers as text', 'f|re: 12', [{ f: 3124 }, { f: '123' }], [{ f: 13 }]],
  [
    'cidr for IPv4',
    'f|cidr: 10.0.0.0/9',
    [{ f: '10.127.255.255' }, { f: '::ffff:10.1.2.3' }],
    [{ f: '10.128.0.0' }, { f: 'x' }, { f: '10.1' }],
  ],
  [
    'cidr for IPv6',
    "f|cidr: 'fe80::/10'",
    [{ f: 'FEBF::1' }, { f: 'fe80::1%eth0' }],
    [{ f: 'fec0::' }, { f: '10.0.0.1' }],
  ],
  ['cidr of one address', 'f|cidr: 10.0.0.1', [{ f: '10.0.0.1' }], [{ f: '10.0.0.2' }]],
  ['cidr of everything', 'f|cidr: 0.0.0.0/0', [{ f: '255.1.2.3' }], [{ f: '::1' }]],
  ['cidr of keywords', "'|cidr': 10.0.0.0/8", [{ f: '10.0.0.1' }], [{ f: '11.0.0.1' }]],
  ['exists: true is presence, null included', 'f|exists: true', [{ f: 'a' }, { f: null }, { f: '' }], [{}]],
  ['exists: false is absence', 'f|exists: false', [{}], [{ f: null }]],
  [
    'windash takes every dash',
    "f|contains|windash: ' -a'",
    ['-', '/', '–', '—', '―'].map((d) => ({ f: `x ${d}A` })),
    [{ f: 'x +a' }],
  ],
  ['windash after endswith, before it', 'f|windash|endswith: -a', [{ f: 'x/a' }], [{ f: '/ab' }]],
  [
    'windash replaces each dash on its own',
    'f|windash: -a -b',
    [{ f: '-a /b' }, { f: '/a -b' }, { f: '—a –b' }],
    [{ f: 'a b' }],
  ],
  ['windash leaves dashes inside words', 'f|windash: -a-b', [{ f: '/a-b' }], [{ f: '/a/b' }]],
  [
    'windash with all stays an alternative inside',
    "f|windash|contains|all: [' -a', ' -b']",
    [{ f: 'x /a -b' }],
    [{ f: 'x /a' }],
  ],
  ['base64', 'f|base64|contains: foobar', [{ f: `x${b('foobar')}y` }], [{ f: 'foobar' }]],
  [
    'base64offset finds all three offsets',
    'f|base64offset|contains: foobar',
    ['', 'x', 'xy', 'xyz'].map((p) => ({ f: b(`${p}foobar${p}zz`) })),
    [{ f: b('foo bar') }],
  ],
  [
    'base64offset counts bytes, not characters',
    'f|base64offset|contains: Cần',
    ['', 'x', 'xy'].map((p) => ({ f: b(`${p}Cần Thơ`) })),
    [{ f: b('Can Tho') }],
  ],
  [
    'wide is UTF-16LE',
    'f|wide|base64offset|contains: ping',
    [{ f: Buffer.from('a ping', 'utf16le').toString('base64') }],
    [{ f: b('ping') }],
  ],
  ['utf16le is wide', 'f|utf16le|base64: đi', [{ f: Buffer.from('đi', 'utf16le').toString('base64') }], []],
  ['utf16be', 'f|utf16be|base64: hi', [{ f: Buffer.from([0, 104, 0, 105]).toString('base64') }], []],
  [
    'utf16 starts with the byte order mark',
    'f|utf16|base64: hi',
    [{ f: Buffer.from([255, 254, 104, 0, 105, 0]).toString('base64') }],
    [],
  ],
  ['wide alone puts zeros between', 'f|wide|contains: hi', [{ f: 'xh\u0000i\u0000' }], [{ f: 'hi' }]],
  [
    'lt',
    'f|lt: 5',
    [{ f: 4 }, { f: '4.9' }, { f: '-7' }],
    [{ f: 5 }, { f: 'x' }, { f: '' }, {}, { f: null }],
  ],
  ['lte', 'f|lte: 5', [{ f: 5 }], [{ f: 5.1 }]],
  ['gt', 'f|gt: 5', [{ f: 6 }, { f: '0x10' }, { f: '1e3' }], [{ f: 5 }, { f: '6x' }, { f: true }]],
  ['gte', 'f|gte: -5', [{ f: -5 }, { f: ['a', 3] }], [{ f: -6 }]],
  ['neq is not equal', 'f|neq: a', [{ f: 'b' }, {}, { f: null }], [{ f: 'A' }]],
  ['neq turns the whole list round', 'f|neq: [a, b]', [{ f: 'c' }], [{ f: 'a' }, { f: 'b' }]],
  ['neq with contains and all', 'f|contains|all|neq: [a, b]', [{ f: 'a' }], [{ f: 'ab' }]],
  ['neq on an array: no element may be equal', 'f|neq: a', [{ f: ['b'] }], [{ f: ['a', 'b'] }]],
  ['neq before re', 'f|neq|re: ^a', [{ f: 'b' }], [{ f: 'ab' }]],
  [
    'fieldref',
    'f|fieldref: g',
    [
      { f: 'A', g: 'a' },
      { f: 1, g: '1' },
    ],
    [{ f: 'a', g: 'b' }, { f: 'a' }, {}, { f: null, g: null }],
  ],
  ['fieldref with startswith', 'f|fieldref|startswith: g', [{ f: 'abc', g: 'AB' }], [{ f: 'ab', g: 'abc' }]],
  ['fieldref with endswith', 'f|fieldref|endswith: g', [{ f: 'abc', g: 'bc' }], [{ f: 'abc', g: 'ab' }]],
  ['fieldref with contains', 'f|fieldref|contains: g', [{ f: 'abc', g: 'b' }], [{ f: 'abc', g: 'x' }]],
  ['fieldref with cased', 'f|fieldref|cased: g', [{ f: 'A', g: 'A' }], [{ f: 'A', g: 'a' }]],
  ['fieldref with neq', 'f|fieldref|neq: g', [{ f: 'a', g: 'b' }, {}], [{ f: 'a', g: 'a' }]],
  [
    'fieldref over arrays: any pair',
    'f|fieldref: g',
    [{ f: ['a', 'b'], g: ['b', 'c'] }],
    [{ f: ['a'], g: ['b'] }],
  ],
  ['minute', 'f|minute: 7', [{ f: '2026-03-04T05:07:08Z' }], [{ f: '2026-03-04T05:08:07Z' }, { f: 'x' }, {}]],
  [
    'hour',
    'f|hour: 5',
    [{ f: '2026-03-04 05:07:08.123' }, { f: '2026-03-04T12:00:00+07:00' }],
    [{ f: '2026-03-04T06:00:00Z' }],
  ],
  ['hour with gte', 'f|hour|gte: 18', [{ f: '2026-03-04T18:00:00Z' }], [{ f: '2026-03-04T17:59:59Z' }]],
  ['day', 'f|day: 4', [{ f: '2026-03-04' }], [{ f: '2026-04-03' }]],
  [
    'week is that of ISO 8601',
    'f|week: 53',
    [{ f: '2021-01-03T00:00:00Z' }, { f: '2020-12-28' }],
    [{ f: '2021-01-04' }],
  ],
  ['month', 'f|month: 3', [{ f: '2026-03-04' }], [{ f: '2026-13-04' }, { f: '2026-02-30' }]],
  [
    'year',
    'f|year: 2026',
    [{ f: '2026-03-04' }, { f: 1772600000 }, { f: 1772600000000 }, { f: '1772600000' }],
    [{ f: 2026 }],
  ],
  ['year with lt', 'f|year|lt: 2000', [{ f: '1999-12-31T23:59:59Z' }], [{ f: '2000-01-01T00:00:00Z' }]],
];

const keywords: readonly Row[] = [
  [
    'a keyword is found in any value',
    '- Evil',
    [{ f: 'an evil tool' }, { f: { g: ['x', 'EVIL'] } }],
    [{ evil: 'x' }],
  ],
  ['keywords are alternatives', '- a1\n- b1', [{ f: 'a1' }, { f: 'b1' }], [{ f: 'c1' }]],
  ['one keyword needs no list', 'evil', [{ f: 'evil' }], [{ f: 'good' }]],
  ['|all wants every keyword, anywhere', "'|all':\n  - a1\n  - b1", [{ f: 'a1', g: 'b1' }], [{ f: 'a1' }]],
  ['a keyword keeps its wildcards', '- a*z', [{ f: '..a--z..' }], [{ f: 'za' }]],
  ['a number is a keyword', '- 4624', [{ f: 4624 }, { f: 'id=4624.' }], [{ f: 462 }]],
  ['|re over every value', "'|re': ^ev[i1]l$", [{ f: 'x', g: 'ev1l' }], [{ f: 'xevil' }]],
  ['|startswith over every value', "'|startswith': ev", [{ f: 'evil' }], [{ f: 'xevil' }]],
  ['|cased over every value', "'|cased': Evil", [{ f: 'xEvilx' }], [{ f: 'evil' }]],
  [
    'maps and keywords in one list are alternatives',
    '- evil\n- f: a',
    [{ g: 'evil' }, { f: 'a' }],
    [{ f: 'b' }],
  ],
];

/** Condition over identifiers that are true where the event has a field of that name. */
const conditions: readonly (readonly [string, string, string, boolean])[] = [
  ['and', 'a and b', 'a b', true],
  ['and needs both', 'a and b', 'a', false],
  ['or', 'a or b', 'b', true],
  ['not', 'not a', '', true],
  ['not not', 'not not a', 'a', true],
  ['and binds tighter than or', 'a or b and c', 'a', true],
  ['and binds tighter than or, on the left too', 'a and b or c', 'c', true],
  ['not binds tighter than and', 'not a and b', 'b', true],
  ['not binds tighter than and, not the other way', 'not a and b', '', false],
  ['brackets', '(a or b) and c', 'a', false],
  ['brackets close to words', 'not(a or b)and(c)', 'c', true],
  ['nested brackets', '((a and (b or (c))) )', 'a c', true],
  ['an identifier may begin with not', 'notepad', 'notepad', true],
  ['an identifier may begin with and', 'a and andy', 'a andy', true],
  ['an identifier may begin with or', 'orca or a', 'orca', true],
  ['an identifier may be called all', 'all', 'all', true],
  ['1 of a pattern', '1 of sel_*', 'sel_2', true],
  ['1 of a pattern with none', '1 of sel_*', 'a', false],
  ['any of', 'any of sel_*', 'sel_1', true],
  ['all of', 'all of sel_*', 'sel_1 sel_2', true],
  ['all of wants all', 'all of sel_*', 'sel_1', false],
  ['not 1 of', 'a and not 1 of sel_*', 'a', true],
  ['not 1 of with one', 'a and not 1 of sel_*', 'a sel_1', false],
  ['a star anywhere in a pattern', 'all of *_2', 'sel_2', true],
  ['a pattern without a star', '1 of a', 'a', true],
  ['1 of them', '1 of them', 'sel_1', true],
  ['them leaves out names with an underscore before', '1 of them', '_hidden', false],
  ['patterns leave them out too', '1 of *', '_hidden', false],
  ['unless the pattern begins with one', '1 of _*', '_hidden', true],
  ['a list of conditions is any of them', '[a and b, c]', 'c', true],
  ['line breaks are white space', '|-\n    a\n    and b', 'a b', true],
];

describe('matches', () => {
  for (const [title, rows] of Object.entries({ values, modifiers, keywords }))
    describe(title, () => {
      for (const [behaviour, search, matching, others] of rows)
        it(behaviour, () => {
          const rule = searchRule(search);
          for (const fields of matching)
            expect(matches(rule, eventOf(fields)), JSON.stringify(fields)).to.equal(true);
          for (const fields of others)
            expect(matches(rule, eventOf(fields)), JSON.stringify(fields)).to.equal(false);
        });
    });

  describe('conditions', () => {
    const names = ['a', 'b', 'c', 'sel_1', 'sel_2', '_hidden', 'notepad', 'andy', 'orca', 'all'];
    const searches = names.map((name) => `${name}:\n  ${name}|exists: true`).join('\n');
    for (const [behaviour, condition, fields, expected] of conditions)
      it(behaviour, () => {
        const rule = ruleOf(`${searches}\ncondition: ${condition}`);
        const event = eventOf(Object.fromEntries(fields.split(' ').map((name) => [name, 1])));
        expect(matches(rule, event)).to.equal(expected);
      });
  });

  it('searches keywords in the raw message', () => {
    expect(matches(searchRule('- evil'), eventOf({}, 'An EVIL line'))).to.equal(true);
  });

  it('fills placeholders with their values', () => {
    const placeholders = { admins: ['root', 'adm*'], no: [7] };
    const event = (f: unknown): boolean =>
      matches(searchRule("f|expand: 'x-%admins%-%no%'", { placeholders }), eventOf({ f }));
    expect([event('x-root-7'), event('X-ADMIN-7'), event('x-%admins%-7')]).to.eql([true, true, false]);
    const inside = searchRule("f|contains|expand: '%admins%'", { placeholders });
    expect(matches(inside, eventOf({ f: '..root..' }))).to.equal(true);
  });

  it('reads an escaped percent sign as itself', () => {
    const rule = searchRule(String.raw`f|expand: '\%admins\%'`);
    expect(matches(rule, eventOf({ f: '%admins%' }))).to.equal(true);
    expect(matches(searchRule("f|expand: '50% of'"), eventOf({ f: '50% of' }))).to.equal(true);
    expect(matches(searchRule("f: '%admins%'"), eventOf({ f: '%ADMINS%' }))).to.equal(true);
  });
});
