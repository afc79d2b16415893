import { expect } from 'chai';
import { conditionCharsMax, conditionDepthMax, conditionNodesMax } from '../../sigma/language/condition.ts';
import { valueFieldsMax } from '../../sigma/language/correlation-condition.ts';
import { aliasesMax, groupFieldsMax, referencesMax } from '../../sigma/language/correlation-document.ts';
import { filterReferencesMax } from '../../sigma/language/filter-document.ts';
import { conditionsMax } from '../../sigma/language/rule-document.ts';
import { timespanMsMax } from '../../sigma/language/timespan.ts';
import { loadRules, type ProblemCode } from '../../sigma/index.ts';
import { alternativesMax } from '../../sigma/language/modifiers.ts';
import { problemsMax } from '../../sigma/language/problems.ts';
import { regexCharsMax } from '../../sigma/regex/compile.ts';
import { depthMax, nodesMax, textCharsMax } from '../../sigma/language/source.ts';
import { correlationText, filterText, namedRule } from './problem-case.ts';
import { parseRules, ruleText } from './rule-text.ts';

const plain = ruleText('s: {f: a}\ncondition: s');
const withCondition = (condition: string): string => ruleText(`s: {f: a}\ncondition: ${condition}`);
const withSearch = (search: string): string => ruleText(`s: ${search}\ncondition: s`);
const withCustom = (value: string): string => `${plain}custom: ${value}\n`;
/** Values of `plain` with an empty list as `custom`, keys included. */
const plainNodes = 19;

const many = (count: number, what: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => what(n)).join('');

/** A limit, a rule at size `n`, the greatest size, and the problem one past it. */
const rows: readonly (readonly [string, (n: number) => string, number, ProblemCode])[] = [
  ['characters of a text', (n) => plain.padEnd(n), textCharsMax, 'source_too_large'],
  ['values of a document', (n) => withCustom(`[${'1,'.repeat(n - plainNodes)}]`), nodesMax, 'source_too_large'],
  ['levels of a document', (n) => withCustom(`${'['.repeat(n)}${']'.repeat(n)}`), depthMax, 'source_too_large'],
  ['characters of a condition', (n) => withCondition(`"s${' '.repeat(n - 2)}"`), conditionCharsMax + 1, 'condition_too_large'],
  ['levels of a condition', (n) => withCondition(`${'('.repeat(n)}s${')'.repeat(n)}`), conditionDepthMax, 'condition_too_large'],
  ['characters of a regular expression', (n) => withSearch(`{f|re: ${'a'.repeat(n)}}`), regexCharsMax, 'value_too_large'],
  ['identifiers in a condition', (n) => ruleText(`${many(n, (at) => `a${at}: {f: 1}\n`)}condition: 1 of a*`), conditionNodesMax, 'condition_too_large'],
  ['conditions in a list', (n) => withCondition(`[${many(n, () => 's, ')}]`), conditionsMax, 'condition_too_large'],
]; // prettier-ignore

/** The same of correlations and filters: one document, and the rules that it refers to. */
const documentRows: readonly (readonly [string, (n: number) => string, number, ProblemCode])[] = [
  ['rules of a correlation', (n) => correlationText({ rules: `[${many(n, (at) => `r${at}, `)}]` }), referencesMax, 'correlation_rules'],
  ['fields to group by', (n) => correlationText({ rules: 'r0', 'group-by': `[${many(n, (at) => `f${at}, `)}]` }), groupFieldsMax, 'correlation_group_by'],
  ['fields of a value', (n) => correlationText({ rules: 'r0', type: 'value_count', condition: `{gte: 5, field: [${many(n, (at) => `f${at}, `)}]}` }), valueFieldsMax, 'correlation_field'],
  ['aliases', (n) => correlationText({ rules: 'r0', aliases: `{${many(n, (at) => `x${at}: {r0: f}, `)}}` }), aliasesMax, 'correlation_alias'],
  ['the timespan in days', (n) => correlationText({ rules: 'r0', timespan: `${n}d` }), timespanMsMax / 86_400_000, 'correlation_timespan'],
  ['rules of a filter', (n) => filterText({ rules: `[${many(n, (at) => `r${at}, `)}]` }), filterReferencesMax, 'filter_rules'],
]; // prettier-ignore

