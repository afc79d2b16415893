import { expect } from 'chai';
import type { CanhError } from '../../../platform/errors/index.ts';
import { matchAll, parseQuery, type Query } from '../../../platform/query/index.ts';
import { QUERY_CHARS_MAX, QUERY_DEPTH_MAX, QUERY_TERMS_MAX } from '../../../platform/query/parse.ts';

const text = (words: string, how: Partial<Extract<Query, { kind: 'text' }>> = {}): Query => ({
  kind: 'text',
  text: words,
  phrase: false,
  prefix: false,
  ...how,
});
const field = (name: string, value: string, prefix = false): Query => ({
  kind: 'field',
  field: name,
  value,
  prefix,
});
const phrase = { phrase: true };
const prefix = { prefix: true };
const [a, b, c] = [text('a'), text('b'), text('c')];
const day = { value: '2026-11-23', inclusive: true };

/** What is typed → what it means. */
const rows: readonly (readonly [string, Query])[] = [
  ['', matchAll],
  ['  \t\n ', matchAll],
  ['*', matchAll],
  ['word', text('word')],
  ['  word  ', text('word')],
  ['wo*', text('wo', prefix)],
  ['"a b"', text('a b', phrase)],
  ['"one"', text('one', phrase)],
  ['"a b"*', text('a b', { ...phrase, ...prefix })],
  ['"say ""hi"""', text('say "hi"', phrase)],
  ['""', text('', phrase)],
  ['10.0.0.1', text('10.0.0.1', phrase)],
  ['10.0.*', text('10.0.', { ...phrase, ...prefix })],
  ['http://host/x', text('http://host/x', phrase)],
  ['C:\\Windows', text('C:\\Windows', phrase)],
  ['fe80::1', text('fe80::1', phrase)],
  ['Cần', text('Cần')],
  ['a b', { kind: 'and', children: [a, b] }],
  ['a and b', { kind: 'and', children: [a, b] }],
  ['a AND b OR c', { kind: 'or', children: [{ kind: 'and', children: [a, b] }, c] }],
  ['a or b c', { kind: 'or', children: [a, { kind: 'and', children: [b, c] }] }],
  ['(a or b) c', { kind: 'and', children: [{ kind: 'or', children: [a, b] }, c] }],
  ['((a))', a],
  ['not a', { kind: 'not', child: a }],
  ['NOT not a', { kind: 'not', child: { kind: 'not', child: a } }],
  ['not a b', { kind: 'and', children: [{ kind: 'not', child: a }, b] }],
  ['not (a b)', { kind: 'not', child: { kind: 'and', children: [a, b] } }],
  ['android', text('android')],
  ['"and"', text('and', phrase)],
  ['host:web-01', field('host', 'web-01')],
  ['host:web*', field('host', 'web', true)],
  ['host:"web 01"', field('host', 'web 01')],
  ['host:"web 0"*', field('host', 'web 0', true)],
  ['host:"*"', field('host', '*')],
  ['url:http://host/x', field('url', 'http://host/x')],
  ['canh.native.LogonType:3', field('canh.native.LogonType', '3')],
  ['level:(a or b)', { kind: 'or', children: [field('level', 'a'), field('level', 'b')] }],
  [
    'level:(not a b*)',
    { kind: 'and', children: [{ kind: 'not', child: field('level', 'a') }, field('level', 'b', true)] },
  ],
  ['host:*', { kind: 'exists', field: 'host' }],
  ['host:[* TO *]', { kind: 'exists', field: 'host' }],
  ['p:>5', { kind: 'range', field: 'p', lower: { value: '5', inclusive: false } }],
  ['p:>=5', { kind: 'range', field: 'p', lower: { value: '5', inclusive: true } }],
  ['p:<5', { kind: 'range', field: 'p', upper: { value: '5', inclusive: false } }],
  ['p:<= 5', { kind: 'range', field: 'p', upper: { value: '5', inclusive: true } }],
  [
    'p:[1 TO 5]',
    {
      kind: 'range',
      field: 'p',
      lower: { value: '1', inclusive: true },
      upper: { value: '5', inclusive: true },
    },
  ],
  [
    'p:{1 to "5 6"}',
    {
      kind: 'range',
      field: 'p',
      lower: { value: '1', inclusive: false },
      upper: { value: '5 6', inclusive: false },
    },
  ],
  ['p:[1 TO *]', { kind: 'range', field: 'p', lower: { value: '1', inclusive: true } }],
  ['p:{* TO 5]', { kind: 'range', field: 'p', upper: { value: '5', inclusive: true } }],
  ['time:2026-11-23', { kind: 'range', field: 'time', lower: day, upper: day }],
  ['@timestamp:2026-11-23', { kind: 'range', field: '@timestamp', lower: day, upper: day }],
  ['time:today', field('time', 'today')],
  ['time:2026-11*', field('time', '2026-11', true)],
];

