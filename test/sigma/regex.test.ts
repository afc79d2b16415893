import { expect } from 'chai';
import { regexPositionsMax } from '../../sigma/regex/automaton.ts';
import { compileRegex, regexCharsMax, regexInputCharsMax } from '../../sigma/regex/compile.ts';
import { requiredLiterals, requiredLiteralSets } from '../../sigma/regex/literals.ts';
import { randomFrom, re2 } from './regex-source.ts';

/** Each takes minutes or for ever in a backtracking engine. The test is that they return at all, and what RE2JS does. */
const adversarial: readonly (readonly [string, string])[] = [
  [
    String.raw`(set).*&&\s?set.*(environment|invoke|\$?\{?input).*&&.*"`,
    `cmd /c set x=${'set && set environment && '.repeat(1200)}`,
  ],
  [String.raw`(set).*&&\s?set.*(environment|invoke|\$?\{?input).*&&.*"`, `${'&&set'.repeat(6000)}"`],
  ['(a+)+$', `${'a'.repeat(30_000)}!`],
  ['(a|aa)*b?$', `${'a'.repeat(30_000)}c`],
  ['(a|aa)+$', `${'a'.repeat(30_000)}c`],
  ['(.*)*x', 'a'.repeat(30_000)],
  ['(.*a){12}', 'a b '.repeat(7500)],
  ['([ab]*a[ab]{12}c|[ab]{40}d)', 'ab'.repeat(15_000)],
  [`${'a?'.repeat(100)}${'a'.repeat(100)}b`, 'a'.repeat(30_000)],
  ['[^/]{100,}$', `${'a'.repeat(99)}/`.repeat(600)],
  ['x*y', 'x'.repeat(60_000)],
];

/** Where JavaScript, or a careless automaton, would say something else: expression, flags, text, whether it is found. */
const semantics: readonly (readonly [string, string, string, boolean])[] = [
  ['a$', '', 'a\n', false],
  ['a$', 'm', 'a\n', true],
  ['^b', '', 'a\nb', false],
  ['^b', 'm', 'a\nb', true],
  ['^$', '', '', true],
  ['^$', '', 'a', false],
  ['^$', 'm', 'a\n\nb', true],
  ['$', '', 'a', true],
  [String.raw`\Ab`, 'm', 'a\nb', false],
  [String.raw`a\z`, 'm', 'a\nb', false],
  ['a.b', '', 'a\nb', false],
  ['a.b', 's', 'a\nb', true],
  ['a.b', '', 'a\rb', true],
  ['a.b', '', 'a\u2028b', true],
  ['^.$', '', '😀', true],
  ['^.$', '', '\ud83d', true],
  ['^..$', '', '😀', false],
  [String.raw`^\x{1F600}$`, '', '😀', true],
  ['[😀-😂]', '', '😁', true],
  ['[^a]$', '', '😀', true],
  [String.raw`^\w$`, '', 'é', false],
  [String.raw`^\d$`, '', '٣', false],
  [String.raw`^\s$`, '', '\u00a0', false],
  [String.raw`^\s$`, '', '\v', false],
  [String.raw`^[[:space:]]$`, '', '\v', true],
  [String.raw`\bcat\b`, '', 'a cat.', true],
  [String.raw`\bcat\b`, '', 'a cats', false],
  [String.raw`\bcat`, '', 'écat', true],
  [String.raw`a\Bb`, '', 'ab', true],
  [String.raw`^\B$`, '', '', true],
  [String.raw`\b`, '', '--', false],
  ['k', 'i', '\u212a', true],
  ['s', 'i', 'ſ', true],
  ['[^s]', 'i', 'ſ', false],
  [String.raw`^\w$`, 'i', 'ſ', true],
  ['ậ', 'i', 'Ậ', true],
  ['σ', 'i', 'ς', true],
  ['i', 'i', 'İ', false],
  ['a(?i)b', '', 'aB', true],
  ['a(?i)b', '', 'AB', false],
  ['(?i:a)b', '', 'Ab', true],
  ['(?i:a)b', '', 'AB', false],
  ['(?i)a(?-i)b', '', 'AB', false],
  ['(a(?i)b|c)d', '', 'CD', false],
  [String.raw`\p{Lu}`, '', 'Ậ', true],
  [String.raw`^\pN$`, '', '٣', true],
  [String.raw`\Qa.b\E`, '', 'axb', false],
  [String.raw`\Qab\E+$`, '', 'abbb', true],
  ['a{,2}', '', 'a{,2}', true],
  ['a{01}', '', 'a{01}', true],
  ['^[]a]$', '', ']', true],
  [String.raw`^[\]-a]$`, '', '^', true],
  ['(?P<name>a)(?<other>b)', '', 'ab', true],
  ['(|a)+b', '', 'aab', true],
  ['(?:^)*a', '', 'ba', true],
  ['(?:^)+a', '', 'ba', false],
  ['(?:a|^)b', '', 'cb', false],
  [`${'('.repeat(400)}ab${')'.repeat(400)}`, '', 'xab', true],
];

