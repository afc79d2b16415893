import { existsSync, globSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect } from 'chai';
import { parse as parseYaml } from 'yaml';
import { sigmaView } from '../../integrations/index.ts';
import { createEngine, loadRules, type Rule } from '../../sigma/index.ts';
import { eventsOf } from './records.ts';
import { testData } from './test-data.ts';

interface Info {
  readonly rule_metadata: readonly { readonly id: string; readonly title: string }[];
  readonly regression_tests_info?: readonly {
    readonly name: string;
    readonly path: string;
    readonly match_count?: number;
  }[];
}

/** The rule of a case says so in `regression_tests_path`; its file mostly has the name of the case's folder. */
function readRule(root: string, info: string): Rule {
  const folder = dirname(dirname(info)).replace(/^regression_data\//, '');
  const likely = `${basename(dirname(info))}.yml`;
  const others = readdirSync(join(root, folder)).filter((name) => name !== likely && name.endsWith('.yml'));
  for (const name of [likely, ...others]) {
    const file = `${folder}/${name}`;
    if (!existsSync(join(root, file))) continue;
    const text = readFileSync(join(root, file), 'utf8');
    if (!text.includes(info)) continue;
    const { rules, problems } = loadRules([{ file, text }]);
    const [rule] = rules;
    if (rule === undefined) throw new Error(`${file}: ${problems.map(({ message }) => message).join('; ')}`);
    return rule;
  }
  throw new Error(`no rule names ${info}`);
}

/** A file holds one pretty-printed document or several, one after another. */
function readDocuments(path: string): readonly string[] {
  return readFileSync(path, 'utf8')
    .trim()
    .split(/\n(?=\{)/);
}

describe('SigmaHQ regression cases through the windows integration', function () {
  const data = testData();
  if (data === undefined) {
    it('fire the rule they name', function () {
      this.skip();
    });
    return;
  }
  const root = join(data, 'sigmahq');
  const infos = globSync('regression_data/**/info.yml', { cwd: root }).toSorted();

  for (const file of infos) {
    const info = parseYaml(readFileSync(join(root, file), 'utf8')) as Info;
    for (const test of info.regression_tests_info ?? []) {
      const twin = join(root, test.path.replace(/\.[a-z]+$/, '.json'));
      if (!existsSync(twin)) continue;
      it(`fire ${basename(dirname(file))}`, () => {
        const rule = readRule(root, file);
        expect(info.rule_metadata.map(({ id }) => id)).to.include(rule.id);
        const engine = createEngine([rule]);
        const events = eventsOf(readDocuments(twin), { product: 'windows' });
        const matched = events.filter((event) => engine.match(sigmaView(event)).length > 0);
        expect(matched.length).to.be.at.least(test.match_count ?? 1);
      });
    }
  }

  it('are one for each JSON document', () => {
    expect(infos.length).to.be.above(0);
    expect(globSync('regression_data/**/*.json', { cwd: root }).length).to.equal(infos.length);
  });
});
