import { expect } from 'chai';
import {
  linkDocuments,
  loadRules,
  parseDocuments,
  problemCatalogue,
  type ProblemCode,
} from '../../sigma/index.ts';
import { correlationCases } from './correlation-cases.ts';
import { filterCases } from './filter-cases.ts';
import { lintCases, quietRules } from './lint-cases.ts';
import type { ProblemCase as Case } from './problem-case.ts';
import { parseRules, ruleText } from './rule-text.ts';

/** The detection's lines begin at line 6, two columns in. */
const inDetection = (
  when: string,
  detection: string,
  code: ProblemCode,
  at: readonly [number, number],
  suggestion?: string,
): Case => ({
  when,
  text: ruleText(detection),
  code,
  at,
  ...(suggestion === undefined ? {} : { suggestion }),
});
const search = (
  when: string,
  item: string,
  code: ProblemCode,
  at: readonly [number, number],
  suggestion?: string,
): Case => inDetection(when, `s:\n  ${item}\ncondition: s`, code, at, suggestion);
const condition = (
  when: string,
  text: string,
  code: ProblemCode,
  column: number,
  suggestion?: string,
): Case =>
  inDetection(
    when,
    `a: {f: 1}\nb1: {f: 2}\nb2: {f: 3}\ncondition: ${text}`,
    code,
    [9, 13 + column],
    suggestion,
  );

const plain = ruleText('s: {f: a}\ncondition: s');
const without = (start: string): string =>
  plain
    .split('\n')
    .filter((line) => !line.startsWith(start))
    .join('\n');

const documents: readonly Case[] = [
  { when: 'the YAML is broken', text: 'title: "x', code: 'yaml_syntax', at: [1, 10] },
  { when: 'a key stands twice', text: `${plain}title: again\n`, code: 'yaml_duplicate_key', at: [8, 1] },
  { when: 'a key is a list', text: `${plain}? [a]\n: b\n`, code: 'yaml_key', at: [8, 3] },
  { when: 'the text is too long', text: ' '.repeat(1024 * 1024 + 1), code: 'source_too_large', at: [1, 1] },
  { when: 'the nesting is too deep', text: `a: ${'['.repeat(40)}${']'.repeat(40)}`, code: 'source_too_large', at: [1, 36] },
  { when: 'an alias is inside of what it stands for', text: 'a: &a [*a]', code: 'source_too_large', at: [1, 7] },
  { when: 'the document is a list', text: '- a', code: 'document_not_map', at: [1, 1] },
  { when: 'the document is two things', text: `${plain}correlation: {}`, code: 'document_kind', at: [8, 1] },
  { when: 'the title is missing', text: without('title'), code: 'title_missing', at: [1, 1] },
  { when: 'the title is a map', text: plain.replace('Test', '{a: b}'), code: 'metadata_invalid', at: [1, 9] },
  { when: 'the id is no UUID', text: `id: 12\n${plain}`, code: 'id_invalid', at: [1, 5] },
  { when: 'the level is missing', text: without('level'), code: 'level_missing', at: [1, 1] },
  { when: 'the level is misspelt', text: plain.replace('low', 'hihg'), code: 'level_invalid', at: [2, 8], suggestion: 'high' },
  { when: 'the level has capitals', text: plain.replace('low', 'High'), code: 'level_case', at: [2, 8], suggestion: 'high' },
  { when: 'a key is misspelt', text: `statsu: test\n${plain}`, code: 'key_misspelt', at: [1, 1], suggestion: 'status' },
  { when: 'the taxonomy is another', text: `taxonomy: ecs\n${plain}`, code: 'taxonomy_foreign', at: [1, 11] },
  { when: 'the logsource is missing', text: plain.replace('logsource', 'custom'), code: 'logsource_missing', at: [1, 1] },
  { when: 'the logsource is a text', text: plain.replace('logsource:\n  product: windows', 'logsource: windows'), code: 'logsource_invalid', at: [3, 12] },
  { when: 'the logsource is a list inside', text: plain.replace('windows', '[a]'), code: 'logsource_invalid', at: [4, 12] },
  { when: 'a key of the logsource is misspelt', text: plain.replace('product', 'servce'), code: 'logsource_key', at: [4, 3], suggestion: 'service' },
  { when: 'the logsource is empty', text: plain.replace('product: windows', 'definition: x'), code: 'logsource_empty', at: [4, 3] },
  { when: 'nobody yields the logsource', text: plain, code: 'logsource_unknown', at: [4, 3], options: { logsources: [{ product: 'linux' }] } },
  { when: 'the detection is missing', text: plain.replace('detection', 'detecton'), code: 'detection_missing', at: [1, 1] },
  { when: 'the detection is a list', text: plain.replace(/detection:[^]*/, 'detection: [a]'), code: 'detection_invalid', at: [5, 12] },
]; // prettier-ignore

