import { expect } from 'chai';
import { compileRegex, regexInputCharsMax } from '../../sigma/regex/compile.ts';

/** Each takes minutes or for ever in a backtracking engine. The test is that they return at all. */
const adversarial: readonly (readonly [string, string])[] = [
  [
    String.raw`(set).*&&\s?set.*(environment|invoke|\$?\{?input).*&&.*"`,
    `cmd /c set x=${'set && set environment && '.repeat(1200)}`,
  ],
  [String.raw`(set).*&&\s?set.*(environment|invoke|\$?\{?input).*&&.*"`, `${'&&set'.repeat(6000)}"`],
  ['(a+)+$', `${'a'.repeat(30_000)}!`],
  ['(a|aa)*b?$', `${'a'.repeat(30_000)}c`],
  ['(.*a){12}', 'a b '.repeat(7500)],
  ['([ab]*a[ab]{12}c|[ab]{40}d)', 'ab'.repeat(15_000)],
];

describe('compileRegex', () => {
  for (const [source, text] of adversarial)
    it(`returns from ${source} on ${text.length} characters`, () => {
      expect(compileRegex(source, '')(text)).to.be.a('boolean');
    });

  it('searches a value up to the limit and not beyond', () => {
    const finds = compileRegex('b', '');
    expect(finds(`${'a'.repeat(regexInputCharsMax - 1)}b`)).to.equal(true);
    expect(finds(`${'a'.repeat(regexInputCharsMax)}b`)).to.equal(false);
  });

  for (const source of [
    '(?=a)',
    '(?<!a)b',
    String.raw`(a)\1`,
    '(?>a)',
    'a{1001}',
    '((a{100}){100}){100}',
    '[',
  ])
    it(`refuses ${source}`, () => {
      expect(() => compileRegex(source, '')).to.throw();
    });
});