describe('limits', () => {
  for (const [what, textOf, most, code] of rows)
    it(`${what}: the greatest is taken, one more is refused`, () => {
      expect(parseRules(textOf(most), { file: 'x' }).rules).to.have.length(1);
      const { rules, problems } = parseRules(textOf(most + 1), { file: 'x' });
      expect(rules).to.have.length(0);
      expect(problems.map((problem) => problem.code)).to.include(code);
    });

  for (const [what, textOf, most, code] of documentRows)
    it(`${what}: the greatest is taken, one more is refused`, () => {
      const rules = many(referencesMax, (n) => `---\n${namedRule(`r${n}`)}`);
      const codesOf = (n: number): readonly string[] =>
        loadRules([{ file: 'x', text: textOf(n) + rules }])
          .problems.filter(({ severity }) => severity === 'error')
          .map((problem) => problem.code);
      expect(codesOf(most)).to.eql([]);
      expect(codesOf(most + 1)).to.eql([code]);
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

  it('warnings of a document: however many they are, only an error refuses, and it is told', () => {
    const values = many(problemsMax + 50, (n) => `'*a${n}*', `);
    const load = (more: string): ReturnType<typeof parseRules> => parseRules(withSearch(`{f|contains: [${values}]${more}}`), { file: 'x' });
    expect(load('').rules).to.have.length(1);
    const { rules, problems } = load(', g|cidr: x');
    expect([rules.length, problems.length, problems.at(-1)?.code]).to.eql([0, problemsMax, 'cidr_invalid']);
  }); // prettier-ignore

  /** Small texts that stand for something large, and what becomes of them. */
  for (const [what, text, rules, code] of [
    ['dashes', withSearch(`{f|windash: '${'-a '.repeat(150_000)}'}`), 0, 'value_too_large'],
    ['one id for thousands', Array.from({ length: 5000 }, () => `id: x\n${plain}`).join('---\n'), 5000, 'id_duplicate'],
    ['a large search named thousands of times', ruleText(`s:\n${many(20_000, (n) => `  - f${n}: x\n`)}condition: ${'s or '.repeat(3000)}s`), 1, undefined],
    ['patterns for thousands of identifiers', ruleText(`${many(20_000, (n) => `b${n}: {f: x}\n`)}condition: ${many(500, (n) => `1 of b${n + 10_000}* or `)}b1`), 0, 'condition_too_large'],
    ['aliases in every document', Array.from({ length: 50 }, () => `${plain}c: &c [${'1,'.repeat(100)}]\nd: &d [${'*c,'.repeat(40)}]\n`).join('---\n'), 24, 'source_too_large'],
    ['one large document for all', `action: global\n${withSearch(`[{f: [${'1,'.repeat(20_000)}]}]`)}${'---\ntitle: x\n'.repeat(50)}`, 4, 'source_too_large'],
    ['assertions repeated', withSearch(`{f|re: '(?:${'^'.repeat(2000)}){1000}'}`), 0, 'regex_invalid'],
  ] as const)
    it(`${what}: neither time nor room without end`, () => {
      const set = loadRules([{ file: 'x', text }]);
      expect(set.rules).to.have.length(rules);
      if (code !== undefined) expect(set.problems.map((problem) => problem.code)).to.include(code);
    }); // prettier-ignore

  it('filters and unknown references: each is looked at once, not with all others', function () {
    this.timeout(10_000);
    const long = (n: number, fill: string): string => `${'x'.repeat(50)}${String(n).padStart(13, fill)}`;
    const rules = Array.from({ length: 300 }, (_, n) => namedRule(long(n, '0')));
    const filters = Array.from({ length: 50 }, (_, n) => filterText({ rules: 'any', x: `{u: ${n}}` }));
    const correlation = correlationText({ rules: `[${many(256, (n) => `${long(n, 'y')}, `)}]` });
    const set = loadRules([{ file: 'x', text: [...rules, ...filters, correlation].join('---\n') }]);
    expect([set.rules.length, set.rules[0]?.filters?.length, set.correlations.length]).to.eql([300, 50, 0]);
  });
});