const searches: readonly Case[] = [
  inDetection('a search identifier is null', 's:\ncondition: s', 'search_empty', [6, 5]),
  inDetection('a search identifier is an empty map', 's: {}\ncondition: s', 'search_empty', [6, 6]),
  inDetection('a search identifier is an empty list', 's: []\ncondition: s', 'search_empty', [6, 6]),
  inDetection('a list stands inside a list', 's: [[a]]\ncondition: s', 'search_invalid', [6, 7]),
  inDetection(
    'a search identifier is not used',
    's: {f: a}\nt: {f: b}\ncondition: s',
    'search_unused',
    [7, 3],
  ),
  search('a keyword is empty', "- ''", 'value_invalid', [7, 8]),
  search('a keyword is null', '- null', 'modifier_combination', [7, 7]),
  search('a value is a map', 'f: {g: a}', 'value_invalid', [7, 9]),
  search('a value is a list in a list', 'f: [a, [b]]', 'value_invalid', [7, 12]),
  search('null stands in a list', 'f: [a, null]', 'null_in_list', [7, 12]),
  search('a list of values is empty', 'f: []', 'list_empty', [7, 5]),
  search('a modifier is misspelt', 'f|contians: a', 'modifier_unknown', [7, 7], 'contains'),
  search('a modifier is unknown', 'f|re|zzz: a', 'modifier_unknown', [7, 10]),
  search('a modifier has capitals', 'f|Contains: a', 'modifier_unknown', [7, 7], 'contains'),
  search('a modifier stands twice', 'f|contains|contains: a', 'modifier_combination', [7, 16]),
  search('contains has a number', 'f|contains: 445', 'value_invalid', [7, 17]),
  search('contains has null', 'f|contains: null', 'value_invalid', [7, 17]),
  search('contains has an empty list', 'f|contains: []', 'value_invalid', [7, 17]),
  search('re does not compile', 'f|re: a(b', 'regex_invalid', [7, 11]),
  search('re is repaired by brackets around it', 'f|re|startswith: a)|(b', 'regex_invalid', [7, 22]),
  search('re looks ahead', 'f|re: a(?=b)', 'regex_invalid', [7, 11]),
  search('re has a back-reference', String.raw`f|re: (a)\1`, 'regex_invalid', [7, 11]),
  search('re is too long', `f|re: ${'a'.repeat(8193)}`, 'value_too_large', [7, 11]),
  search('re is not first', 'f|contains|re: a', 'modifier_combination', [7, 20]),
  search('re is cased', 'f|re|cased: a', 'modifier_combination', [7, 17]),
  search('a flag has no re', 'f|i: a', 'modifier_combination', [7, 10]),
  search('cidr has host bits', 'f|cidr: 10.0.0.1/8', 'cidr_invalid', [7, 13]),
  search('cidr has too long a prefix', 'f|cidr: 10.0.0.0/33', 'cidr_invalid', [7, 13]),
  search('cidr is no address', 'f|cidr: example.org', 'cidr_invalid', [7, 13]),
  search('cidr is not first', 'f|contains|cidr: 10.0.0.0/8', 'modifier_combination', [7, 22]),
  search('cidr is followed', 'f|cidr|contains: 10.0.0.0/8', 'modifier_combination', [7, 22]),
  search('exists is a text', "f|exists: 'true'", 'value_invalid', [7, 16]),
  search('exists is on keywords', "'|exists': true", 'value_invalid', [7, 16]),
  search('a placeholder has no values', "f|expand: 'a%admins%'", 'placeholder_unresolved', [7, 16]),
  search('windash makes too many texts', `f|windash: '${'-a '.repeat(6)}'`, 'value_too_large', [7, 17]),
  search('base64 has a wildcard', 'f|base64: a*', 'value_wildcard', [7, 15]),
  search('base64offset follows contains', 'f|contains|base64offset: a', 'value_wildcard', [7, 30]),
  search('wide has a wildcard', 'f|wide|base64: a?', 'value_wildcard', [7, 20]),
  search('wide stands on utf16be', 'f|wide|utf16be: a', 'modifier_combination', [7, 21]),
  search('fieldref has a wildcard', 'f|fieldref: a*', 'value_wildcard', [7, 17]),
  search('fieldref has a number', 'f|fieldref: 5', 'value_invalid', [7, 17]),
  search('gt has a text', "f|gt: '5'", 'value_invalid', [7, 12]),
  search('gt follows gte', 'f|gte|gt: 5', 'value_invalid', [7, 15]),
  search('hour has a fraction', 'f|hour: 5.5', 'value_invalid', [7, 13]),
  search('hour follows gte', 'f|gte|hour: 5', 'value_invalid', [7, 17]),
  search('cased is on a number', 'f|cased: 5', 'modifier_combination', [7, 14]),
];

