import { expect } from 'chai';
import fc from 'fast-check';
import { CanhError } from '../../../platform/errors/index.ts';
import { formatQuery, matchesQuery, parseQuery, type Query } from '../../../platform/query/index.ts';
import { QUERY_CHARS_MAX } from '../../../platform/query/parse.ts';
import { body, query } from '../../contract/index/random.ts';

const RUNS = 2000;

/** What is typed → how it is written; written again, it stays. */
const rows: readonly (readonly [string, string])[] = [
  ['', '*'],
  ['  a   AND b ', 'a b'],
  ['a and (b or c)', 'a (b or c)'],
  ['(a b) or c', 'a b or c'],
  ['not (a b)', 'not (a b)'],
  ['"say ""hi"""', '"say ""hi"""'],
  ['"and"', '"and"'],
  ['10.0.0.1', '10.0.0.1'],
  ['not*', 'not*'],
  ['"not"*', '"not"*'],
  ['host:"web-01"', 'host:web-01'],
  ['host:"web 01"*', 'host:"web 01"*'],
  ['host:(a or b)', 'host:a or host:b'],
  ['p:{1 to *]', 'p:>1'],
  ['p:[ 1 TO 5 }', 'p:[1 TO 5}'],
  ['p:[* TO *]', 'p:*'],
];

const typed = fc
  .array(
    fc.constantFrom(
      'a',
      'đà',
      '"b c"',
      '"x""y"',
      '*',
      'p*',
      'host:',
      'host:w*',
      'p:[1 TO 2}',
      'p:>=',
      'and',
      'or',
      'not',
      '(',
      ')',
      '"',
      '[',
      ' TO ',
      ':',
      '10.0.0.1',
      'time:2026-11-23',
      'C:\\x',
      '\\',
      '-',
      '.',
      'p:("a" b)',
    ),
    { maxLength: 12 },
  )
  .chain((parts) => fc.constantFrom(parts.join(' '), parts.join('')));

/** The query, or undefined where the text is none. Any error but the one that is meant fails the test. */
function parsed(text: string): Query | undefined {
  try {
    return parseQuery(text);
  } catch (error) {
    if (error instanceof CanhError && error.code === 'query_syntax') return undefined;
    throw error;
  }
}

describe('formatQuery', () => {
  for (const [text, written] of rows) {
    it(`writes ${JSON.stringify(text)} as ${JSON.stringify(written)}`, () => {
      expect(formatQuery(parseQuery(text))).to.equal(written);
      expect(formatQuery(parseQuery(written))).to.equal(written);
    });
  }

  it('writes what is parsed to the same query, whatever was typed', () => {
    fc.assert(
      fc.property(fc.oneof(typed, fc.string({ unit: 'binary' })), (text) => {
        const first = parsed(text);
        if (first !== undefined) expect(parseQuery(formatQuery(first))).to.deep.equal(first);
      }),
      { numRuns: RUNS },
    );
  });

  it('writes a query from elsewhere as one with the same hits', () => {
    fc.assert(
      fc.property(query, fc.array(body, { minLength: 1, maxLength: 5 }), (random, bodies) => {
        const text = formatQuery(random);
        fc.pre(text.length <= QUERY_CHARS_MAX);
        const again = parseQuery(text);
        for (const each of bodies)
          expect(matchesQuery(again, each), text).to.equal(matchesQuery(random, each));
      }),
      { numRuns: RUNS },
    );
  });
});
