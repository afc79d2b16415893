import { expect } from 'chai';
import fc from 'fast-check';
import { parseCondition } from '../../sigma/language/condition.ts';
import { compilePattern, parsePattern, patternText } from '../../sigma/language/pattern.ts';
import { fold } from '../../sigma/language/fold.ts';
import { createEngine, explain, matches, semanticHash } from '../../sigma/index.ts';
import { eventOf, parseRules, ruleText } from './rule-text.ts';

const modifiers = 'contains startswith endswith all re i m s cased cidr exists expand windash base64 base64offset wide utf16be lt gte neq fieldref hour week'.split(' '); // prettier-ignore
const scalar = fc.oneof(
  fc.constantFrom(
    'a',
    'A*',
    '?',
    '\\',
    '\\\\*',
    '',
    '-a /b',
    '%p%',
    '10.0.0.0/8',
    'f',
    'b+',
    '[',
    '2026-01-02',
    'x'.repeat(70),
  ),
  fc.string({ maxLength: 8 }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
const key = fc
  .tuple(fc.constantFrom('f', 'g', ''), fc.array(fc.constantFrom(...modifiers), { maxLength: 3 }))
  .map(([field, names]) => [field, ...names].join('|'));
const map = fc.dictionary(key, fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })), { maxKeys: 3 });
const search = fc.oneof(map, fc.array(fc.oneof(map, scalar), { maxLength: 3 }), scalar);
const words = fc.constantFrom(
  'a',
  'b',
  'c*',
  'and',
  'or',
  'not',
  '(',
  ')',
  '1 of',
  'all of',
  'them',
  '|',
  'AND',
  '\u0000',
);
const condition = fc.array(words, { maxLength: 12 }).map((parts) => parts.join(' '));
const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 2 }), fc.constant({ n: 'a' }));
const event = fc.record({ f: value, g: value }, { requiredKeys: [] });

describe('robustness', function () {
  this.timeout(30_000);

  it('any detection is refused with a reason, or runs and explains itself', () => {
    fc.assert(
      fc.property(search, search, condition, event, (a, b, text, fields) => {
        const json = JSON.stringify({ a, b, condition: text });
        const { rules, problems } = parseRules(
          `title: t\nlogsource: {product: windows}\ndetection: ${json}`,
          { file: 'x', placeholders: { p: ['a'] } },
        );
        const [rule] = rules;
        if (rule === undefined) return problems.some((problem) => problem.severity === 'error');
        const subject = eventOf(fields);
        const matched = matches(rule, subject);
        expect(explain(rule, subject).tree.matched).to.equal(matched);
        expect(createEngine([rule]).match(subject)).to.have.length(matched ? 1 : 0);
        expect(semanticHash(rule)).to.match(/^[0-9a-f]{32}$/);
        return true;
      }),
      { numRuns: 400 },
    );
  });

  it('no text makes the parser throw', () => {
    const yaml = fc.array(fc.constantFrom('a', ': ', '\n', '  ', '- ', '[', ']', '{', '}', '"', "'", '|', '>', '&a ', '*a', '---\n', '#', '!', '%', '\t', '\u0000', 'title', 'detection', '? '), { maxLength: 40 }).map((parts) => parts.join('')); // prettier-ignore
    fc.assert(
      fc.property(fc.oneof(yaml, fc.string({ unit: 'binary' })), (text) => {
        for (const problem of parseRules(text, { file: 'x' }).problems)
          expect(Math.min(problem.line, problem.column)).to.be.at.least(1);
      }),
      { numRuns: 400 },
    );
  });

  for (const [what, text] of [
    ['brackets', '['.repeat(600)],
    ['maps', '{a: '.repeat(300)],
    ['dashes', '- '.repeat(2_000)],
    ['aliases', `a: &a [1, 2]\n${Array.from({ length: 2_000 }, (_, n) => `k${n}: *a`).join('\n')}`],
    ['a broken rule cut anywhere', ruleText("s: {'f|contains': [a, b]}\ncondition: s").slice(0, -9)],
  ] as const)
    it(`${what} end in problems`, () => {
      expect(parseRules(text, { file: 'x' }).problems).to.not.eql([]);
    });

  it('a condition is read or refused', () => {
    fc.assert(
      fc.property(condition, (text) => {
        let refused = false;
        const tree = parseCondition(text, ['a', 'b'], (_code, index) => {
          refused = true;
          expect(index).to.be.within(0, text.length);
        });
        return (tree === undefined) === refused;
      }),
    );
  });

  it('a pattern written out reads as itself', () => {
    const part = fc.constantFrom('a', '\\', '*', '?', 'B', '😀');
    fc.assert(
      fc.property(
        fc.array(part).map((parts) => parts.join('')),
        (text) => {
          const pattern = parsePattern(text);
          expect(parsePattern(patternText(pattern))).to.eql(pattern);
        },
      ),
    );
  });

  it('a pattern matches as the regular expression of the same meaning does', () => {
    const characters = fc.constantFrom('a', 'b', '*', '?', '😀');
    const texts = fc.array(fc.constantFrom('a', 'b', 'A', '😀'), { maxLength: 8 });
    fc.assert(
      fc.property(fc.array(characters, { maxLength: 6 }), texts, (pattern, text) => {
        const source = pattern.map((c) => (c === '*' ? '[^]*' : c === '?' ? '[^]' : c)).join('');
        const subject = text.join('');
        const expected = new RegExp(`^(?:${source})$`, 'u').test(fold(subject));
        expect(compilePattern(parsePattern(pattern.join('')), false)(fold(subject))).to.equal(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('folding the parts folds the whole', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'A', 'Σ', 'ς', 'İ', 'I', 'ı', 'Đ', 'ß', 'K', '😀', '𐐀'),
    });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(fold(a + b)).to.equal(fold(a) + fold(b));
        expect(fold(a)).to.have.length(a.length);
        expect(fold(fold(a))).to.equal(fold(a));
      }),
    );
  });
});
