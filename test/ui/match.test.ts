import { expect } from 'chai';
import fc from 'fast-check';
import { matchingSpans, mergeSpans } from '../../ui/src/evidence/match.ts';

/** The value with its marked parts in square brackets. */
function marked(value: string, patterns: readonly string[], modifiers: readonly string[]): string {
  let text = '';
  let at = 0;
  for (const { start, end } of matchingSpans(value, patterns, modifiers)) {
    text += `${value.slice(at, start)}[${value.slice(start, end)}]`;
    at = end;
  }
  return text + value.slice(at);
}

const rows: readonly (readonly [string, string, readonly string[], readonly string[], string])[] = [
  ['an equal value is marked whole', 'cmd.exe', ['CMD.EXE'], [], '[cmd.exe]'],
  ['contains marks the part', 'run mimikatz now', ['Mimikatz'], ['contains'], 'run [mimikatz] now'],
  ['startswith marks the beginning', 'powershell -enc', ['power'], ['startswith'], '[power]shell -enc'],
  ['endswith marks the end', 'C:\\Windows\\cmd.exe', ['\\cmd.exe'], ['endswith'], 'C:\\Windows[\\cmd.exe]'],
  ['endswith takes the last occurrence', 'a.exe.exe', ['.exe'], ['endswith'], 'a.exe[.exe]'],
  ['a leading wildcard is left open', 'C:\\x\\cmd.exe', ['*\\cmd.exe'], [], 'C:\\x[\\cmd.exe]'],
  ['what a wildcard stood for is not marked', 'net user bob /add', ['net*/add'], [], '[net] user bob [/add]'],
  ['a question mark stands for one character', 'abc', ['a?c'], [], '[a]b[c]'],
  ['an escaped wildcard is a character', 'rm *', ['rm \\*'], ['contains'], '[rm *]'],
  ['a doubled backslash is one', '\\server', ['\\\\server'], [], '[\\server]'],
  ['several patterns are marked together', 'one two', ['two', 'one'], ['contains', 'all'], '[one] [two]'],
  ['overlapping patterns are one mark', 'abcd', ['abc', 'bcd'], ['contains'], '[abcd]'],
  ['cased takes the case into account', 'ABC abc', ['abc'], ['contains', 'cased'], 'ABC [abc]'],
  ['windash takes any dash', 'x /enc y', ['-enc'], ['contains', 'windash'], 'x [/enc] y'],
  ['a regular expression marks the whole value', 'abc', ['b+'], ['re'], '[abc]'],
  ['a network marks the whole value', '10.1.2.3', ['10.0.0.0/8'], ['cidr'], '[10.1.2.3]'],
  ['exists marks nothing', 'abc', ['true'], ['exists'], 'abc'],
  [
    'a pattern that is not found as text marks the whole value',
    'aGVsbG8=',
    ['hello'],
    ['contains'],
    '[aGVsbG8=]',
  ],
  ['an empty value has no mark', '', ['*'], [], ''],
];

describe('matchingSpans', () => {
  for (const [title, value, patterns, modifiers, expected] of rows) {
    it(title, () => expect(marked(value, patterns, modifiers)).to.equal(expected));
  }

  it('stays within the value, sorted and apart, whatever the pattern', () => {
    const words = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '\\', 'é') });
    const modifiers = fc.subarray(['contains', 'startswith', 'endswith', 'cased', 'windash']);
    fc.assert(
      fc.property(fc.string(), fc.array(words), modifiers, (value, patterns, modifierList) => {
        let at = -1;
        for (const { start, end } of matchingSpans(value, patterns, modifierList)) {
          expect(start).to.be.greaterThan(at);
          expect(end).to.be.greaterThan(start).and.at.most(value.length);
          at = end;
        }
      }),
    );
  });

  it('finds every part of a value', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'B', 'ư', '-') }),
        fc.nat(20),
        fc.nat(20),
        (value, from, length) => {
          const part = value.slice(from, from + length);
          fc.pre(part !== '');
          expect(marked(value, [part], ['contains'])).to.include(`[`);
        },
      ),
    );
  });
});

describe('mergeSpans', () => {
  it('joins spans that touch', () => {
    expect(
      mergeSpans([
        { start: 3, end: 5 },
        { start: 0, end: 3 },
      ]),
    ).to.deep.equal([{ start: 0, end: 5 }]);
  });
});
