import { expect } from 'chai';
import type { JsonObject } from '../../../platform/event.ts';
import { DEPTH_MAX } from '../../../platform/query/document.ts';
import { matchesQuery, parseQuery } from '../../../platform/query/index.ts';
import { TEXT_CHARS_MAX } from '../../../platform/query/tokens.ts';

const event: JsonObject = {
  '@timestamp': '2026-11-23T12:00:00.000Z',
  host: { name: 'WEB-01' },
  'user.name': 'Nguyễn Văn A',
  source: [
    { ip: '10.0.0.7', port: 22 },
    { ip: '10.0.0.70', port: 50122 },
  ],
  process: { executable: 'C:\\Windows\\System32\\cmd.exe', args: ['/c', 'whoami'] },
  place: ['Cần Thơ', 'Đà Nẵng'],
  release: '2026-11-01',
  version: '1.10',
  retries: 0,
  remote: false,
  gone: null,
  none: [],
  canh: { level: 'high', native: { LogonType: '3', CommandLine: 'cmd /c whoami' } },
};

/** Queries that `event` is a hit of, and queries that it is not. */
const operators: Readonly<
  Record<string, { readonly hits: readonly string[]; readonly misses: readonly string[] }>
> = {
  everything: { hits: ['', '*', '...', '"..."', 'not not *'], misses: ['not *'] },
  'a word': {
    hits: [
      'exe',
      'EXE',
      'cmd.exe',
      'whoami',
      '22',
      '0',
      'can tho',
      'tho can',
      'da nang',
      'Đà Nẵng',
      'ĐÀ nẵng',
      'nguyen',
      'high',
    ],
    misses: ['ex', 'xe', 'password', 'false', 'null', 'name', 'exe password'],
  },
  'the beginning of a word': {
    hits: ['wind*', 'Nẵ*', '501*', 'cmd.e*', 'windows sys*', '"da na"*'],
    misses: ['indows*', 'wind* nosuch*', 'exe.cm*'],
  },
  'a phrase': {
    hits: ['"windows system32"', '"cần thơ"', '"can tho"', '10.0.0.7', '"/c"', '"system32 cm"*'],
    misses: ['"system32 windows"', '"tho da"', '"c whoami windows"', '10.0.7', '"windows system"'],
  },
  'a value of a field': {
    hits: [
      'host.name:web-01',
      'host:WEB-01',
      'user:"nguyen van a"',
      'source.ip:10.0.0.70',
      'src:10.0.0.7',
      'source.port:22',
      'remote:false',
      'retries:0',
      'place:"da nang"',
      'LogonType:3',
      'canh.native.LogonType:3',
      'CommandLine:"cmd /C whoami"',
      'level:(low or high)',
    ],
    misses: [
      'host:web',
      'host:01',
      'user:nguyen',
      'source.ip:10.0.0',
      'source:22',
      'gone:null',
      'level:(low or medium)',
      'native.LogonType:3',
      'none:""',
    ],
  },
  'the beginning of a value': {
    hits: [
      'host:web*',
      'user:"nguyen v"*',
      'process.executable:"c:\\windows\\"*',
      'source.port:50*',
      'place:đa*',
    ],
    misses: ['host:01*', 'place:nang*', 'nosuch:""*'],
  },
  'what exists': {
    hits: ['host:*', 'source:*', 'source.ip:*', 'retries:*', 'remote:*', 'user.name:*', 'canh:*'],
    misses: [
      'gone:*',
      'none:*',
      'nosuch:*',
      'host.nosuch:*',
      'host.name.x:*',
      'user:"*"',
      '__proto__:*',
      'toString:*',
    ],
  },
  'a range of numbers': {
    hits: [
      'source.port:>22',
      'source.port:>=50122',
      'source.port:[22 TO 23]',
      'source.port:<50',
      'retries:<=0',
      'retries:>-1',
      'version:<9',
      'source.port:{21.5 TO 22]',
    ],
    misses: [
      'source.port:>50122',
      'source.port:<22',
      'source.port:{22 TO 50122}',
      'retries:>0',
      'gone:<5',
      'nosuch:>0',
    ],
  },
  'a range of times': {
    hits: [
      'time:2026-11-23',
      'time:>=2026-11-23',
      'time:<=2026-11-23',
      'time:[2026-11 TO 2026-11]',
      'time:2026-11-23T12:00',
      'time:"2026-11-23T19:00+07:00"',
      'release:<2026-11-02',
      'time:<2026-11-23T12:00:00.001Z',
    ],
    misses: [
      'time:2026-11-22',
      'time:>2026-11-23',
      'time:<2026-11-23',
      'time:>2026-11',
      'time:2026-11-23T12:01',
      'release:>2026-11-01',
    ],
  },
  'a range of text': {
    hits: ['host:>w', 'host:[a TO X]', 'place:<D', 'src:[10.0.0.0 TO 10.0.0.9]', 'place:>"da nan"'],
    misses: ['host:<web-01', 'host:>web-01', 'place:>e', 'host:{web-01 TO x]'],
  },
  'and, or, not': {
    hits: [
      'exe and host:*',
      'exe or password',
      'not password',
      'not (exe and password)',
      'password or exe and high',
      '(password or exe) high',
    ],
    misses: [
      'exe and password',
      'not exe',
      'not (exe or password)',
      '(password or exe) and low',
      'password or exe low',
    ],
  },
};

