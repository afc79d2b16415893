import { expect } from 'chai';
import { conditionCharsMax, conditionDepthMax } from '../../sigma/language/condition.ts';
import { parseRules, type ProblemCode } from '../../sigma/index.ts';
import { alternativesMax } from '../../sigma/language/modifiers.ts';
import { problemsMax } from '../../sigma/language/problems.ts';
import { regexCharsMax } from '../../sigma/regex/compile.ts';
import { depthMax, nodesMax, textCharsMax } from '../../sigma/language/source.ts';
import { ruleText } from './rule-text.ts';

const plain = ruleText('s: {f: a}\ncondition: s');
const withCondition = (condition: string): string => ruleText(`s: {f: a}\ncondition: ${condition}`);
const withSearch = (search: string): string => ruleText(`s: ${search}\ncondition: s`);
const withCustom = (value: string): string => `${plain}custom: ${value}\n`;
/** Values of `plain` with an empty list as `custom`, keys included. */
const plainNodes = 19;

/** A limit, a rule at size `n`, the greatest size, and the problem one past it. */
const rows: readonly (readonly [string, (n: number) => string, number, ProblemCode])[] = [
  ['characters of a text', (n) => plain.padEnd(n), textCharsMax, 'source_too_large'],
  ['values of a document', (n) => withCustom(`[${'1,'.repeat(n - plainNodes)}]`), nodesMax, 'source_too_large'],
  ['levels of a document', (n) => withCustom(`${'['.repeat(n)}${']'.repeat(n)}`), depthMax, 'source_too_large'],
  ['characters of a condition', (n) => withCondition(`"s${' '.repeat(n - 2)}"`), conditionCharsMax + 1, 'condition_too_large'],
  ['levels of a condition', (n) => withCondition(`${'('.repeat(n)}s${')'.repeat(n)}`), conditionDepthMax, 'condition_too_large'],
  ['characters of a regular expression', (n) => withSearch(`{f|re: ${'a'.repeat(n)}}`), regexCharsMax, 'value_too_large'],
]; // prettier-ignore

describe('limits', () => {
  for (const [what, textOf, most, code] of rows)
    it(`${what}: the greatest is taken, one more is refused`, () => {
      expect(parseRules(textOf(most), { file: 'x' }).rules).to.have.length(1);
      const { rules, problems } = parseRules(textOf(most + 1), { file: 'x' });
      expect(rules).to.have.length(0);
      expect(problems.map((problem) => problem.code)).to.include(code);
    });

  it('texts for one value: the greatest is taken, one more is refused', () => {
    const values = (count: number): string[] => Array.from({ length: count }, (_, n) => `v${n}`);
    const parse = (count: number): number =>
      parseRules(withSearch("{f|expand: '%p%'}"), { file: 'x', placeholders: { p: values(count) } }).rules
        .length;
    expect([parse(alternativesMax), parse(alternativesMax + 1)]).to.eql([1, 0]);
  });

  it('problems of a document: the first are kept', () => {
    const { problems } = parseRules('a: 1\n'.repeat(problemsMax + 5), { file: 'x' });
    expect(problems).to.have.length(problemsMax);
  });
});