/** What is typed → the column at which it goes wrong, and what the message says. */
const mistakes: readonly (readonly [string, number, string])[] = [
  ['a)', 2, 'closing bracket'],
  ['(a', 1, 'not closed'],
  ['a (b (c)', 3, 'not closed'],
  ['()', 2, 'Something is missing'],
  ['not', 4, 'Something is missing'],
  ['a and', 6, 'Something is missing'],
  ['a or', 5, 'Something is missing'],
  ['or a', 1, 'before "or"'],
  ['a and or b', 7, 'before "or"'],
  ['a not and', 7, 'before "and"'],
  ['"abc', 1, 'quote is not closed'],
  ['x "a"" b', 3, 'quote is not closed'],
  ['a*b', 2, '"*" can stand only at the end'],
  ['x *a', 3, '"*" can stand only at the end'],
  ['host:w*b', 7, '"*" can stand only at the end'],
  ['host:', 6, 'A value is missing'],
  ['host: a', 6, 'A value is missing'],
  ['host:()', 7, 'Something is missing'],
  ['p:>', 4, 'A value is missing'],
  ['p:>5*', 6, 'cannot follow a bound'],
  ['p:[1 5]', 7, '"TO" is missing'],
  ['p:[1 TO 5', 3, 'range is not closed'],
  ['p:[1 TO ]', 9, 'bound of the range is missing'],
  ['p:[]', 4, 'bound of the range is missing'],
];

function errorOf(query: string): CanhError {
  try {
    parseQuery(query);
  } catch (error) {
    return error as CanhError;
  }
  throw new Error(`no error for ${query.slice(0, 80)}`);
}

describe('parseQuery', () => {
  for (const [typed, meant] of rows) {
    it(`reads ${JSON.stringify(typed)}`, () => {
      expect(parseQuery(typed)).to.deep.equal(meant);
    });
  }

  for (const [typed, column, sentence] of mistakes) {
    it(`says what is wrong in ${JSON.stringify(typed)} and where`, () => {
      const error = errorOf(typed);
      expect(error).to.include({ code: 'query_syntax' });
      expect(error.place).to.deep.equal({ column });
      expect(error.message).to.include(`Column ${column}: `).and.to.include(sentence);
    });
  }

  /** What is typed at a maximum and one past it, and what the message then says. */
  const maxima: readonly (readonly [string, (size: number) => string, number, string])[] = [
    ['QUERY_CHARS_MAX', (size) => 'x'.repeat(size), QUERY_CHARS_MAX, 'longer than'],
    ['QUERY_TERMS_MAX', (size) => 'x '.repeat(size), QUERY_TERMS_MAX, 'terms'],
    ['QUERY_TERMS_MAX of one field', (size) => `h:(${'x '.repeat(size)})`, QUERY_TERMS_MAX, 'terms'],
    [
      'QUERY_DEPTH_MAX brackets',
      (size) => `${'('.repeat(size)}x${')'.repeat(size)}`,
      QUERY_DEPTH_MAX,
      'brackets',
    ],
    ['QUERY_DEPTH_MAX times "not"', (size) => `${'not '.repeat(size)}x`, QUERY_DEPTH_MAX, '"not"'],
    [
      'QUERY_DEPTH_MAX of both',
      (size) => `${'not ('.repeat(size / 2)}${size % 2 === 0 ? 'x' : 'not x'}${')'.repeat(size / 2)}`,
      QUERY_DEPTH_MAX,
      '"not"',
    ],
  ];
  for (const [name, typed, most, sentence] of maxima) {
    it(`takes ${name} and no more`, () => {
      expect(parseQuery(typed(most))).to.have.property('kind');
      expect(errorOf(typed(most + 1))).to.include({ code: 'query_syntax' });
      expect(errorOf(typed(most + 1)).message).to.include(sentence);
    });
  }
});