const conditions: readonly Case[] = [
  inDetection('the condition is missing', 's: {f: a}', 'condition_missing', [6, 3]),
  inDetection('the condition is null', 's: {f: a}\ncondition:', 'condition_invalid', [7, 13]),
  inDetection('the condition is a map', 's: {f: a}\ncondition: {a: b}', 'condition_invalid', [7, 15]),
  inDetection('a list of conditions is empty', 's: {f: a}\ncondition: []', 'condition_invalid', [7, 14]),
  condition('an identifier does not exist', 'a and bb1', 'identifier_unknown', 7, 'b1'),
  condition('an identifier does not exist, in quotes', '"a and bb1"', 'identifier_unknown', 8, 'b1'),
  condition('an operator has capitals', 'a AND b1', 'condition_syntax', 3, 'and'),
  condition('an operator comes first', 'and a', 'condition_syntax', 1),
  condition('an operator comes last', 'a and', 'condition_syntax', 6),
  condition('an operator is missing', 'a b1', 'condition_syntax', 3),
  condition('a bracket is not closed', '(a', 'condition_syntax', 3),
  condition('a bracket is not opened', 'a)', 'condition_syntax', 2),
  condition('brackets are empty', '()', 'condition_syntax', 2),
  condition('a quantifier is 2', '2 of b*', 'condition_syntax', 1),
  condition('a quantifier has no pattern', '1 of', 'condition_syntax', 5),
  condition('a quantifier has brackets', '1 of (b1)', 'condition_syntax', 6),
  condition('a pattern fits nothing', 'a and 1 of c*', 'pattern_unmatched', 12),
  condition(
    'a condition is nested too deeply',
    `${'('.repeat(66)}a${')'.repeat(66)}`,
    'condition_too_large',
    66,
  ),
  condition('not is nested too deeply', `${'not '.repeat(66)}a`, 'condition_too_large', 4 * 65 + 1),
  condition('a condition is too long', `a${' or a'.repeat(4000)}`, 'condition_too_large', 1),
];

const all = { documents, searches, conditions, correlationCases, filterCases, lintCases };