/** Literals that stand for an expression, or that nothing is certain. */
const literals: readonly (readonly [string, string, readonly string[] | undefined])[] = [
  ['PowerShell', '', ['powershell']],
  [String.raw`\\ntsvcs[0-9a-f]{2}`, '', [String.raw`\ntsvcs`]],
  ['^(?:dup2|spawn)$', '', ['dup2', 'spawn']],
  ['(?:dup2|spawn)?x', '', ['x']],
  ['a*', '', undefined],
  ['.{1000,}', '', undefined],
  ['^[a-z]{16}$', '', undefined],
  ['(?:foo|.*)', '', undefined],
  ['(?:abc){3}', '', ['abcabcabc']],
  ['net +view', '', ['view']],
  ['[Rr][Uu][Nn]', '', ['run']],
  ['KILL', 'i', ['kill']],
  ['sc', 'i', ['sc', 'ſc']],
  ['Ậ', '', ['ậ']],
  ['x|', '', undefined],
];

describe('compileRegex', () => {
  for (const [source, text] of adversarial)
    it(`returns from ${source.slice(0, 80)} on ${text.length} characters`, () => {
      expect(compileRegex(source, '')(text)).to.equal(re2(source, '')?.test(text));
    });

  for (const [source, flags, text, found] of semantics)
    it(`${found ? 'finds' : 'does not find'} ${source.slice(0, 40)} (${flags}) in ${JSON.stringify(text)}`, () => {
      expect(re2(source, flags)?.test(text), 'RE2JS').to.equal(found);
      expect(compileRegex(source, flags)(text)).to.equal(found);
    });

  it('searches a value up to the limit and not beyond', () => {
    const finds = compileRegex('b', '');
    expect(finds(`${'a'.repeat(regexInputCharsMax - 1)}b`)).to.equal(true);
    expect(finds(`${'a'.repeat(regexInputCharsMax)}b`)).to.equal(false);
  });

  it('takes the limit of a value for its end, also between the halves of a character', () => {
    const text = `${'a'.repeat(regexInputCharsMax - 1)}😀`;
    expect(compileRegex(String.raw`a\x{d83d}$`, '')(text)).to.equal(true);
    expect(compileRegex('😀', '')(text)).to.equal(false);
  });

  it('does not look behind the end of a text that was cut out of another, however often it is asked', () => {
    const finds = compileRegex('😀', '');
    const found = Array.from({ length: 3000 }, (_, n) => finds(`${n}${'a'.repeat(300)}😀`.slice(0, -1)));
    expect(found.includes(true)).to.equal(false);
  });

  it('gives the same verdicts when it has to forget what it remembered, and when remembering does not pay', () => {
    const source = '[ab]*a[ab]{40}[^ab]';
    const finds = compileRegex(source, '');
    const random = randomFrom(1);
    const jumble = Array.from({ length: 10_000 }, () => (random() < 0.5 ? 'a' : 'b')).join('');
    const end = `a${'b'.repeat(40)}c`;
    for (const start of [jumble, 'b'.repeat(40_000) + jumble, jumble.slice(0, 9000)])
      for (const text of [start, `${start}b${'b'.repeat(40)}c`, start + end, 'c', end])
        expect(finds(text)).to.equal(re2(source, '')?.test(text));
  });

  it('takes an expression at the limit of its size and not beyond', () => {
    const many = 'a{1000}'.repeat(16);
    const rest = regexPositionsMax - 16_000;
    expect(compileRegex(`${many}a{${rest}}`, '')('a'.repeat(regexPositionsMax))).to.equal(true);
    expect(() => compileRegex(`${many}a{${rest + 1}}`, '')).to.throw('expression of 16385 characters');
  });

  it('refuses an expression with too many ways through it', () => {
    expect(compileRegex('a?'.repeat(200), '')('b')).to.equal(true);
    expect(() => compileRegex('a?'.repeat(regexCharsMax / 2), '')).to.throw('too many ways');
  });

  const refused = String.raw`(?=a) (?<!a)b (a)\1 (?>a) a{1001} ((a{100}){100}){100} [ ( ) a** a++ *a a{2}{3} (?x)a a\ \8 \pX
    (?P<n>a)(?P<n>b) [b-a] [[:no:]] \x{110000} a{100000000000}`;
  for (const source of [...refused.split(/\s+/), '('.repeat(1001)])
    it(`refuses ${source.slice(0, 40)}`, () => {
      expect(re2(source, '')).to.equal(undefined);
      expect(() => compileRegex(source, '')).to.throw();
    });
});

describe('requiredLiterals', () => {
  for (const [source, flags, expected] of literals)
    it(`of ${source} (${flags}) are ${expected?.join(' or ') ?? 'unknown'}`, () => {
      expect(requiredLiterals(source, flags)).to.eql(expected);
    });

  it('come in several sets where several parts are certain, the rarest first', () => {
    expect(requiredLiteralSets('net +stop +(?:super|backup)man', '')).to.eql([
      ['superman', 'backupman'],
      ['super', 'backup'],
      ['stop'],
      ['net'],
      [' '],
    ]);
  });
});
