import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { createNormaliser, sigmaView } from '../integrations/index.ts';
import { CanhError, messageOf } from '../platform/errors/index.ts';
import { createEngine, type Rule } from '../sigma/index.ts';
import { loadRules } from './rules.ts';

/** The file beside a rule: `name.test.yml` for `name.yml`. */
const testFileSchema = z.strictObject({
  product: z.string().optional().describe('Sigma product of the lines, as an input would be configured.'),
  format: z.string().optional().describe('Shape of the lines: syslog, journal, json, xml.'),
  tests: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        lines: z.array(z.string()).min(1).describe('Records, in order, as a collector would read them.'),
        match: z.boolean().describe('Whether the rule must fire.'),
      }),
    )
    .min(1),
});

export interface RuleTestResult {
  readonly file: string;
  readonly test: string;
  readonly passed: boolean;
  /** Why it failed; empty when it passed. */
  readonly reason: string;
}

/** Acceptance time of every line in a rule test; the year of times without one comes from here. */
const ACCEPTED = Date.UTC(2026, 10, 23, 12);

/** The test files under a directory, in a stable order. Throws `file_unreadable`. */
export function ruleTestFiles(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.test\.ya?ml$/.test(name))
      .sort()
      .map((name) => join(directory, name));
  } catch (cause) {
    throw new CanhError('file_unreadable', messageOf(cause), { cause, place: { file: directory } });
  }
}

/** Runs the tests of one file: its lines through the real integrations, the rule beside it through the engine. */
export function runRuleTests(file: string): readonly RuleTestResult[] {
  const failed = (test: string, reason: string): RuleTestResult => ({ file, test, passed: false, reason });
  let definition: z.infer<typeof testFileSchema>;
  try {
    definition = testFileSchema.parse(parse(readFileSync(file, 'utf8')));
  } catch (error) {
    return [failed('the test file can be read', messageOf(error))];
  }
  const { rules, problems } = loadRules([file.replace(/\.test(\.ya?ml)$/, '$1')]);
  const [rule] = rules;
  const [problem] = problems;
  if (rule === undefined) return [failed('the rule can run', problem?.message ?? 'The file holds no rule.')];
  return definition.tests.map(({ name, lines, match }) => {
    const fired = fires(rule, lines, { product: definition.product, format: definition.format });
    if (fired === match) return { file, test: name, passed: true, reason: '' };
    return failed(name, match ? 'The rule does not fire.' : 'The rule fires.');
  });
}

interface LineHints {
  readonly product: string | undefined;
  readonly format: string | undefined;
}

function fires(rule: Rule, lines: readonly string[], { product, format }: LineHints): boolean {
  const engine = createEngine([rule]);
  const normaliser = createNormaliser({
    onFailure: (_record, cause) => {
      throw new CanhError('record_poison', undefined, { cause });
    },
  });
  const hints = {
    ...(product === undefined ? {} : { product }),
    ...(format === undefined ? {} : { format }),
  };
  const base = {
    collector: 'test',
    agency: 'test',
    epoch: 'test',
    received: ACCEPTED,
    accepted: ACCEPTED,
    input: 'test',
    hints,
  };
  const events = lines.flatMap((line, i) => normaliser.push({ ...base, seq: i + 1, line }));
  events.push(...normaliser.end());
  return events.some((event) => engine.match(sigmaView(event)).length > 0);
}
