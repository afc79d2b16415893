import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import {
  applyPipelines,
  keepPlaceholders,
  linkDocuments,
  parseDocuments,
  parsePipeline,
} from '../../sigma/index.ts';
import { pipelineCases } from '../sigma/pipeline-cases.ts';
import { conditionCases, conditionRule } from '../sigma/pipeline-condition-cases.ts';
import { valueCases } from '../sigma/pipeline-value-cases.ts';
import { formOf, type Form } from '../sigma/rule-form.ts';
import { ruleText } from '../sigma/rule-text.ts';
import { findCorpus } from './corpus.ts';
import { installOracle, type Oracle } from './pysigma.ts';

interface Question {
  readonly title: string;
  readonly pipeline: string;
  readonly rule: string;
  /** Why pySigma's answer is another one. */
  readonly differs?: string | undefined;
}

const answers = z.array(z.union([z.object({ form: z.json() }), z.object({ error: z.string() })]));

/** What pySigma makes of a field that a transformation was applied to differs from ours, or is known only for lists. */
const otherConditions: ReadonlyMap<string, string> = new Map([
  ['processing_item_applied of a field', 'pySigma tells it of names outside detection items only'],
]);

function questions(): readonly Question[] {
  const written = (steps: string, vars = '{}'): string =>
    `vars: ${vars}\ntransformations:\n${steps.replaceAll(/^/gm, '  ')}\n`;
  const cases = Object.values({ ...pipelineCases, ...valueCases }).flat();
  return [
    ...cases.map(({ does, steps, vars, rule, head, pysigma }) => ({
      title: does,
      pipeline: written(steps, vars),
      rule: ruleText(rule, head),
      differs: pysigma,
    })),
    ...conditionCases.map(({ when, keys, before }) => ({
      title: when,
      pipeline: written(
        `${before === undefined ? '' : `${before}\n`}- {type: field_name_prefix, prefix: x., ${keys}}`,
      ),
      rule: ruleText(conditionRule.detection, conditionRule.head),
      differs: otherConditions.get(when),
    })),
  ];
}

/** Rules of SigmaHQ of which pySigma makes something else. */
const otherRules: ReadonlyMap<string, string> = new Map([
  ['web_cve_2021_26858_iis_rce.yml', 'pySigma keeps keywords that are numbers as numbers'],
  ['lnx_auditd_system_shutdown_reboot.yml', 'pySigma keeps keywords that are numbers as numbers'],
]);

/** What we make of it; undefined where it is refused. */
function ours({ pipeline: text, rule }: Question): Form | undefined {
  const { pipeline } = parsePipeline(text, { file: 'p.yml' });
  if (pipeline === undefined) throw new Error(`the pipeline is refused:\n${text}`);
  const documents = parseDocuments(rule, { file: 'r.yml', placeholders: keepPlaceholders(rule) });
  const [changed] = applyPipelines([pipeline], linkDocuments(documents)).rules;
  return changed === undefined ? undefined : formOf(changed);
}

describe('pySigma on pipelines', function () {
  this.timeout(600_000);
  let oracle: Oracle | undefined;

  before(async function () {
    oracle = await installOracle();
    if (oracle !== undefined) return;
    process.stderr.write(
      'SKIPPED: pipelines of pySigma: python3 with venv and ensurepip is not installed.\n',
    );
    this.skip();
  });

  after(() => oracle?.remove());

  /** Puts every question to both; fails with the answers that differ and are not explained, or agree and are. */
  function agree(asked: readonly Question[]): void {
    const { stdout, stderr } = spawnSync(
      oracle?.python ?? '',
      [join(import.meta.dirname, 'pysigma_pipelines.py')],
      {
        input: JSON.stringify(asked),
        encoding: 'utf8',
        maxBuffer: 256 * 1024 * 1024,
        env: { ...process.env, PYTHONUTF8: '1' },
      },
    );
    expect(stderr).to.equal('');
    const given = answers.parse(JSON.parse(stdout));
    expect(given).to.have.length(asked.length);
    const unexplained = asked.flatMap((question, index) => {
      const answer = given[index];
      const theirs = answer !== undefined && 'form' in answer ? answer.form : undefined;
      const same = JSON.stringify(ours(question)) === JSON.stringify(theirs);
      if (same === (question.differs === undefined)) return [];
      return [`${question.title}: ours ${JSON.stringify(ours(question))}, theirs ${JSON.stringify(answer)}`];
    });
    const explained = asked.filter(({ differs }) => differs !== undefined).length;
    process.stdout.write(`      ${asked.length} rules, ${explained} explained differences\n`);
    expect(unexplained.slice(0, 20).join('\n')).to.equal('');
  }

  it('makes the same of every case, but for those that are explained', () => {
    agree(questions());
  });

  it('makes the same of every rule of SigmaHQ', function () {
    const corpus = findCorpus('pipelines over SigmaHQ');
    if (corpus === undefined) return this.skip();
    const pipeline = readFileSync(join(import.meta.dirname, 'pipeline.yml'), 'utf8');
    agree(
      corpus.rules.flatMap((directory) =>
        globSync('**/*.yml', { cwd: directory }).map((name) => ({
          title: name,
          pipeline,
          rule: readFileSync(join(directory, name), 'utf8'),
          differs: otherRules.get(basename(name)),
        })),
      ),
    );
  });
});