describe('loadRules', () => {
  for (const [title, cases] of Object.entries(all))
    describe(`names the place where, in ${title},`, () => {
      for (const { when, text, code, at, suggestion, options } of cases)
        it(when, () => {
          const { problems } = loadRules([{ file: 'x.yml', text }], options);
          const problem = problems.find((found) => found.code === code);
          expect(problem, JSON.stringify(problems)).to.not.equal(undefined);
          expect([problem?.line, problem?.column], problem?.message).to.eql(at);
          expect(problem?.suggestion).to.equal(suggestion);
          expect(problem?.file).to.equal('x.yml');
        });
    });

  it('has a case for every problem of the catalogue', () => {
    const tested = new Set(Object.values(all).flatMap((cases) => cases.map((one) => one.code)));
    // Those of pipelines have their cases in pipeline-parse.test.ts.
    const codes = Object.keys(problemCatalogue).filter((code) => !code.startsWith('pipeline_'));
    expect(codes.filter((code) => !tested.has(code as ProblemCode))).to.eql([]);
  });

  it('refuses a rule with an error and keeps one with a warning', () => {
    expect(parseRules(without('level'), { file: 'x' }).rules).to.have.length(1);
    for (const { text, code, options } of [...documents, ...searches, ...conditions]) {
      const { rules, problems } = parseRules(text, { file: 'x', ...options });
      const refused = problems.some((problem) => problem.severity === 'error');
      expect(rules.length, code).to.equal(refused ? 0 : 1);
    }
  });

  for (const [when, detection] of quietRules)
    it(`says nothing where ${when}`, () => {
      expect(loadRules([{ file: 'x', text: ruleText(detection) }]).problems).to.eql([]);
    });

  it('gives the same from documents that were cloned', () => {
    for (const { text, options } of Object.values(all).flat()) {
      if (text.length > 10_000) continue;
      const documents = parseDocuments(text, { file: 'x.yml', ...options });
      expect(linkDocuments(structuredClone(documents))).to.deep.equal(linkDocuments(documents));
    }
  });

  it('goes on with the other documents of a text', () => {
    const { rules, problems } = parseRules(
      `${plain}---\ntitle: x\n---\n---\n${plain.replace('Test', 'Other')}`,
      { file: 'x' },
    );
    expect(rules.map((rule) => [rule.title, rule.line])).to.eql([
      ['Test', 1],
      ['Other', 12],
    ]);
    expect(new Set(problems.map((problem) => problem.rule))).to.eql(new Set(['x']));
  });

  it('keeps what a rule says about itself', () => {
    const head = [
      'id: 5F0C3B6E-6F3B-4B43-9B0B-2B3C9D3F8A11', 'name: my_rule', 'status: test', 'description: d', 'author: [A, B]',
      'license: DRL-1.1', 'references: [r]', 'falsepositives: Unlikely', 'tags: [attack.t1059, attack.execution]',
      'date: 2026-01-02', 'modified: 2026/01/03', 'fields: [f]', 'canh: {scope: city, __proto__: {x: 1}}', 'taxonomy: sigma',
    ]; // prettier-ignore
    const [rule] = parseRules(`${head.join('\n')}\n${plain}`, { file: 'a/b.yml' }).rules;
    expect(rule).to.deep.include({
      id: '5f0c3b6e-6f3b-4b43-9b0b-2b3c9d3f8a11', name: 'my_rule', title: 'Test', level: 'low', status: 'test',
      description: 'd', author: 'A, B', license: 'DRL-1.1', references: ['r'], falsepositives: ['Unlikely'],
      tags: ['attack.t1059', 'attack.execution'], date: '2026-01-02', modified: '2026/01/03', fields: ['f'],
      logsource: { product: 'windows' }, file: 'a/b.yml', line: 1,
    }); // prettier-ignore
    const canh = rule?.custom['canh'];
    expect(JSON.stringify(canh)).to.equal('{"scope":"city","__proto__":{"x":1}}');
    expect(canh).to.not.have.property('x');
    expect(rule?.detection.raw).to.eql({ s: { f: 'a' }, condition: 's' });
    expect(rule?.detection.conditions).to.eql(['s']);
  });

  it('takes medium where a rule has no level', () => {
    expect(parseRules(without('level'), { file: 'x' }).rules[0]?.level).to.equal('medium');
  });

  it('takes a rule whose logsource a known one contains', () => {
    const logsources = [{ product: 'windows', category: 'process_creation' }];
    expect(parseRules(plain, { file: 'x', logsources }).rules).to.have.length(1);
  });

  it('resolves anchors', () => {
    const text = ruleText('s: {f: &v [a, b], g: *v}\ncondition: s');
    expect(parseRules(text, { file: 'x' }).rules[0]?.detection.raw['s']).to.eql({
      f: ['a', 'b'],
      g: ['a', 'b'],
    });
  });

  it('stops at aliases that multiply', () => {
    const lines = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 12; level++)
      lines.push(
        `${'abcdefghijkl'[level]}: &${'abcdefghijkl'[level]} [${Array(10)
          .fill(`*${'abcdefghijkl'[level - 1]}`)
          .join(', ')}]`,
      );
    expect(parseRules(lines.join('\n'), { file: 'x' }).problems.map((problem) => problem.code)).to.include(
      'source_too_large',
    );
  });
});
