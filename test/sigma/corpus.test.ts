import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { compileTest } from '../../sigma/match/compare.ts';
import { loadRules, matches, plainEvent, semanticHash, type Rule, type Search } from '../../sigma/index.ts';
import { parseRules, testData } from './rule-text.ts';

/** What SigmaHQ at the revision of the shared data reads as: rules by folder, refused documents by code. */
const golden = {
  rules: {
    rules: 3141,
    problems: { condition_open: 4, network_text: 2, wildcard_redundant: 7 },
  },
  'rules-emerging-threats': {
    rules: 471,
    problems: { escape_doubtful: 1, network_text: 5, placeholder_unresolved: 2 },
  },
  'rules-threat-hunting': { rules: 140, problems: { escape_doubtful: 2 } },
  'rules-compliance': { rules: 3, problems: {} },
  'rules-placeholder': { rules: 0, problems: { placeholder_unresolved: 33 } },
} as const;

describe('SigmaHQ', function () {
  this.timeout(120_000);
  const all: Rule[] = [];
  let folder: string | undefined;

  before(function () {
    const data = testData('SigmaHQ rules');
    if (data === undefined) this.skip();
    folder = join(data, 'sigmahq');
  });

  for (const [name, expected] of Object.entries(golden))
    it(`${name}: every rule runs or is refused with a reason`, () => {
      const problems: Record<string, number> = {};
      const rules: Rule[] = [];
      for (const path of readdirSync(join(folder ?? '', name), { recursive: true, encoding: 'utf8' })) {
        if (!path.endsWith('.yml')) continue;
        const result = parseRules(readFileSync(join(folder ?? '', name, path), 'utf8'), {
          file: join(name, path),
        });
        rules.push(...result.rules);
        for (const { code } of result.problems) problems[code] = (problems[code] ?? 0) + 1;
        expect(result.rules.length + result.problems.length, path).to.be.greaterThan(0);
      }
      expect({ rules: rules.length, problems }).to.eql(expected);
      all.push(...rules);
    });

  it('unsupported: aggregations become correlations, or are refused with a reason', () => {
    const sources = readdirSync(join(folder ?? '', 'unsupported'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.yml'))
      .map((path) => ({ file: path, text: readFileSync(join(folder ?? '', 'unsupported', path), 'utf8') }));
    const { correlations, problems } = loadRules(sources);
    const counts: Record<string, number> = {};
    for (const { code } of problems) counts[code] = (counts[code] ?? 0) + 1;
    // Of 54 aggregations 11 have no timeframe, and one of the others asks for what it excludes.
    expect({ correlations: correlations.length, problems: counts }).to.eql({
      correlations: 42,
      problems: {
        aggregation_converted: 42,
        condition_impossible: 1,
        condition_single: 2,
        id_duplicate: 1,
        identifier_unknown: 4,
        network_text: 3,
        tag_attack: 76,
        timeframe_alone: 4,
        timeframe_missing: 11,
        wildcard_redundant: 2,
        wildcard_relation: 5,
      },
    });
  });

  it('every rule compiles and runs', () => {
    const event = plainEvent({
      logsource: [],
      fields: { Image: 'C:\\a.exe', EventID: 1 },
      message: 'nothing',
    });
    for (const rule of all) expect(matches(rule, event), rule.file).to.be.a('boolean');
  });

  it('every rule has a hash of its own', () => {
    expect(new Set(all.map(semanticHash)).size).to.equal(all.length);
  });

  it('no regular expression of a rule hangs on an adversarial text', () => {
    const text = `${'set && set environment $input & @ a.b1-c '.repeat(700)}"`;
    let tested = 0;
    for (const test of all.flatMap((rule) => [...rule.detection.searches.values()].flatMap(testsOf)))
      if (test.kind === 'regex') {
        compileTest(test)(text);
        tested++;
      }
    expect(tested).to.equal(217);
  });
});

function testsOf(search: Search): readonly Parameters<typeof compileTest>[0][] {
  if (search.kind !== 'item') return search.children.flatMap(testsOf);
  return search.values
    .map((value) => value.test)
    .filter((test) => test.kind !== 'exists' && test.kind !== 'field');
}