const nested = (levels: number): JsonObject =>
  JSON.parse(`${'{"a":'.repeat(levels)}"leaf"${'}'.repeat(levels)}`) as JsonObject;

describe('matchesQuery', () => {
  for (const [operator, { hits, misses }] of Object.entries(operators)) {
    it(`finds by ${operator}`, () => {
      for (const query of hits) expect(matchesQuery(parseQuery(query), event), query).to.equal(true);
      for (const query of misses) expect(matchesQuery(parseQuery(query), event), query).to.equal(false);
    });
  }

  it('takes queries and documents composed or decomposed', () => {
    for (const form of ['NFC', 'NFD'] as const) {
      const document = { place: 'Cần Thơ, Đà Nẵng'.normalize(form) };
      for (const typed of [
        'cần thơ',
        'can tho',
        'đà',
        'place:"can tho, da nang"',
        'place:Cần*',
        '"đà nẵ"*',
      ]) {
        for (const query of [typed.normalize('NFC'), typed.normalize('NFD')]) {
          expect(matchesQuery(parseQuery(query), document), `${form} ${query}`).to.equal(true);
        }
      }
    }
  });

  it('looks DEPTH_MAX levels deep and no deeper', () => {
    const path = (levels: number) => Array.from({ length: levels }, () => 'a').join('.');
    for (const query of ['leaf', `${path(DEPTH_MAX)}:leaf`]) {
      expect(matchesQuery(parseQuery(query), nested(DEPTH_MAX)), query.slice(-9)).to.equal(true);
    }
    for (const query of ['leaf', `${path(DEPTH_MAX + 1)}:leaf`]) {
      expect(matchesQuery(parseQuery(query), nested(DEPTH_MAX + 1)), query.slice(-9)).to.equal(false);
    }
  });

  it('searches TEXT_CHARS_MAX characters by free text, short values first, and all of a field', () => {
    const long = `${'x'.repeat(TEXT_CHARS_MAX - 6)} edge`;
    expect(matchesQuery(parseQuery('edge'), { long, z: 'a' })).to.equal(true);
    expect(matchesQuery(parseQuery('edge'), { long, z: 'ab' })).to.equal(false);
    expect(matchesQuery(parseQuery('ab'), { long, z: 'ab' })).to.equal(true);
    expect(matchesQuery(parseQuery('z:ab long:x*'), { long, z: 'ab' })).to.equal(true);
  });
});
